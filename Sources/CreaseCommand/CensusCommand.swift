import ArgumentParser
import Crease

struct CensusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "census",
    abstract: "Measure the functional dimension of many random networks.",
    discussion: """
      For each network: a certified lower and a proved upper bound of its functional dimension, and the ranks that \
      random samples of 10 inputs per parameter show. Records are appended to a file in the folder, line by line; the \
      same command goes on where it was stopped. Shards may run on several machines; when all their files are in one \
      folder, the last to finish, or --merge, writes the table and the figures.

      $ crease census --widths 5,10,15 --depths 4,5,6 --networks 100 -o grid
      $ crease census --architectures 5-5-5-5-1 --networks 1000 --shard 2/4 -o big
      $ crease census --architectures 5-5-5-5-1 --networks 1000 --merge -o big
      """)

  @OptionGroup(title: "Networks") var choice: CensusChoice

  @Option(help: ArgumentHelp("Measure only share i of n; 1/n to n/n make the whole.", valueName: "i/n"))
  var shard = "1/1"

  @Flag(help: "Measure nothing; bring together the files of the shards.")
  var merge = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder of records, table and figures.", valueName: "folder"))
  var output: String

  @Option(help: "The number of threads; the records do not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    _ = try parsedShard()
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let census = try choice.census()
    let folder = CensusFolder(path: output, census: census)
    if !merge { try measure(census, folder) }
    let records = try folder.records()
    let missing = census.items.count - records.count
    let report = CensusReport(census, records)
    if records.isEmpty {
      throw CommandFailure(message: "\(output): no records of this census", code: ExitCode(66))
    }
    if missing > 0, merge {
      throw CommandFailure(
        message: "\(output): \(missing) of \(census.items.count) networks are missing; run their shards",
        code: ExitCode(66))
    }
    let files = missing == 0 ? try folder.write(records, report) : []
    if json {
      try JSONOutput.print(report.document(missing: missing, files: files))
    } else {
      Terminal.print(report.text(missing: missing, files: files))
    }
  }

  private func measure(_ census: Census, _ folder: CensusFolder) throws {
    try OutputFile.createFolder(folder.path)
    let (number, count) = try parsedShard()
    let store = try RecordStore<CensusRecord>(
      path: folder.file(shard: number, of: count), origin: census.origin)
    let finished = Set(store.finished.map { Census.Item(architecture: $0.architecture, index: $0.index) })
    let items = census.items(shard: number - 1, of: count)
    let open = items.filter { !finished.contains($0) }
    let line = ProgressLine()
    defer { line.clear() }
    let pace = StudyPace(
      open, finished: items.count - open.count, noun: "networks", line: line
    ) { CensusCommand.work($0.architecture) }
    try line.progress.step("measuring networks")
    try census.run(open, threads: threads, progress: line.progress) { record in
      try store.append(record)
      pace.advance(CensusCommand.work(record.architecture))
    }
  }

  /// About how long a network takes, in some unit: elimination of as many columns as parameters.
  private static func work(_ widths: [Int]) -> Double {
    let parameters = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    return Double(parameters * parameters)
  }

  private func parsedShard() throws -> (number: Int, count: Int) {
    let numbers = shard.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1], (1...max(1, count)) ~= number
    else { throw ValidationError("--shard takes i/n with i from 1 to n, such as 2/4; got \(shard)") }
    return (number, count)
  }
}
