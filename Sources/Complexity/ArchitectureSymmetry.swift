import ExactArithmetic
import Networks

/// The standard symmetries that an architecture has for all parameters alike: what may be exchanged and rescaled.
///
///     ArchitectureSymmetry(hiddenWidths: [512, 512, 512]).permutations.log10   // 3499.6
///
/// Exactness: the permutations are exact; a group may have more symmetries than its parts are said to have.
public struct ArchitectureSymmetry: Hashable, Sendable {
  /// A part of an architecture whose members can be exchanged.
  public enum Part: Hashable, Sendable {
    /// Neurons of a layer, or channels of a convolution: n! orders. With ReLUs each may be rescaled.
    case neurons(Int)
    /// Channels of a residual stream, which all layers that write or read it share: n! orders for all of them together.
    /// Where layers with parameters stand at both ends and nothing normalises channels together, each may be rescaled.
    case stream(Int)
    /// Channels that are normalised in groups: orders within each group and of the groups, ((c/g)!)^g g!. With a scale and a
    /// shift for each channel and ReLUs behind, each may be rescaled.
    ///
    /// - Requires: as many channels in each group.
    case groupedChannels(Int, groups: Int)
    /// Heads of an attention layer: H! orders. Each head may besides change the bases of its queries and keys together, and
    /// of its values and outputs: H (k² + v²) dimensions.
    case heads(Int, keyDimension: Int, valueDimension: Int)

    /// The number of permutations.
    public var permutations: LargeCount {
      switch self {
      case .neurons(let count), .stream(let count), .heads(let count, _, _): return .orders(of: count)
      case .groupedChannels(let channels, let groups):
        precondition(
          groups > 0 && channels % groups == 0, "\(channels) channels in \(groups) groups of equal size")
        return LargeCount.orders(of: channels / groups).raised(to: groups) * LargeCount.orders(of: groups)
      }
    }

    /// The dimension of the continuous symmetries, of rescalings and changes of bases.
    public var dimension: Int {
      switch self {
      case .neurons(let count), .stream(let count), .groupedChannels(let count, _): return count
      case .heads(let count, let keys, let values): return count * (keys * keys + values * values)
      }
    }
  }

  /// The parts, each independent of the others.
  public let parts: [Part]

  /// The architecture with the given parts.
  public init(_ parts: [Part]) { self.parts = parts }

  /// A multilayer perceptron, or any network in normal form, with ReLUs.
  public init(hiddenWidths: some Sequence<Int>) { parts = hiddenWidths.map(Part.neurons) }

  /// The number of permutations.
  public var permutations: LargeCount { parts.reduce(.one) { $0 * $1.permutations } }

  /// The dimension of the continuous symmetries.
  public var dimension: Int { parts.reduce(0) { $0 + $1.dimension } }
}

extension NetworkClass {
  /// Permutations and rescalings of the hidden neurons.
  public var symmetry: ArchitectureSymmetry { ArchitectureSymmetry(hiddenWidths: hiddenWidths) }
}
