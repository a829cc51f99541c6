import Complexes
import Networks

/// All activation regions of a network on a domain, where they can be enumerated.
struct RegionEnumeration: Sendable {
  /// The patterns of the regions on which no hidden neuron vanishes.
  let patterns: [ActivationPattern]
  /// The number of regions on which some hidden neuron vanishes: the function is not smooth in θ there.
  let excluded: Int

  /// The regions, or nil where there are too many inputs or too many regions.
  ///
  /// - Exactness: exact: nothing is missing, nothing is seen twice.
  /// - Throws: `CancellationError`.
  init?(_ network: Network, on domain: InputDomain?, options: DimensionOptions, progress: Progress) throws {
    let subdivision = Subdivision(network, on: SubdivisionDomain(domain, inputs: network.inputCount))
    let dimension = subdivision.domain.dimension
    guard options.enumerationLimit > 0, dimension <= options.enumeratedDimension else { return nil }
    if network.hiddenNeuronCount == 0 {
      patterns = [ActivationPattern(neuronCount: 0)]
      excluded = 0
      return
    }
    let complex: PolyhedralComplex
    do {
      complex = try subdivision.complex(
        threads: options.threads, limit: options.enumerationLimit, progress: progress)
    } catch is RegionLimitExceeded {
      return nil
    } catch is SubdivisionError {
      return nil
    }
    var patterns: [ActivationPattern] = []
    var excluded = 0
    for region in 0..<complex.regionCount {
      if complex.vanishingNeurons(of: region).isEmpty {
        patterns.append(ActivationPattern(words: complex.pattern(of: region)))
      } else {
        excluded += 1
      }
    }
    self.patterns = patterns
    self.excluded = excluded
  }
}
