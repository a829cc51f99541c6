import Crease
import Figures

/// The figure and the page of a census.
struct CensusDrawing {
  private let report: CensusReport
  private let records: [CensusRecord]

  init(_ report: CensusReport, _ records: [CensusRecord]) {
    self.report = report
    self.records = records
  }

  /// Histograms of deficits, and the share of full dimension against depth.
  var figure: CensusFigure {
    let groups = Dictionary(grouping: records, by: \.architecture)
    let panels = report.summaries.map { summary in
      let own = groups[summary.architecture] ?? []
      let share = summary.fullShare
      return CensusFigure.Panel(
        label: summary.architecture.hyphenated, family: CensusDrawing.family(summary.architecture),
        depth: summary.architecture.count - 1, fullDimension: summary.fullDimension,
        deficits: own.map(\.deficit), sampleDeficits: own.map { $0.fullDimension - $0.gaussian.rank },
        mean: summary.deficit.mean, share: share.value, interval: share.lower...share.upper)
    }
    return CensusFigure(
      title: "Hidden symmetries at initialisation",
      caption: [
        "How far the functional dimension stays below parameters minus hidden neurons: share of networks by deficit",
        "\(report.census.networkCount) networks of each architecture, \(report.origin)",
      ], panels: panels, notes: notes)
  }

  /// The figure with the table below it.
  var page: String { figure.page(columns: CensusReport.columns, rows: report.rows) }

  private var notes: [String] {
    let exact = report.summaries.reduce(0) { $0 + $1.certified }
    let certainty =
      exact == records.count
      ? "the dimension of every network is proved exactly. "
      : "the dimension of \(exact) of \(records.count) networks is proved exactly, the deficits of the others are "
        + "upper bounds. "
    return [
      "Ranks are certified by exact arithmetic modulo a prime; \(certainty)The Gaussian sample has 10 inputs N(0, I) "
        + "per parameter. Intervals are Wilson's at 95 %."
    ]
  }

  /// `width 5` where inputs and hidden layers have one width, else the widths.
  private static func family(_ widths: [Int]) -> String {
    let inner = Set(widths.dropLast())
    guard inner.count == 1, let width = inner.first else { return widths.hyphenated }
    return "width \(width)" + (widths.last == 1 ? "" : ", \(widths.last ?? 0) outputs")
  }
}
