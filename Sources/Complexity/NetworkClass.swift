import ExactArithmetic
import Networks

/// All ReLU networks of one architecture with parameters in a box, on a box of inputs.
///
/// Definition: the functions f_θ with ‖θ‖_∞ ≤ B, on the inputs with ‖x‖_∞ ≤ R; the activation may be any function σ
/// with σ(0) = 0 and |σ(s) − σ(t)| ≤ ρ |s − t|; for the ReLU, ρ = 1. Outputs are measured by the maximum norm.
///
///     let mnist = NetworkClass(widths: [784, 512, 512, 10], radius: 1, inputRadius: 1)
///     mnist.parameterCount   // 669 706
///
/// Shapes: `widths` are n₀, …, n_L; layer l (from 1) reads the layers `sources[l − 1]`, 0 being the input.
public struct NetworkClass: Hashable, Sendable {
  /// The widths: inputs, hidden layers, outputs.
  public let widths: [Int]
  /// The layers that each layer reads, hidden layers first, the output layer last.
  public let sources: [[Int]]
  /// The largest absolute value B of a parameter.
  public let radius: Rational
  /// The largest absolute value R of an input.
  public let inputRadius: Rational
  /// The Lipschitz constant ρ of the activation.
  public let activationLipschitz: Rational

  /// The class of an architecture.
  ///
  /// - Requires: at least inputs and outputs, all widths positive; each layer reads earlier ones, each once; B > 0, R ≥ 0, ρ > 0.
  public init(
    widths: [Int], sources: [[Int]], radius: Rational, inputRadius: Rational,
    activationLipschitz: Rational = .one
  ) {
    precondition(widths.count >= 2 && widths.allSatisfy { $0 > 0 }, "widths \(widths)")
    precondition(
      sources.count == widths.count - 1, "\(sources.count) lists of sources for \(widths.count) widths")
    precondition(
      sources.enumerated().allSatisfy { position, list in
        list.allSatisfy { (0...position).contains($0) } && Set(list).count == list.count
      }, "a layer reads earlier layers, each once; got \(sources)")
    precondition(
      radius.sign > 0 && inputRadius.sign >= 0 && activationLipschitz.sign > 0,
      "radii \(radius) and \(inputRadius), Lipschitz constant \(activationLipschitz)")
    self.widths = widths
    self.sources = sources
    self.radius = radius
    self.inputRadius = inputRadius
    self.activationLipschitz = activationLipschitz
  }

  /// The class of multilayer perceptrons of the given widths.
  public init(widths: [Int], radius: Rational, inputRadius: Rational, activationLipschitz: Rational = .one) {
    self.init(
      widths: widths, sources: widths.indices.dropLast().map { [$0] }, radius: radius,
      inputRadius: inputRadius, activationLipschitz: activationLipschitz)
  }

  /// The class of all networks with a network's architecture, by default the smallest that holds the network.
  ///
  /// Zeros of the normal form count as parameters, also where a convolution leaves them no choice.
  ///
  /// - Requires: `radius`, where given, is at least the largest absolute value of the network's parameters.
  public init(of network: Network, radius: Rational? = nil, inputRadius: Rational) {
    let largest = network.largestParameter
    precondition(radius.map { $0 >= largest } ?? true, "a parameter of \(largest) beyond the radius")
    self.init(
      widths: network.widths, sources: network.layers.map { $0.blocks.map(\.source) },
      radius: radius ?? (largest.isZero ? .one : largest), inputRadius: inputRadius)
  }

  /// The numbers of hidden neurons, layer by layer.
  public var hiddenWidths: ArraySlice<Int> { widths.dropFirst().dropLast() }

  /// The number U of hidden neurons.
  public var hiddenNeuronCount: Int { hiddenWidths.reduce(0, +) }

  /// The number of parameters of a neuron of layer `layer` (from 1): its weights and its bias.
  public func rowLength(_ layer: Int) -> Int { sources[layer - 1].reduce(1) { $0 + widths[$1] } }

  /// The number S of parameters.
  public var parameterCount: Int { (1..<widths.count).reduce(0) { $0 + widths[$1] * rowLength($1) } }
}

extension Network {
  /// The largest absolute value of a weight or bias.
  public var largestParameter: Rational {
    let matrices = layers.flatMap { layer in layer.blocks.map(\.weights) + [layer.bias] }
    let sizes = matrices.map { matrix in
      matrix.holdsDoublesOnly
        ? Dyadic(matrix.nearest.elements.reduce(0) { max($0, $1.magnitude) })
        : (0..<matrix.rows * matrix.columns).reduce(Dyadic.zero) { max($0, matrix[at: $1].magnitude) }
    }
    return Rational(sizes.max() ?? .zero)
  }
}
