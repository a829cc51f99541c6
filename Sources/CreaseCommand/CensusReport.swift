import Crease
import Foundation

/// The table of a census, for people, for scripts and as CSV.
struct CensusReport {
  let census: Census
  let summaries: [CensusSummary]

  init(_ census: Census, _ records: [CensusRecord]) {
    self.census = census
    summaries = CensusSummary.summaries(records, architectures: census.architectures)
  }

  /// `he weights, biases of deviation 0.1, seed 1`.
  var origin: String {
    let origin = census.origin
    let law = origin.initialisation == .he ? "He's normal weights" : "uniform weights"
    return "\(law), biases of deviation \(origin.biasDeviation), seed \(origin.seed)"
  }

  // MARK: For people

  static let columns = [
    "architecture", "D", "full is", "networks", "exact", "full", "95 %", "mean deficit", "95 %", "median",
    "max", "Gaussian: full", "deficit", "multi-scale: full", "deficit",
  ]

  /// The cells of the table.
  var rows: [[String]] {
    summaries.map { summary in
      func fixed(_ value: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
      let (full, deficit) = (summary.fullShare, summary.deficit)
      return [
        summary.architecture.hyphenated, "\(summary.parameters)", "\(summary.fullDimension)",
        "\(summary.networks)", "\(summary.certified)",
        fixed(full.value, 2), "\(fixed(full.lower, 2))–\(fixed(full.upper, 2))",
        fixed(deficit.mean, 2), "\(fixed(deficit.meanLower))–\(fixed(deficit.meanUpper))",
        fixed(deficit.median), "\(deficit.maximum)",
        fixed(summary.gaussian.fullShare.value, 2), fixed(summary.gaussian.deficit.mean, 2),
        fixed(summary.multiScale.fullShare.value, 2), fixed(summary.multiScale.deficit.mean, 2),
      ]
    }
  }

  func text(missing: Int, files: [String]) -> String {
    let heads = [
      ["", "", "full", "", "", "", "", "mean", "", "", "", "Gaussian", "", "multi-sc.", ""],
      ["architecture", "D", "is", "networks", "exact", "full", "95 %", "deficit", "95 %", "median", "max"]
        + ["full", "deficit", "full", "deficit"],
    ]
    let lines = Terminal.table(heads: heads, rows: rows)
    let rest =
      missing > 0
      ? ["\(missing) of \(census.items.count) networks are still missing: other shards"]
      : ["wrote \(files.joined(separator: ", "))"]
    return ([origin] + lines + rest).joined(separator: "\n")
  }

  // MARK: For scripts

  /// One line for each architecture, numbers in full.
  var csv: String {
    let head = """
      architecture,parameters,hiddenNeurons,fullDimension,networks,certified,full,notFull,fullShare,\
      fullShareLower,fullShareUpper,meanDeficit,meanDeficitLower,meanDeficitUpper,medianDeficit,maxDeficit,\
      meanProvedDeficit
      """
    let sample = ["FullShare", "MeanDeficit", "MedianDeficit", "MaxDeficit", "MeanMissed", "MissingShare"]
    let heads = [head] + ["gaussian", "multiScale"].flatMap { name in sample.map { name + $0 } }
    let lines = summaries.map { summary in
      var cells = [summary.architecture.hyphenated]
      cells += [
        summary.parameters, summary.hiddenNeurons, summary.fullDimension, summary.networks, summary.certified,
        summary.full, summary.notFull,
      ].map(String.init)
      cells += [summary.fullShare.value, summary.fullShare.lower, summary.fullShare.upper].map(\.description)
      let deficit = summary.deficit
      cells += [deficit.mean, deficit.meanLower, deficit.meanUpper, deficit.median].map(\.description)
      cells += ["\(deficit.maximum)", "\(summary.provedDeficitMean)"]
      for sample in [summary.gaussian, summary.multiScale] {
        cells += ["\(sample.fullShare.value)", "\(sample.deficit.mean)", "\(sample.deficit.median)"]
        cells += ["\(sample.deficit.maximum)", "\(sample.missed.mean)", "\(sample.missingShare.value)"]
      }
      return cells.joined(separator: ",")
    }
    return ([heads.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  struct Document: Encodable {
    let crease = Release.version
    let schema = JSONOutput.schema
    let command = "census"
    let engines = Release.engines
    let origin: CensusOrigin
    let networks: Int
    let missing: Int
    let architectures: [CensusSummary]
    let files: [String]
  }

  func document(missing: Int, files: [String]) -> Document {
    Document(
      origin: census.origin, networks: census.networkCount, missing: missing, architectures: summaries,
      files: files)
  }
}
