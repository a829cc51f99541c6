import Crease
import Foundation

/// What `crease bounds` found, told to people.
struct BoundsReport {
  /// The widths or the file the report is about.
  let subject: String
  /// The class of networks.
  let networks: NetworkClass
  /// The radii of balls, largest first.
  let epsilons: [Rational]
  /// For each radius the bounds of the covering number, the same ones in the same order.
  let covers: [[ComplexityBound]]
  /// Bounds of the pseudo-dimension.
  let dimensions: [ComplexityBound]
  /// The share of parameters whose hidden biases increase, as random parameters show it.
  var volumeEstimate: ParameterVolume.Estimate?
  /// Which orders of neurons change nothing, where a model file is given.
  var stabiliser: ParameterStabiliser?
  /// What is known of the network, where a model file is given.
  var model: ModelBounds.Findings?
  /// Files written.
  var written: [String] = []

  /// - Throws: `CancellationError`.
  init(
    subject: String?, networks: NetworkClass, epsilons: [Rational], points: Int, progress: Crease.Progress
  ) throws {
    self.subject = subject ?? networks.widths.shape
    self.networks = networks
    self.epsilons = epsilons
    covers = try epsilons.enumerated().map { position, epsilon in
      try progress.step("counting covers, radius", done: position, of: epsilons.count)
      return networks.allCoveringBounds(epsilon, points: points)
    }
    dimensions = networks.pseudoDimensionBounds
  }

  /// The share of parameters whose hidden biases increase.
  var volume: ParameterVolume { ParameterVolume(hiddenWidths: Array(networks.hiddenWidths)) }

  /// Each bound with its values for all radii.
  var rows: [(bound: ComplexityBound, values: [Double])] {
    guard let first = covers.first else { return [] }
    return first.indices.map { row in (first[row], covers.map { $0[row].log10Value }) }
  }

  // MARK: Text

  var text: String {
    let skips = networks.sources != networks.sources.indices.map { [$0] }
    let widths = networks.widths.shape
    let shape = (subject == widths ? "networks" : widths) + (skips ? ", skip blocks" : "")
    let lines = [
      "\(Terminal.bold(subject)): \(shape)",
      "  class                parameters of at most \(networks.radius.nearestDouble.short), inputs of at most "
        + networks.inputRadius.nearestDouble.short,
      "  parameters           S = \(networks.parameterCount), with U = \(networks.hiddenNeuronCount) hidden neurons",
      "  sensitivity          outputs move by at most K = \(magnitude(networks.parameterLipschitz.log10.upper)) per unit of parameters",
    ]
    return
      (lines + symmetryLines + dimensionLines + coverLines + warningLines + (model?.lines ?? [])
      + written.map { "  written              \($0)" }).joined(separator: "\n")
  }

  private var symmetryLines: [String] {
    let symmetry = networks.symmetry
    var lines = [
      "  symmetries           \(magnitude(symmetry.permutations.log10.upper)) orders of hidden neurons, \(symmetry.dimension) rescalings",
      "  volume in order      \(power(volume.log10Share.upper)) of the box",
    ]
    if let estimate = volumeEstimate {
      let how = estimate.method == .fraction ? "of parameters" : "for each neuron"
      let ends = estimate.log10Interval
      lines.append(
        "    seen               \(power(estimate.log10Share)), 95 %: \(power(ends.lowerBound)) to \(power(ends.upperBound)), "
          + "\(estimate.samples) samples \(how)")
    }
    if let stabiliser {
      let orbit = stabiliser.log10Orbit(of: symmetry)
      let one = stabiliser.isExact && stabiliser.lower == .one
      let fixed =
        stabiliser.isExact
        ? "\(magnitude(stabiliser.lower.log10.upper)) orders change nothing"
        : "\(magnitude(stabiliser.lower.log10.upper)) to \(magnitude(stabiliser.upper.log10.upper)) orders change nothing"
      lines.append(
        one
          ? "  this network         each order gives other parameters: \(magnitude(orbit.upper)) networks differ by order alone"
          : "  this network         \(fixed), so \(magnitude(orbit.upper)) networks differ by order alone")
    }
    return lines
  }

