import ArgumentParser
import Crease

struct RegionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "regions", abstract: "Count.")
  @Argument(help: "The model file.")
  var model: String
  @OptionGroup var reading: ReadingFlags
  @OptionGroup var domainOptions: DomainOptions
  @Option var threads = Concurrency.coreCount
  func run() throws {
    let network = try reading.network(model)
    let domain = SubdivisionDomain(try domainOptions.resolve(network), inputs: network.inputCount)
    let clock = ContinuousClock()
    var result = (0, 0, 0)
    let time = try clock.measure { result = try network.regionCountDraft(domain, threads: threads) }
    Terminal.print("\(model) \(result) \(time)")
  }
}
