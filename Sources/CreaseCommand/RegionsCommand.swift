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
    var result: RegionCount?
    let subdivision = Subdivision(network, on: domain)
    let time = try clock.measure { result = try subdivision.count(threads: threads) }
    Terminal.print("\(model) \(result!.activationRegions) \(result!.faceCounts) \(time)")
    let time2 = try clock.measure { result = try subdivision.count(allFaces: true, threads: threads) }
    Terminal.print("\(model) \(result!.fVector!) \(result!.eulerCharacteristic!) \(time2)")
    var c: PolyhedralComplex?
    let time3 = try clock.measure { c = try subdivision.complex(threads: threads) }
    Terminal.print("\(model) complex \(c!.vertexCount) \(c!.wallCount) \(c!.regionCount) \(time3)")
  }
}
