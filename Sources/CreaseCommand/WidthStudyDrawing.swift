import Crease
import Figures
import Foundation

/// The figure and the page of a width study.
struct WidthStudyDrawing {
  private let report: WidthStudyReport

  init(_ report: WidthStudyReport) { self.report = report }

  /// Median steps against width, with quartiles; a curve for each series.
  var figure: CurvesFigure {
    let most = Double(report.study.origin.settings.maximumSteps)
    func at(_ steps: Double?) -> Double { max(1, steps ?? most) }
    let series = report.study.series.map { series in
      // The tied and the slowed networks of the narrowest width are that network itself.
      let own = report.summaries.filter { summary in
        summary.series == series
          || ([.tied, .rate].contains(series) && summary.series == .width
            && summary.width == report.study.origin.narrowest)
      }.sorted { $0.width < $1.width }
      return CurvesFigure.Series(
        series.label,
        points: own.map { summary in
          CurvesFigure.Point(
            Double(summary.width), at(summary.median),
            spread: at(summary.lowerQuartile)...at(summary.upperQuartile))
        }, isDashed: series != .width)
    }
    let never = report.summaries.filter { $0.reached < $0.runs }.count
    let given =
      never == 0
      ? []
      : [
        "Runs that did not reach the loss count as \(report.study.origin.settings.maximumSteps) steps or more."
      ]
    return CurvesFigure(
      title: "Width and the steps to a loss",
      caption: ["Median steps over \(report.study.runCount) runs, with quartiles"] + report.origin,
      horizontal: CurvesFigure.Axis("width of the hidden layers", scale: .logarithmic),
      vertical: CurvesFigure.Axis("steps", scale: .logarithmic), series: series,
      notes: given + [volumes] + report.notes)
  }

  /// The figure with the table below it.
  var page: String { figure.page(columns: WidthStudyReport.columns, rows: report.rows) }

  /// The log volume ratios by width, in a line.
  private var volumes: String {
    let parts = report.summaries.filter { $0.series == .width }.map {
      "\(String(format: "%.1f", $0.logVolumeRatio)) at \($0.width)"
    }
    return "Log volume ratio of sorted neurons, ln 1/∏ d!: \(parts.joined(separator: ", "))."
  }
}
