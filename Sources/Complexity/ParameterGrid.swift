import ExactArithmetic

/// A grid of parameters fine enough that every network of a class is within ε of one of the grid's.
///
/// Definition: the interval [−B, B] of a parameter of layer l is cut into m_l = ⌈B / δ_l⌉ cells of equal length at most
/// 2δ_l, where Σ k_l δ_l = ε with the constants k_l of ``NetworkClass/layerSensitivities``. Each parameter is within δ_l
/// of the centre of its cell, so the network with the centres for parameters is within ε everywhere.
///
/// Exactness: exact.
public struct ParameterGrid: Hashable, Sendable {
  /// How ε is shared among the layers.
  public enum Steps: Hashable, Sendable {
    /// One step for all parameters: δ = ε / K.
    case uniform
    /// A step for each layer: k_l δ_l is the share of ε that the layer has of the dimension S − U.
    ///
    /// Hidden layers count n_l (r_l − 1) dimensions D_l, at least n_l, the output layer n_L r_L. The shares D_l / ΣD make
    /// Π (B k_l / (ε share_l))^{D_l} smallest, by the inequality of Gibbs.
    case byLayer
  }

  /// The class.
  public let networks: NetworkClass
  /// The radius ε of the balls.
  public let epsilon: Rational
  /// How ε is shared among the layers.
  public let steps: Steps
  /// The numbers m_l of cells of a parameter, layer by layer.
  public let cells: [BigInteger]

  /// The coarsest grid of the kind that is fine enough.
  ///
  /// - Requires: ε > 0.
  public init(_ networks: NetworkClass, epsilon: Rational, steps: Steps = .uniform) {
    precondition(epsilon.sign > 0, "balls of radius \(epsilon)")
    self.networks = networks
    self.epsilon = epsilon
    self.steps = steps
    let sensitivities = networks.layerSensitivities
    let total = sensitivities.reduce(Rational.zero, +)
    let dimensions = sensitivities.indices.map { position in
      let length = networks.rowLength(position + 1)
      let isHidden = position + 1 < sensitivities.count
      return Int64(networks.widths[position + 1] * (isHidden ? max(1, length - 1) : length))
    }
    let dimension = Rational(Dyadic(dimensions.reduce(0, +)))
    cells = zip(sensitivities, dimensions).map { sensitivity, share in
      // 1 / δ_l: K / ε, or k_l ΣD / (ε D_l).
      let fineness =
        switch steps {
        case .uniform: total / epsilon
        case .byLayer:
          sensitivity * dimension / (epsilon * Rational(Dyadic(share)))
        }
      let count = (networks.radius * fineness).roundedUp
      return count.sign > 0 ? count : BigInteger(1)
    }
  }

  /// Which parameters are taken to give the same network, so that one of them is enough.
  public enum Quotient: String, Hashable, Sendable, CaseIterable {
    /// Every parameter for itself.
    case none
    /// Neurons of a hidden layer may be exchanged: those by increasing bias are enough.
    case sortedBiases
    /// Neurons of a hidden layer may be exchanged: those by increasing rows of weights and bias are enough.
    case sortedRows
    /// Besides, neurons may be rescaled: rows that touch the boundary of the box are enough.
    case sortedFullRows
  }

  /// The number of grid networks that are enough, an upper bound of the covering number N(ε).
  ///
  /// Definition: with n_l neurons of r_l parameters each in layer l, of L layers, the factor of the output layer is
  /// m^{n_L r_L}; that of a hidden layer is
  ///
  /// - m^{n r} for `none`,
  /// - m^{n (r − 1)} C(m + n − 1, n) for `sortedBiases`,
  /// - C(m^r + n − 1, n) for `sortedRows`,
  /// - C(m^r − (m − 2)^r + n − 1, n) for `sortedFullRows`, with 0 for m − 2 where m = 1.
  ///
  /// Theorem: that many balls of radius ε in the maximum norm hold the class. For `sortedFullRows` the activation
  /// must be positively homogeneous, as the ReLU is.
  ///
  /// Proof: let θ be in the class. Exchanging the neurons of a hidden layer leaves f_θ and the box as they are, so
  /// layer after layer the rows may be put in an order that their cells respect; the cells of a layer are then a multiset
  /// of n out of the m^r cells of a row, or have their biases' cells in order. The centres of the cells are within ε of
  /// f_θ, and there are as many centres as choices of cells. For the last quotient, scale before sorting: go through
  /// the hidden layers from the first to the last. A row w ≠ 0 with r = ‖w‖_∞ ≤ B is multiplied by B/r ≥ 1 and the
  /// weights that read its neuron are divided by it; f_θ stays, those weights do not grow, so all parameters
  /// stay in the box. A row of zeros belongs to a neuron that is 0 everywhere: give it any row with ‖w‖_∞ = B, and give
  /// the weights that read it the value 0. Rows of earlier layers are not touched again. So all hidden rows may be
  /// assumed to touch the boundary of [−B, B]^r, which meets m^r − (m − 2)^r of the cells of the grid. ∎
  ///
  /// Since m^r − (m − 2)^r ≤ 2 r m^{r−1}, the logarithm grows like (S − U) log(1/ε) instead of S log(1/ε).
  ///
  /// Exactness: exact while it has at most ``LargeCount/digitLimit`` bits, then an enclosure of its logarithm.
  ///
  /// Reference: the guide "How complex is a class of networks?"; the factor of permutations after [Shen24].
  public func size(modulo quotient: Quotient) -> LargeCount {
    (1..<networks.widths.count).reduce(LargeCount.one) { $0 * factor(of: $1, modulo: quotient) }
  }

  /// The factor of a layer in ``size(modulo:)``.
  public func factor(of layer: Int, modulo quotient: Quotient) -> LargeCount {
    let width = networks.widths[layer]
    let length = networks.rowLength(layer)
    let count = cells[layer - 1]
    guard layer < networks.widths.count - 1, quotient != .none else {
      return LargeCount(count).raised(to: width * length)
    }
    switch quotient {
    case .none, .sortedBiases:
      return LargeCount(count).raised(to: width * (length - 1)) * LargeCount.multisets(of: width, from: count)
    case .sortedRows:
      return LargeCount.multisets(of: width, from: LargeCount(count).raised(to: length))
    case .sortedFullRows:
      return LargeCount.multisets(of: width, from: .boundaryRows(of: length, from: count))
    }
  }
}

extension Rational {
  /// The quotient.
  ///
  /// - Requires: the divisor is not zero.
  static func / (a: Rational, b: Rational) -> Rational {
    a.dividedExactly(by: b) ?? .zero
  }
}
