import ArgumentParser
import Crease

struct WidthStudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "width",
    abstract: "Measure how many steps networks of several widths take to reach a loss.",
    discussion: """
      For each width: the steps to the loss over several runs, beside the number of parameters and the log volume \
      ratio ln 1/(d_1! … d_L!), by which sorting the hidden neurons shrinks a box of parameters. That both change with \
      the width is no cause; the controls show what else does. Records are appended to a file in the folder, and the \
      same command goes on where it was stopped.

      $ crease study width -o study
      $ crease study width --data digits.npz --widths 4,8,16,32,64,128 --rate 0.2 --target 0.3 -o digits
      """)

  @OptionGroup(title: "Study") var choice: WidthStudyChoice

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The folder of records, table and figure.", valueName: "folder"))
  var output: String

  @Option(help: "The number of threads; the records do not depend on it.")
  var threads = Concurrency.coreCount

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads takes a positive number") }
  }

  func run() throws {
    let study = try choice.study()
    try OutputFile.createFolder(output)
    let records = try measure(study)
    let report = WidthStudyReport(study, records, task: choice.taskName)
    let files = try write(report)
    if json {
      try JSONOutput.print(report.document(files: files))
    } else {
      Terminal.print(report.text(files: files))
    }
  }

  /// The records of all runs, in their order: those of the file, and the rest after it was measured.
  private func measure(_ study: WidthStudy) throws -> [WidthRecord] {
    let path = "\(output)/runs.jsonl"
    let store = try RecordStore<WidthRecord>(path: path, origin: study.origin)
    let finished = Set(store.finished.map(\.item))
    let items = study.items
    let open = items.filter { !finished.contains($0) }
    let line = ProgressLine()
    defer { line.clear() }
    let pace = StudyPace(
      open, finished: items.count - open.count, noun: "runs", line: line, work: WidthStudyCommand.work)
    try line.progress.step("training networks")
    try study.run(open, threads: threads, progress: line.progress) { record in
      try store.append(record)
      pace.advance(WidthStudyCommand.work(record.item))
    }
    let all = try RecordStore<WidthRecord>.read(path).records
    let byItem = Dictionary(all.map { ($0.item, $0) }) { first, _ in first }
    return items.compactMap { byItem[$0] }
  }

  /// About how long a run takes, in some unit: steps grow with the width, their number falls.
  private static func work(_ item: WidthStudy.Item) -> Double { 20 + Double(item.width) }

  /// Writes `table.csv`, `runs.csv`, `width.svg` and `width.html`; returns the files.
  private func write(_ report: WidthStudyReport) throws -> [String] {
    let drawing = WidthStudyDrawing(report)
    let contents = [
      ("table.csv", report.csv), ("runs.csv", report.runsCSV), ("width.svg", drawing.figure.svg()),
      ("width.html", drawing.page),
    ]
    return try contents.map { name, text in
      try OutputFile.write(Array(text.utf8), to: "\(output)/\(name)")
      return "\(output)/\(name)"
    }
  }
}

extension WidthRecord: StudyRecord {
  static let study = "a width study"

  /// `1 hidden layer, plain sgd at rate 0.05 on batches of 32, to a loss of 0.1, seed 1, task 3f2a`.
  static func text(_ origin: WidthStudyOrigin) -> String {
    origin.text + ", narrowest width \(origin.narrowest), task \(origin.checksum)"
  }
}

extension WidthStudyOrigin {
  /// The settings in one line.
  var text: String {
    let options = settings.options
    let rule =
      switch options.optimiser {
      case .descent(momentum: 0): "sgd"
      case .descent(let momentum): "sgd with momentum \(momentum)"
      case .adam: "Adam"
      }
    let decay = options.weightDecay > 0 ? ", weight decay \(options.weightDecay)" : ""
    let balancing = settings.balancing.map { ", ENorm with c = \($0.depthPenalty.short)" } ?? ""
    return "\(settings.depth) hidden layer\(settings.depth == 1 ? "" : "s"), \(rule) at rate "
      + "\(options.learningRate) on batches of \(options.batchSize)\(decay)\(balancing), to a loss of "
      + "\(settings.targetLoss) in at most \(settings.maximumSteps) steps, seed \(settings.seed)"
  }
}
