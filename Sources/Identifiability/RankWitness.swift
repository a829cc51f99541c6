import LinearAlgebra
import Networks

/// Few inputs at which the Jacobian of a network attains a given rank.
///
/// The inputs come from lines through given places, followed from region to region, so that regions are found however
/// small they are. An input is kept if its rows make the rank grow.
///
/// - Exactness: the rank is one modulo a prime, so a proved lower bound.
struct RankWitness: Sendable {
  /// The inputs.
  let inputs: [[Double]]
  /// The rank of the rows at the inputs, modulo a prime.
  let rank: Int

  /// Collects inputs until the rank is `target`, or for a number of lines.
  ///
  /// - Throws: `CancellationError`.
  init(
    of network: Network, target: Int, around places: [ConstructionPlace], on domain: InputDomain?,
    lines: Int, seed: UInt64, progress: Progress = Progress()
  ) throws {
    var rng = SplitMix64(seed: seed)
    let field = PrimeField.random(using: &rng)
    let parameters = network.parameters
    let rows = JacobianRows(parameters, inputCount: network.inputCount, field: field)
    var space = EchelonBasis(columns: parameters.count, field: field, rankBound: target)
    var inputs: [[Double]] = []
    let walk = LineWalk(network)
    for line in 0..<lines where !space.isComplete && !places.isEmpty {
      let place = places[line % places.count]
      // Near the place, at three distances.
      let offset = place.scale * [0.125, 0.5, 1][line / places.count % 3]
      func number() -> Double { Double.random(in: -2...2, using: &rng) }
      let origin = place.centre.map { $0 + offset * number() }
      let direction = place.centre.map { _ in place.scale * number() }
      let path = LineWalk.Line(
        origin: origin, direction: direction, range: domain.range(of: origin, direction))
      for stop in walk.regions(on: path, in: nil).stops {
        let point = stop.point
        guard !space.isComplete, domain?.contains(point) ?? point.allSatisfy(\.isFinite),
          let pattern = network.activationPattern(at: point)
        else { continue }
        let jacobian = rows.rows(at: [field.residues(of: point) + [1]], on: pattern)
        if space.insert(rows: jacobian, count: network.outputCount) > 0 { inputs.append(point) }
      }
      try progress.step("looking for inputs: rank", done: space.rank, of: target)
    }
    self.inputs = inputs
    rank = space.rank
  }
}

extension InputDomain? {
  /// How far a line stays in the domain, or a million times its direction both ways.
  fileprivate func range(of origin: [Double], _ direction: [Double]) -> ClosedRange<Double> {
    guard let sides = self?.enclosure else { return -1e6...1e6 }
    var (low, high) = (-Double.infinity, Double.infinity)
    for (c, side) in sides.enumerated() where direction[c] != 0 {
      let ends = [(side.lower - origin[c]) / direction[c], (side.upper - origin[c]) / direction[c]].sorted()
      low = max(low, ends[0])
      high = min(high, ends[1])
    }
    return low.isFinite && high.isFinite && low <= high ? low...high : 0...0
  }
}