  private var dimensionLines: [String] {
    guard let best = dimensions.min(by: { $0.log10Value < $1.log10Value }) else { return [] }
    return [
      "  pseudo-dimension     at most \(magnitude(best.log10Value)) for an output, \(best.standing.word): \(best.reference)"
    ]
  }

  private var coverLines: [String] {
    let names = rows.map(\.bound.name)
    let width = max(34, (names.map(\.count).max() ?? 0) + 2)
    let heads = epsilons.map { "eps \($0.nearestDouble.short)".leftPadded(to: 14) }
    let table = rows.map { bound, values in
      "    \(bound.name.padded(to: width))" + values.map { fixed($0).leftPadded(to: 14) }.joined()
        + (bound.standing == .unchecked ? "  unchecked" : "")
    }
    let values = max(12, (constants.map(\.value.count).max() ?? 0) + 2)
    let formulas = rows.map { bound, _ in "    \(bound.name.padded(to: width))\(bound.formula)" }
    return
      [
        "", Terminal.bold("log10 of the covering number") + ", maximum norm",
        "    \("".padded(to: width))" + heads.joined(),
      ] + table + ["", Terminal.bold("formulas")] + formulas
      + ["", Terminal.bold("constants") + " for eps \(epsilons.first?.nearestDouble.short ?? "")"]
      + constants.map { "    \($0.symbol.padded(to: 8))\($0.value.padded(to: values))\($0.meaning)" }
  }

  /// The constants of the coarsest cover, each once; those that many layers have one by one, as a range.
  private var constants: [(symbol: String, value: String, meaning: String)] {
    var seen: Set<String> = []
    let all = (covers.first ?? []).flatMap(\.constants).filter { seen.insert($0.symbol).inserted }
    let steps = all.filter { $0.symbol.hasPrefix("m_") }
    guard steps.count > 8, let least = steps.map(\.log10).min(), let greatest = steps.map(\.log10).max(),
      let first = steps.first?.symbol
    else { return all.map { ($0.symbol, magnitude($0.log10), $0.meaning) } }
    return all.filter { !$0.symbol.hasPrefix("m_") || $0.symbol == first }.map {
      $0.symbol != first
        ? ($0.symbol, magnitude($0.log10), $0.meaning)
        : (
          "m_l", magnitude(least),
          "to \(magnitude(greatest)), cells of a parameter of layer l of \(steps.count)"
        )
    }
  }

  /// What dividing by factorials would get wrong, for the coarsest cover.
  private var warningLines: [String] {
    guard let epsilon = epsilons.first else { return [] }
    let warnings = ParameterGrid(networks, epsilon: epsilon).divisionWarnings
    guard let (layer, warning) = warnings.max(by: { $0.warning.shortfall < $1.warning.shortfall }) else {
      return []
    }
    let others = warnings.count > 1 ? ", and \(warnings.count - 1) more layers like it" : ""
    return [
      "",
      "note: biases in order may not be counted as m^n / n!: for eps \(epsilon.nearestDouble.short), layer \(layer), m = \(warning.cells)"
        + " and n = \(warning.neurons) that is \(power(warning.quotient.upper)),",
      "      but there are \(power(warning.multisets.log10.upper)) multisets\(others)",
    ]
  }

  // MARK: Numbers

  /// A logarithm to one place, rounded upward.
  private func fixed(_ value: Double) -> String {
    guard value.isFinite else { return "inf" }
    return String(format: value.magnitude < 1e9 ? "%.1f" : "%.4g", (value * 10).rounded(.up) / 10)
  }

  /// A number given by its logarithm: itself while it is small, whole numbers in full, else a power of ten.
  private func magnitude(_ log: Double) -> String {
    if log == -.infinity { return "0" }
    guard log.magnitude < 7 else { return power(log) }
    let value = pow(10, log)
    if value > 0.5, abs(value - value.rounded()) < 1e-10 * value { return value.places(0) }
    return log.magnitude < 6 ? value.short : power(log)
  }

  /// A power of ten, such as `10^-178.2`.
  private func power(_ log: Double) -> String {
    if log.magnitude < 0.005 { return "1" }
    return log.isFinite ? "10^" + log.places(log.magnitude < 100 ? 2 : 1) : log < 0 ? "0" : "infinity"
  }
}

extension Double {
  /// The number with a fixed number of decimals.
  func places(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}

extension String {
  /// The text with spaces in front up to a width.
  fileprivate func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
