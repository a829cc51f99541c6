import ExactArithmetic
import Networks

/// An affine combination of the outputs of a network, whose zeros are asked for.
public struct OutputCombination: Hashable, Sendable {
  /// The outputs that occur, and their factors.
  public let factors: [Int: Dyadic]
  /// The constant term.
  public let constant: Dyadic

  /// The combination Σ factor · output + constant.
  public init(factors: [Int: Dyadic], constant: Dyadic = .zero) {
    self.factors = factors
    self.constant = constant
  }

  /// Output `output` less a level: zero where the output takes the level.
  ///
  /// - Requires: the level is finite.
  public static func output(_ output: Int, minus level: Double) -> OutputCombination {
    OutputCombination(factors: [output: .one], constant: -Dyadic(level))
  }

  /// The difference of two outputs, zero where they are equal.
  ///
  /// - Requires: two different outputs.
  public static func difference(_ a: Int, _ b: Int) -> OutputCombination {
    precondition(a != b, "output \(a) less itself")
    return OutputCombination(factors: [a: .one, b: -.one])
  }
}

extension Network {
  /// The network with combinations of its outputs as the neurons of one more hidden layer, which the outputs do not
  /// read.
  ///
  /// The bent hyperplanes of these neurons are the level sets of the combinations.
  ///
  /// - Exactness: exact. A rounded ``Lowering`` is not carried over.
  /// - Requires: combinations of outputs that there are.
  public func appending(_ combinations: [OutputCombination]) -> Network {
    let output = outputLayer
    for combination in combinations {
      for index in combination.factors.keys {
        precondition((0..<output.width).contains(index), "output \(index) of \(output.width)")
      }
    }
    func combined(_ matrix: ExactMatrix, plus constants: [Dyadic]? = nil) -> ExactMatrix {
      var elements: [Dyadic] = []
      for (position, combination) in combinations.enumerated() {
        for column in 0..<matrix.columns {
          let start = constants?[position] ?? .zero
          elements.append(
            combination.factors.reduce(start) { $0 + $1.value * matrix[$1.key, column] })
        }
      }
      return ExactMatrix(rows: combinations.count, columns: matrix.columns, elements: elements)
    }
    let layer = Layer(
      blocks: output.blocks.map { Block(source: $0.source, weights: combined($0.weights)) },
      bias: combined(output.bias, plus: combinations.map(\.constant)))
    return Network(
      inputCount: inputCount, layers: hiddenLayers + [layer, output], storage: storage, domain: domain)
  }
}
