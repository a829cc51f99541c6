import Crease
import Foundation

/// The table of a width study, for people, for scripts and as CSV.
struct WidthStudyReport {
  let study: WidthStudy
  let records: [WidthRecord]
  let summaries: [WidthSummary]
  /// What was learned, in a few words.
  let task: String

  init(_ study: WidthStudy, _ records: [WidthRecord], task: String) {
    self.study = study
    self.records = records
    self.task = task
    summaries = WidthSummary.summaries(records, of: study)
  }

  /// The task and the settings, a line each.
  var origin: [String] {
    let origin = study.origin
    return [
      "\(task): \(origin.samples) samples, \(origin.inputs) inputs, \(origin.outputs) output"
        + (origin.outputs == 1 ? "" : "s"), origin.text,
    ]
  }

  // MARK: For people

  static let columns = [
    "series", "width", "parameters", "ln 1/∏ d!", "reached", "lower quartile", "median steps",
    "upper quartile", "rate", "law drift",
  ]

  /// The cells of the table.
  var rows: [[String]] {
    summaries.map { summary in
      func steps(_ value: Double?) -> String { value.map { String(format: "%.0f", $0) } ?? "–" }
      return [
        summary.series.label, "\(summary.width)", "\(summary.parameters)",
        String(format: "%.1f", summary.logVolumeRatio), "\(summary.reached) of \(summary.runs)",
        steps(summary.lowerQuartile), steps(summary.median), steps(summary.upperQuartile),
        summary.learningRate.short + (summary.isRateAtEdge ? " *" : ""),
        summary.lawDrift.map { String(format: "%.2g", $0) } ?? "–",
      ]
    }
  }

  func text(files: [String]) -> String {
    let lines = Terminal.table(heads: [WidthStudyReport.columns], rows: rows)
    return (origin + lines + notes + ["wrote \(files.joined(separator: ", "))"]).joined(separator: "\n")
  }

  /// How the table is to be read.
  var notes: [String] {
    var notes = [
      "Steps are to the loss, over all runs; – where the quartile did not reach it. Volume and steps both follow the "
        + "width: that is no cause. A run from sorted neurons takes the same steps as one from unsorted ones."
    ]
    if study.series.contains(.tied) {
      notes.append(
        "Tied: copies of the narrowest network's neurons, as wide as the others; plain descent trains them as that network."
      )
    }
    if study.series.contains(.rate) {
      notes.append(
        "Rate: the learning rate falls as 1/width, so that no outputs move faster than those of the narrowest network."
      )
    }
    if study.series.contains(.tuned) {
      let factors = WidthStudy.rateExponents.map { $0 < 0 ? "1/\(1 << -$0)" : "\(1 << $0)" }
      notes.append(
        "Best rate: of \(factors.joined(separator: ", ")) times the rate, the one of the least median at each width."
      )
      if summaries.contains(where: \.isRateAtEdge) {
        notes.append(
          "* The least or the greatest rate that was tried; a better one may lie beyond: choose another --rate to see."
        )
      }
    }
    return notes
  }

  // MARK: For scripts

  /// One line for each series and width, numbers in full; empty where a quartile did not reach the loss.
  var csv: String {
    let head =
      "series,width,parameters,logVolumeRatio,runs,reached,lowerQuartile,median,upperQuartile,learningRate,rateAtEdge,lawDrift"
    let lines = summaries.map { summary in
      func cell(_ value: Double?) -> String { value.map(\.description) ?? "" }
      return [
        summary.series.rawValue, "\(summary.width)", "\(summary.parameters)", "\(summary.logVolumeRatio)",
        "\(summary.runs)", "\(summary.reached)", cell(summary.lowerQuartile), cell(summary.median),
        cell(summary.upperQuartile), "\(summary.learningRate)", "\(summary.isRateAtEdge)",
        cell(summary.lawDrift),
      ].joined(separator: ",")
    }
    return ([head] + lines).joined(separator: "\n") + "\n"
  }

  /// One line for each run.
  var runsCSV: String {
    let lines = records.map { record in
      let item = record.item
      return [
        item.series.rawValue, "\(item.width)", "\(item.index)", "\(study.learningRate(item))",
        record.steps.map(String.init) ?? "",
        "\(record.initialLoss)", record.loss.map(\.description) ?? "",
        record.lawDrift.map(\.description) ?? "",
      ].joined(separator: ",")
    }
    return (["series,width,run,learningRate,steps,initialLoss,loss,lawDrift"] + lines).joined(separator: "\n")
      + "\n"
  }

  struct Document: Encodable {
    let crease = Release.version
    let schema = JSONOutput.schema
    let command = "study width"
    let engines = Release.engines
    let task: String
    let origin: WidthStudyOrigin
    let widths: [WidthSummary]
    let files: [String]
  }

  func document(files: [String]) -> Document {
    Document(task: task, origin: study.origin, widths: summaries, files: files)
  }
}

extension WidthStudy.Series {
  /// The series as tables and figures call it.
  var label: String {
    switch self {
    case .width: "width"
    case .tied: "tied neurons"
    case .rate: "rate / width"
    case .tuned: "best rate"
    }
  }
}
