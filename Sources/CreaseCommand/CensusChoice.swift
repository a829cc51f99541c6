import ArgumentParser
import Crease

/// Which random networks a census is about.
struct CensusChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp("Widths from input to output, several separated by commas.", valueName: "5-5-5-1,…"))
  var architectures: String?

  @Option(
    help: ArgumentHelp("A grid: inputs and all hidden layers of these widths, one output.", valueName: "n,…"))
  var widths: String?

  @Option(help: ArgumentHelp("The grid's numbers of layers of weights.", valueName: "d,…"))
  var depths: String?

  @Option(help: "Weights normal (he) or uniform, of variance 2/fan-in.")
  var `init` = Initialisation.Law.he

  @Option(help: ArgumentHelp("The standard deviation of biases.", valueName: "s"))
  var biasDeviation = 0.1

  @Option(help: "How many networks of each architecture.")
  var networks = 100

  @Option(help: "The seed of all networks and samples.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("The most activation regions that are sampled for a network.", valueName: "regions"))
  var budget = DimensionOptions().regionBudget

  func validate() throws {
    if networks < 1 { throw ValidationError("--networks takes a positive number") }
    if budget < 1 { throw ValidationError("--budget takes a positive number") }
    guard biasDeviation.isFinite, biasDeviation >= 0 else {
      throw ValidationError("--bias-deviation takes a number of at least 0")
    }
    _ = try shapes()
  }

  func census() throws -> Census {
    Census(
      architectures: try shapes(), initialisation: Initialisation(`init`, biasDeviation: biasDeviation),
      networks: networks, seed: seed, regionBudget: budget)
  }

  private func shapes() throws -> [[Int]] {
    var shapes: [[Int]] = []
    for text in architectures?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      let widths = try numbers(String(text), separator: "-", of: "--architectures")
      guard widths.count >= 2 else {
        throw ValidationError("--architectures takes widths such as 5-5-5-1, got \(text)")
      }
      shapes.append(widths)
    }
    switch (widths, depths) {
    case (let widths?, let depths?):
      let depths = try numbers(depths, separator: ",", of: "--depths")
      for width in try numbers(widths, separator: ",", of: "--widths") {
        shapes += depths.map { Array(repeating: width, count: $0) + [1] }
      }
    case (nil, nil): break
    default: throw ValidationError("--widths and --depths make a grid together; give both")
    }
    if shapes.isEmpty { throw ValidationError("give --architectures, or --widths and --depths") }
    return shapes
  }

  private func numbers(_ text: String, separator: Character, of option: String) throws -> [Int] {
    try text.split(separator: separator, omittingEmptySubsequences: false).map { part in
      guard let number = Int(part), (1...10_000).contains(number) else {
        throw ValidationError("\(option) takes positive whole numbers, got \(text)")
      }
      return number
    }
  }
}

extension Initialisation.Law: ExpressibleByArgument {}
