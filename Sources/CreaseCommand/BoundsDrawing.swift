import Crease
import Figures
import Foundation

extension BoundsReport {
  /// The covering numbers as curves over the radius of balls, in the order of the table.
  var figure: CurvesFigure {
    let radii = epsilons.map(\.nearestDouble)
    // The last is about some inputs only, and would be compared with the others.
    let shown = rows.dropLast()
    let series = shown.map { bound, values in
      CurvesFigure.Series(
        bound.name, points: zip(radii, values).filter { $1.isFinite && $0 > 0 }.map { .init($0, $1) },
        isDashed: bound.standing != .proved)
    }
    return CurvesFigure(
      title: "How many balls hold \(subject)",
      caption: [
        "Parameters of at most \(networks.radius.nearestDouble.short), inputs of at most \(networks.inputRadius.nearestDouble.short); "
          + "\(networks.parameterCount) parameters, \(networks.hiddenNeuronCount) hidden neurons."
      ],
      horizontal: CurvesFigure.Axis(
        "radius ε of the balls, maximum norm", scale: .logarithmic, isReversed: true),
      vertical: CurvesFigure.Axis("log₁₀ of the covering number"), series: series,
      notes: shown.map { "\($0.bound.name): \($0.bound.formula)" }
        + (shown.contains { $0.bound.standing != .proved }
          ? ["Dashed: as remembered from the literature, not checked against the papers."] : []))
  }

  /// The figure with its numbers below.
  var page: String {
    figure.page(
      columns: ["log10 N"] + epsilons.map { "ε = \($0.nearestDouble.short)" } + ["standing"],
      rows: rows.map { bound, values in
        [bound.name] + values.map { (($0 * 100).rounded(.up) / 100).places(2) } + [bound.standing.word]
      })
  }
}
