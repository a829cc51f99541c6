import Crease
import Foundation

/// What `crease bounds MODEL` found of the trained network, told to people.
struct ModelBoundsReport {
  /// What a sample adds.
  struct SampleFindings {
    let file: String
    let sample: MarginSample
    let labels: String?
    let margin: Double?
    let marginOrigin: String
    let bounds: [ComplexityBound]
    let obstacle: String?
  }

  /// What a second network adds.
  struct GapFindings {
    let file: String
    let domain: InputDomain?
    let measured: MeasuredGap
    var bounds: [ComplexityBound] = []
    var obstacle: String?
    var comparison: Comparison?

    /// What the comparison proved of sup |f − g|: at least, and at most.
    var compared: (lower: Double, upper: Double)? {
      guard let comparison else { return nil }
      let found: (Double, Double) =
        switch comparison.verdict {
        case .equivalent(.identical): (0, 0)
        case .equivalent(.withinEpsilon(let bound, let lower)): (lower, bound)
        case .undecided(let bounds): (bounds.lower, bounds.upper)
        case .different, .equivalent(.sameLargest):
          (comparison.supremum?.lower ?? 0, comparison.supremum?.upper ?? .infinity)
        }
      return (max(found.0, measured.value), found.1)
    }
  }

  let network: Network
  var norms: NetworkNorms?
  var normObstacle: String?
  var blocks: [BlockNorm] = []
  var pathNorms: [PathNorm] = []
  var maximumSizes: [Int] = []
  var liftingObstacle: String?
  var sample: SampleFindings?
  var gap: GapFindings?

  init(network: Network) { self.network = network }

  var lines: [String] { normLines + pathLines + sampleLines + gapLines }

  private var normLines: [String] {
    guard let norms else { return blockLines }
    let title =
      Terminal.bold("norms") + " of layers, between proved bounds a relative gap apart"
      + (norms.carriesBiases ? "; from spectral on, biases are one more column" : "")
    let head = ["layer", "shape", "weights alone", "spectral", "gap", "Frobenius", "(2,1)", "(1,inf)"]
    var rows = [head]
    for layer in norms.layers {
      rows.append([
        "\(layer.layer)", "\(layer.rows) x \(layer.columns)",
        layer.weightSpectral.upper.above(digits: 7), layer.spectral.upper.above(digits: 7),
        layer.spectral.relativeGap.short,
        layer.frobenius.shortAbove, layer.twoOne.shortAbove, layer.oneInfinity.shortAbove,
      ])
    }
    let loose = norms.layers.contains { $0.spectral.method == .magnitudes }
    return ["", title] + ModelBoundsReport.table(rows)
      + (loose
        ? ["    a wide gap is a layer too large to factor: bounded by magnitudes"] : [])
  }

  /// The spectral norm of each block, where bounds by chains of layers do not apply.
  private var blockLines: [String] {
    let rows = blocks.map {
      [
        "\($0.layer)", "\($0.source)", "\($0.rows) x \($0.columns)",
        $0.spectral.upper.above(digits: 7), $0.spectral.relativeGap.short,
      ]
    }
    return [
      "", Terminal.bold("norms") + " of blocks, between proved bounds a relative gap apart",
      "  bounds by layers     none, as \(normObstacle ?? "unknown")",
    ] + ModelBoundsReport.table([["layer", "reads", "shape", "spectral", "gap"]] + rows)
  }

  private var pathLines: [String] {
    let how =
      liftingObstacle.map { "of the normal form, as \($0)" }
      ?? (maximumSizes.isEmpty
        ? "of the file's graph"
        : "of the file's graph, a path for each of \(maximumSizes.map(String.init).joined(separator: ", ")) inputs of a maximum")
    let rows =
      [["q", "norm", "log10"]]
      + pathNorms.map {
        [$0.order.short, $0.total.value.upper.short, String(format: "%.6f", $0.total.log10.upper)]
      }
    return ["", Terminal.bold("path norms") + " " + how] + ModelBoundsReport.table(rows)
  }

