/// How a box was divided, along coordinates and by signs of neurons, until bounds proved a claim on every part.
///
/// - Exactness: nothing by itself: ``Certificate/verify(_:_:)`` computes the bound of every part again.
public struct BoxTree: Hashable, Sendable {
  /// The neurons of both networks whose difference is bounded directly.
  ///
  /// Any pairing is right.
  public let pairs: [LayerPairing]
  /// The tree in preorder: what each part is divided by, or −1 for a part that is done.
  ///
  /// The inputs are numbered first, then the hidden neurons of the first network, layer by layer, then those of the
  /// second. A coordinate is halved, the lower half first. By a neuron z ≤ 0 comes first, then z ≥ 0.
  public let splits: [Int]

  /// The tree with the given pairing and splits.
  public init(pairs: [LayerPairing], splits: [Int]) {
    self.pairs = pairs
    self.splits = splits
  }

  /// The number of parts.
  public var leafCount: Int { splits.count { $0 < 0 } }
}

/// Two hidden layers, one of each network, with paired neurons.
public struct LayerPairing: Hashable, Sendable {
  /// The hidden layer of the first network, from 1.
  public let first: Int
  /// The hidden layer of the second network, from 1.
  public let second: Int
  /// The pairs.
  public let rows: [Row]

  /// Two paired neurons: z_first is close to scale · z_second.
  public struct Row: Hashable, Sendable {
    /// The neuron of the first network.
    public let first: Int
    /// The neuron of the second network.
    public let second: Int
    /// The positive factor between them.
    public let scale: Double

    /// The pair of neurons `first` and `second`.
    public init(first: Int, second: Int, scale: Double) {
      self.first = first
      self.second = second
      self.scale = scale
    }
  }

  /// The pairs of two layers.
  public init(first: Int, second: Int, rows: [Row]) {
    self.first = first
    self.second = second
    self.rows = rows
  }
}
