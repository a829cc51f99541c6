import Crease
import Testing
import _TestSupport

/// A mechanism planted in a network with random entries, hidden by permutations and rescalings.
struct MechanismPlant: Sendable, CustomTestStringConvertible {
  let mechanism: HiddenMechanism
  /// The number of hidden directions: all there are.
  let directions: Int
  let domain: InputDomain?
  /// How far a move keeps the planted mechanism; nil where none keeps the function.
  let step: Double?
  let testDescription: String
  private let build: @Sendable (inout SplitMix64) -> Network

  /// A seeded network with the mechanism.
  func network(using rng: inout SplitMix64) -> Network {
    build(&rng).disguised(by: Disguise(permutes: true, logRange: 1, powersOfTwo: true), using: &rng)
  }

  private init(
    _ name: String, _ mechanism: HiddenMechanism, _ directions: Int, on domain: InputDomain? = nil,
    step: Double? = 0x1p-8, _ build: @escaping @Sendable (inout SplitMix64) -> Network
  ) {
    self.mechanism = mechanism
    self.directions = directions
    self.domain = domain
    self.step = step
    self.build = build
    testDescription = name
  }

  /// A network near the given one: every nonzero entry changes by up to a sixteenth of itself.
  private static func near(
    _ weights: [[[Double]]], _ biases: [[Double]], _ rng: inout SplitMix64
  ) -> Network {
    func shaken(_ value: Double) -> Double {
      value * (1 + (Double.random(in: -1...1, using: &rng) * 1024).rounded() / 16384)
    }
    return Network(
      weights: weights.map { $0.map { $0.map(shaken) } }, biases: biases.map { $0.map(shaken) })
  }

  private static let square = InputDomain.box(InputDomain.Box([Interval(-2, 2), Interval(-2, 2)]))
  private static let segment = InputDomain.box(InputDomain.Box([Interval(-4, 4), Interval(0.5)]))
  private static let first = [[1, 0.3], [-0.4, 1], [0.8, -0.9]]
  private static let firstBias = [0.1, 0.2, -0.3]

  /// One for each mechanism but those that ``Plant`` has and `unexplained`.
  static let all: [MechanismPlant] = [
    MechanismPlant("never active", .inactive, 4) { rng in
      near(
        [first, [[1, -0.8, 0.5], [-0.7, -0.9, -1.1]], [[1, -1.3]]], [firstBias, [-0.2, -0.3], [0.2]], &rng)
    },
    MechanismPlant("a row of zeros", .zeroRow, 3) { rng in
      near([first + [[0, 0]], [[1, -0.8, 0.5, 2]]], [firstBias + [-1], [0.2]], &rng)
    },
    MechanismPlant("unread", .unread, 2) { rng in
      near([first + [[0.5, 0.7]], [[1, -0.8, 0.5, 0]]], [firstBias + [0.25], [0.2]], &rng)
    },
    MechanismPlant("one always active", .stablyActive, 1) { rng in
      near(
        [first, [[1, -0.8, 0.5], [0.7, 0.9, 1.1]], [[1, -1.3]]], [firstBias, [-0.2, 0.3], [0.2]], &rng)
    },
    MechanismPlant("two always active", .stablyActive, 5) { rng in
      near(
        [first, [[0.7, 0.9, 1.1], [0.5, 1.2, 0.4], [1, -0.8, 0.5]], [[1, -1.3, 0.7]]],
        [firstBias, [0.3, 0.5, -0.2], [0.2]], &rng)
    },
    MechanismPlant("twins", .twin, 3) { rng in
      let network = near([first, [[1, -0.8, 0.5]]], [firstBias, [0.2]], &rng)
      return network.changing { weights, biases in
        weights[0][1] = weights[0][0].map { 2 * $0 }
        biases[0][1] = 2 * biases[0][0]
      }
    },
    MechanismPlant("opposite neurons", .opposite, 1, step: nil) { rng in
      let network = near([first, [[1, -0.8, 0.5]]], [firstBias, [0.2]], &rng)
      return network.changing { weights, biases in
        weights[0][1] = weights[0][0].map { -2 * $0 }
        biases[0][1] = -2 * biases[0][0]
      }
    },
    MechanismPlant("an input held fixed", .fixedInput, 3, on: segment) { rng in
      near([first, [[1, -0.8, 0.5]]], [firstBias, [0.2]], &rng)
    },
    MechanismPlant("never active together", .neverCoactive, 1) { rng in
      near(
        [[[1, 0.1], [0.1, 1], [1, 1]], [[-1, -1, -0.5], [1, -1, -2]], [[1, -1.5]]],
        [[0.1, 0.1, -10], [1, 3], [0.2]], &rng)
    },
    // One input, folds at 0, 1, 2, 3; one reader is active below 3.6, the other above 11.
    MechanismPlant("incoming signals that span too little", .incomingSpan, 3) { rng in
      near(
        [[[1], [1], [1], [1]], [[-1, 2, -1.5, -2], [0.5, 0.5, 0.5, 0.5]], [[1, -1.3]]],
        [[0.1, -1, -2, -3], [2, -20], [0.2]], &rng)
    },
    // The third neuron is active above 10 only, where both readers are.
    MechanismPlant("readers whose effects depend on one another", .outgoingSpan, 1) { rng in
      near(
        [[[1], [1], [1]], [[-1, 3, 0.7], [1, 0.5, 0.4]], [[1, -1.3]]],
        [[0.1, -5, -10], [2, -3], [0.2]], &rng)
    },
    MechanismPlant("three layers of width 1", .narrow, 1) { rng in
      near([[[1, 0.3]], [[1]], [[-1]], [[1.5]]], [[0.2], [-1], [2], [0.3]], &rng)
    },
    MechanismPlant("a hidden fold", .hiddenFold, 1) { rng in
      near([[[1]], [[1]], [[1]]], [[0.1], [-1], [0.2]], &rng)
    },
  ]
}