  private var sampleLines: [String] {
    guard let found = sample else { return [] }
    let sample = found.sample
    var lines = [
      "", "\(Terminal.bold("bounds")) at the sample \(found.file)",
      "  inputs               \(sample.count)\(found.labels.map { ", labels from \($0)" } ?? ", no labels")",
    ]
    if let margin = found.margin {
      lines.append("  margin               \(margin.short), \(found.marginOrigin)")
    }
    if let error = sample.errorRate { lines.append("  margin not positive  \(error.short) of the inputs") }
    if let obstacle = found.obstacle {
      lines.append("  left out             bounds of the ramp loss: \(obstacle)")
    }
    return lines + ModelBoundsReport.boundLines(found.bounds, title: "log10 of the bound")
  }

  private var gapLines: [String] {
    guard let found = gap else { return [] }
    let unit = found.domain == nil ? " max(1, |x|)" : ""
    var lines = [
      "",
      "\(Terminal.bold("difference")) from \(found.file), \(found.domain.phrase(inputs: network.inputCount))",
      "  seen                 \(found.measured.value.shortBelow)\(unit)\(sample == nil ? ", at random inputs" : ", at the sample and random inputs") \(found.measured.sampledValue.shortBelow)",
    ]
    if let compared = found.compared {
      let upper = compared.upper.isFinite ? compared.upper.shortAbove : "unknown"
      lines.append(
        "  compare              at least \(compared.lower.shortBelow), at most \(upper)\(unit), proved")
    }
    if let obstacle = found.obstacle { lines.append("  bounds               none, as \(obstacle)") }
    for bound in found.bounds {
      let value = pow(10, bound.log10Value)
      let ratio =
        found.measured.value > 0 ? ", \((value / found.measured.value).short) times what was seen" : ""
      lines.append(
        "  at most              \(value.shortAbove)\(unit), \(bound.name.dropFirst("difference, ".count))\(ratio)"
      )
    }
    return lines + ModelBoundsReport.boundLines(found.bounds, title: nil)
  }

  /// A table of bounds, then formulas and constants; without a title no table.
  private static func boundLines(_ bounds: [ComplexityBound], title: String?) -> [String] {
    if bounds.isEmpty { return [] }
    var lines: [String] = []
    if let title {
      let rows =
        [["", title, ""]]
        + bounds.map {
          [$0.name, String(format: "%.3f", $0.log10Value), "\($0.standing.word): \($0.reference)"]
        }
      lines += table(rows)
    }
    lines.append("  formulas")
    lines += table(bounds.map { [$0.name, $0.formula] })
    lines.append("  constants")
    var seen: Set<String> = []
    let constants = bounds.flatMap(\.constants).filter { seen.insert($0.symbol + $0.meaning).inserted }
    return lines + table(constants.map { [$0.symbol, number($0.log10), $0.meaning] })
  }

  /// A number given by its logarithm.
  private static func number(_ log: Double) -> String {
    if log == -.infinity { return "0" }
    return log.magnitude < 6 ? pow(10, log).short : "10^" + String(format: "%.4f", log)
  }

  /// Columns, two spaces apart; a column of numbers below a head is put to the right.
  private static func table(_ rows: [[String]]) -> [String] {
    guard let first = rows.first else { return [] }
    let columns = first.indices.map { column in
      let cells = rows.map { $0[column] }
      return (
        width: cells.map(\.count).max() ?? 0,
        isNumeric: column > 0 && cells.count > 1 && cells.dropFirst().allSatisfy { Double($0) != nil }
      )
    }
    return rows.map { row in
      let cells = zip(row, columns).map { cell, column in
        column.isNumeric
          ? String(repeating: " ", count: column.width - cell.count) + cell + "  "
          : cell.padded(to: column.width + 2)
      }.joined()
      return "    " + cells.prefix(cells.count - cells.reversed().prefix { $0 == " " }.count)
    }
  }
}
