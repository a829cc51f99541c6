import Complexes
import ExactArithmetic
import Networks

/// The comparison of two networks of one shape on every activation region of both: exact, for few inputs.
///
/// Definition: a network whose hidden neurons are those of both, with f − g as output, is affine on each of its
/// regions; f = g on the domain where all these affine maps are 0.
///
/// - Exactness: exact: regions are enumerated exactly and maps computed in dyadics.
struct RegionwiseComparison: Sendable {
  /// The number of regions.
  let regions: Int
  /// The number of regions on which the functions differ.
  let different: Int

  /// Compares two networks; nil where there are too many inputs or regions.
  ///
  /// - Requires: the networks have the same layers and sources.
  /// - Throws: `CancellationError`.
  init?(
    _ f: Network, _ g: Network, on domain: InputDomain?, options: DimensionOptions, progress: Progress
  ) throws {
    let joint = RegionwiseComparison.difference(f, g)
    let subdivision = Subdivision(joint, on: SubdivisionDomain(domain, inputs: f.inputCount))
    guard subdivision.domain.dimension <= options.enumeratedDimension, options.enumerationLimit > 0 else {
      return nil
    }
    let basis = HomogeneousChart(domain, inputs: f.inputCount).exactBasis
    func isZero(_ pattern: ActivationPattern) -> Bool {
      basis.allSatisfy { input in RegionwiseComparison.outputs(joint, input, pattern).allSatisfy(\.isZero) }
    }
    if joint.hiddenNeuronCount == 0 {
      regions = 1
      different = isZero(ActivationPattern(neuronCount: 0)) ? 0 : 1
      return
    }
    let complex: PolyhedralComplex
    do {
      complex = try subdivision.complex(
        threads: options.threads, limit: 4 * options.enumerationLimit, progress: progress)
    } catch is RegionLimitExceeded {
      return nil
    } catch is SubdivisionError {
      return nil
    }
    regions = complex.regionCount
    different = (0..<complex.regionCount).count {
      !isZero(ActivationPattern(words: complex.pattern(of: $0)))
    }
  }

  /// The network f − g, in which neurons of g that equal their counterparts in f are those of f.
  static func difference(_ f: Network, _ g: Network) -> Network {
    precondition(f.widths == g.widths, "widths \(f.widths) and \(g.widths)")
    // For each layer where the signals of g are.
    var places = [Array(0..<f.inputCount)]
    var widths = [f.inputCount]
    var layers: [Network.Layer] = []
    for (position, (a, b)) in zip(f.layers, g.layers).enumerated() {
      let isOutput = position == f.layers.count - 1
      let sources = Set(a.blocks.map(\.source)).union(b.blocks.map(\.source)).sorted()
      func rows(_ layer: Network.Layer, _ i: Int, _ source: Int, mapped: Bool) -> [Dyadic] {
        var row = Array(repeating: Dyadic.zero, count: widths[source])
        guard let block = layer.blocks.first(where: { $0.source == source }) else { return row }
        for j in 0..<block.weights.columns {
          let place = mapped ? places[source][j] : j
          row[place] = row[place] + block.weights[i, j]
        }
        return row
      }
      let first = (0..<a.width).map { i in sources.map { rows(a, i, $0, mapped: false) } }
      let second = (0..<b.width).map { i in sources.map { rows(b, i, $0, mapped: true) } }
      var kept = first
      var bias = (0..<a.width).map { a.bias[$0, 0] }
      if isOutput {
        for i in 0..<a.width {
          kept[i] = zip(first[i], second[i]).map { zip($0, $1).map { $0 - $1 } }
          bias[i] = a.bias[i, 0] - b.bias[i, 0]
        }
      } else {
        var place = Array(0..<a.width)
        for i in 0..<b.width where second[i] != first[i] || a.bias[i, 0] != b.bias[i, 0] {
          place[i] = kept.count
          kept.append(second[i])
          bias.append(b.bias[i, 0])
        }
        places.append(place)
        widths.append(kept.count)
      }
      layers.append(
        Network.Layer(
          blocks: sources.enumerated().map { k, source in
            Network.Block(
              source: source,
              weights: ExactMatrix(
                rows: kept.count, columns: widths[source], elements: kept.flatMap { $0[k] }))
          }, bias: ExactMatrix(rows: bias.count, columns: 1, elements: bias)))
    }
    return Network(inputCount: f.inputCount, layers: layers)
  }

  /// The outputs at a homogeneous input on the region of a pattern.
  private static func outputs(_ network: Network, _ input: [Dyadic], _ pattern: ActivationPattern) -> [Dyadic]
  {
    let t = input[network.inputCount]
    var signals = [Array(input.dropLast())]
    var number = 0
    for (position, layer) in network.layers.enumerated() {
      let isOutput = position == network.layers.count - 1
      signals.append(
        (0..<layer.width).map { i in
          guard isOutput || pattern[number + i] else { return .zero }
          var sum = layer.bias[i, 0] * t
          for block in layer.blocks {
            let source = signals[block.source]
            for j in source.indices where !source[j].isZero { sum = sum + block.weights[i, j] * source[j] }
          }
          return sum
        })
      number += layer.width
    }
    return signals[signals.count - 1]
  }
}
