import ArgumentParser
import Crease

/// Which class of networks bounds are about, and how fine a cover is asked for.
struct ClassOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Widths from input to output, such as 784-512-512-10.", valueName: "widths"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "The largest absolute value of a parameter; by default the model's largest, else 1.", valueName: "B"))
  var radius: String?

  @Option(
    help: ArgumentHelp(
      "The largest absolute value of an input; by default that of the model's box, else 1.", valueName: "R"))
  var inputRadius: String?

  @Option(help: ArgumentHelp("The radii of the balls of a cover.", valueName: "eps,..."))
  var epsilon = "0.1,0.01,0.001"

  @Option(
    help: ArgumentHelp(
      "The Lipschitz constant of the activation, by default 1 as of the ReLU.", valueName: "rho"))
  var activationLipschitz: String?

  @Option(
    help: ArgumentHelp("Estimate the volume of parameters in order by this many random ones.", valueName: "n")
  )
  var samples: Int?

  @Option(
    help: ArgumentHelp("The number of inputs at which bounds by the pseudo-dimension cover.", valueName: "n"))
  var points = 10_000

  func validate() throws {
    _ = try epsilons
    _ = try lipschitz
    _ = try number(radius, "--radius", positive: true)
    _ = try number(inputRadius, "--input-radius", positive: false)
    if architecture != nil { _ = try widths }
    if let samples, samples < 2 { throw ValidationError("--samples takes a number of at least 2") }
    if points < 1 { throw ValidationError("--points takes a positive number") }
  }

  /// The radii of balls, largest first, each once.
  var epsilons: [Rational] {
    get throws {
      let numbers = try epsilon.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let value = Rational(decimal: word.filter { $0 != " " }), value.sign > 0, value.isInRange else {
          throw ValidationError("--epsilon takes positive decimals such as 0.1,0.01; got '\(word)'")
        }
        return value
      }
      return Set(numbers).sorted(by: >)
    }
  }

  /// The Lipschitz constant of the activation.
  private var lipschitz: Rational {
    get throws {
      try number(activationLipschitz, "--activation-lipschitz", positive: true) ?? .one
    }
  }

  private var widths: [Int] {
    get throws {
      let text = architecture ?? ""
      let widths = try text.split(separator: "-", omittingEmptySubsequences: false).map { part in
        guard let width = Int(part), (1...1_000_000).contains(width) else {
          throw ValidationError("--architecture takes widths such as 784-512-512-10, got '\(text)'")
        }
        return width
      }
      guard (2...10_000).contains(widths.count) else {
        throw ValidationError("--architecture takes widths such as 784-512-512-10, got '\(text)'")
      }
      return widths
    }
  }

  /// The class that --architecture asks for.
  func networks() throws -> NetworkClass {
    NetworkClass(
      widths: try widths, radius: try number(radius, "--radius", positive: true) ?? .one,
      inputRadius: try number(inputRadius, "--input-radius", positive: false) ?? .one,
      activationLipschitz: try lipschitz)
  }

  /// The class of a network: its architecture, at least its largest parameter, and the inputs asked for.
  func networks(of network: Network, on domain: InputDomain?, file: String) throws -> NetworkClass {
    let radius = try number(radius, "--radius", positive: true)
    let largest = network.largestParameter
    if let radius, radius < largest {
      throw ValidationError(
        "\(file) has a parameter of absolute value \(largest.nearestDouble.shortAbove), beyond --radius \(radius.nearestDouble.short)"
      )
    }
    let box = domain.map { $0.enclosure.map(\.magnitude).max() ?? 0 }
    let inputRadius =
      try number(inputRadius, "--input-radius", positive: false) ?? box.map { Rational(Dyadic($0)) } ?? .one
    return NetworkClass(of: network, radius: radius, inputRadius: inputRadius)
  }

  private func number(_ text: String?, _ option: String, positive: Bool) throws -> Rational? {
    guard let text else { return nil }
    guard let value = Rational(decimal: text), value.sign > 0 && value.isInRange || !positive && value.isZero
    else {
      let kind = positive ? "a positive decimal" : "a decimal of at least 0"
      throw ValidationError("\(option) takes \(kind) such as 0.5, got '\(text)'")
    }
    return value
  }
}

extension Rational {
  /// Whether a double shows the number: neither too large nor too small.
  fileprivate var isInRange: Bool { nearestDouble.isFinite && nearestDouble != 0 }
}
