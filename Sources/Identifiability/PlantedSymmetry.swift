import ExactArithmetic
import Networks

/// A mechanism of hidden symmetries that can be planted in a random network.
///
/// - Reference: [GLR23] hidden symmetries.
public enum PlantedSymmetry: String, Hashable, Sendable, CaseIterable {
  /// H1: a neuron that is never active.
  case inactive
  /// H2: an always active neuron, whose bias trades with those of its readers.
  case stablyActive
  /// H3: where a neuron is active, what it reads spans too little.
  case incomingSpan
  /// H3a: two neurons that are never active together.
  case neverCoactive
  /// H3′: where a neuron is active, its readers' effects are dependent.
  case outgoingSpan
  /// H4: two neurons on one half-space.
  case twin
  /// H4′: two neurons on opposite half-spaces, and an always active one that takes up their linear part.
  case opposite
  /// H5: a neuron that no other reads.
  case unread
  /// H6: a neuron whose fold no reader shows.
  case hiddenFold
  /// H7: three consecutive layers of one neuron.
  case narrow
  /// H8: three neurons that turn to the other sides of their folds together.
  case orientation
  /// H9: a neuron that is active at all inputs of a batch; the functions agree on the batch only.
  case batch
  /// H10: a neuron whose weights are all zero.
  case zeroRow
  /// An input that the domain holds fixed.
  case fixedInput

  /// What widths need and lack; nil where they suffice.
  func need(of widths: [Int]) -> String? {
    let hidden = widths[1..<widths.count - 1]
    func deep(_ first: Int, _ second: Int) -> String? {
      hidden.count >= 2 && widths[1] >= first && widths[2] >= second
        ? nil
        : "two hidden layers, the first of \(first) or more neurons, the second of \(second) or more"
    }
    switch self {
    case .inactive, .stablyActive, .unread, .zeroRow, .batch, .fixedInput: return nil
    case .twin: return widths[1] >= 2 ? nil : "two neurons in the first hidden layer"
    case .opposite, .orientation: return widths[1] >= 3 ? nil : "three neurons in the first hidden layer"
    case .incomingSpan: return deep(3, 1)
    case .neverCoactive: return deep(2, 1)
    case .outgoingSpan: return deep(2, 2)
    case .hiddenFold: return deep(1, 1)
    case .narrow:
      return PlantedSymmetry.narrowLayer(of: widths) == nil
        ? "three consecutive hidden layers of one neuron" : nil
    }
  }

  /// The first of three consecutive hidden layers of one neuron.
  static func narrowLayer(of widths: [Int]) -> Int? {
    guard widths.count >= 5 else { return nil }
    return (1...widths.count - 4).first { widths[$0...$0 + 2].allSatisfy { $0 == 1 } }
  }

  /// A network with the mechanism, and other parameters of the same function.
  struct Plant {
    var network: Network
    var second: Network
    var domain: InputDomain?
    var batch: [[Double]]?
  }

  /// Plants the mechanism in random networks, and takes the one of which most parameters move the function: so that other
  /// mechanisms are at work as little as can be.
  ///
  /// - Throws: `CancellationError`.
  func plant(widths: [Int], using rng: inout some RandomNumberGenerator, progress: Progress) throws -> Plant {
    var best = draw(widths: widths, using: &rng)
    let size = best.network.parameterCount
    if size > PlantedSymmetry.rankedSize { return best }
    func rank(_ plant: Plant) throws -> Int {
      let places = [1.0, 4].map {
        ConstructionPlace(centre: Array(repeating: 0, count: widths[0]), scale: $0)
      }
      // A fixed input keeps lines out of the box; the rank near it is as telling.
      return try RankWitness(
        of: plant.network, target: size, around: places, on: nil, lines: 16, seed: 1, progress: progress
      ).rank
    }
    var most = try rank(best)
    for _ in 1..<PlantedSymmetry.drawCount {
      let plant = draw(widths: widths, using: &rng)
      let found = try rank(plant)
      if found > most { (best, most) = (plant, found) }
    }
    return best
  }

  /// How many networks are drawn.
  private static let drawCount = 12
  /// The most parameters of a network whose rank is looked at.
  private static let rankedSize = 400

  private func draw(widths: [Int], using rng: inout some RandomNumberGenerator) -> Plant {
    var bed = PlantBed(widths: widths, using: &rng)
    switch self {
    case .inactive: bed.plantInactive()
    case .stablyActive: bed.plantStablyActive()
    case .incomingSpan: bed.plantIncomingSpan()
    case .neverCoactive: bed.plantNeverCoactive()
    case .outgoingSpan: bed.plantOutgoingSpan()
    case .twin: bed.plantTwin()
    case .opposite: bed.plantOpposite()
    case .unread: bed.plantUnread()
    case .hiddenFold: bed.plantHiddenFold(layer: 1)
    case .narrow: bed.plantHiddenFold(layer: PlantedSymmetry.narrowLayer(of: widths) ?? 1)
    case .orientation: bed.plantOrientation()
    case .batch: bed.plantBatch(using: &rng)
    case .zeroRow: bed.plantZeroRow()
    case .fixedInput: bed.plantFixedInput()
    }
    return bed.plant
  }
}
