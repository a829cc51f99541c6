import ExactArithmetic
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@Suite("Networks")
struct NetworkTests {
  /// |x| as relu(x) + relu(−x).
  static let absolute = Network(weights: [[[1], [-1]], [[1, 1]]], biases: [[0, 0], [0]])

  @Test("A network made from arrays has their shape")
  func shape() {
    let network = Network(
      weights: [[[1, 2], [3, 4], [5, 6]], [[7, 8, 9]]], biases: [[10, 11, 12], [13]], storage: .float32)
    #expect(network.inputCount == 2)
    #expect(network.outputCount == 1)
    #expect(network.widths == [2, 3, 1])
    #expect(network.hiddenLayers.count == 1)
    #expect(network.hiddenNeuronCount == 3)
    #expect(network.parameterCount == 13)
    #expect(network.isSequential)
    #expect(network.storage == .float32)
    #expect(network.lowering == .exact)
    #expect(network.domain == nil)
    #expect(network.layers[0].blocks[0].weights[2, 1] == Dyadic(6))
    #expect(network.layers[0].bias[1, 0] == Dyadic(11))
    #expect(network.outputLayer.blocks[0].source == 1)
  }

  @Test("An affine map has an output layer only")
  func affine() {
    let network = Network(weights: [[[2, -1]]], biases: [[0.5]])
    #expect(network.hiddenLayers.isEmpty)
    #expect(network.exactOutputs(at: [3, 4]) == [Dyadic(2.5)])
    #expect(network.outputs(at: [3, 4]) == [2.5])
  }

  @Test("The example of the documentation: |x|")
  func absoluteValue() {
    #expect(Self.absolute.exactOutputs(at: [-0.1]) == [Dyadic(0.1)])
    #expect(Self.absolute.exactOutputs(at: [0.1]) == [Dyadic(0.1)])
    #expect(Self.absolute.outputs(at: [-0.1]) == [0.1])
  }

  @Test("Skip blocks are read: relu(x) + relu(−x) is 2 relu(x) − x")
  func skip() {
    let network = Network(
      inputCount: 1,
      layers: [
        .init(weights: Matrix(rows: 1, columns: 1, elements: [1]), bias: [0], reading: 0),
        .init(
          blocks: [
            .init(source: 1, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [2]))),
            .init(source: 0, weights: ExactMatrix(Matrix(rows: 1, columns: 1, elements: [-1]))),
          ], bias: ExactMatrix(column: [0])),
      ])
    #expect(!network.isSequential)
    #expect(network.outputLayer.blocks.map(\.source) == [0, 1])
    for x in [-3.0, -0.1, 0, 0.1, 7] {
      #expect(network.exactOutputs(at: [x]) == Self.absolute.exactOutputs(at: [x]))
    }
  }

  @Test("A layer without blocks is constant")
  func constant() {
    let network = Network(
      inputCount: 2, layers: [.init(blocks: [], bias: ExactMatrix(column: [1, -2]))])
    #expect(network.exactOutputs(at: [5, 6]) == [Dyadic(1), Dyadic(-2)])
    #expect(network.outputs(at: [5, 6]) == [1, -2])
    #expect(network.enclosure(at: [5, 6]).map { $0.contains(1) } == [true, false])
  }

  @Test("A domain is attached without touching the function")
  func domain() {
    let box = InputDomain.box(.init([Interval(-1, 1)]))
    let network = Self.absolute.with(domain: box)
    #expect(network.domain == box)
    #expect(network.layers == Self.absolute.layers)
    #expect(box.contains([0.5]) && !box.contains([2]) && !box.contains([0, 0]))
    #expect(network.with(domain: nil) == Self.absolute)
  }
}

@Suite("Storage precision and neurons")
struct NamingTests {
  @Test("The unit in the last place is the format's")
  func units() {
    #expect(StoragePrecision.bfloat16.unitInTheLastPlace == 0x1p-7)
    #expect(StoragePrecision.float16.unitInTheLastPlace == 0x1p-10)
    #expect(StoragePrecision.float32.unitInTheLastPlace == Double(Float.ulpOfOne))
    #expect(StoragePrecision.float64.unitInTheLastPlace == Double.ulpOfOne)
    #expect(StoragePrecision.decimal.unitInTheLastPlace == Double.ulpOfOne)
  }

  @Test("Neurons are ordered by layer, then by index")
  func neurons() {
    let neurons = [Neuron(layer: 2, index: 0), Neuron(layer: 1, index: 7), Neuron(layer: 1, index: 3)]
    #expect(neurons.sorted() == [neurons[2], neurons[1], neurons[0]])
    #expect(neurons[1].description == "neuron 7 of layer 1")
  }
}

@Suite("Exact matrices")
struct ExactMatrixTests {
  @Test("Doubles are kept as they are")
  func doubles() {
    let matrix = ExactMatrix(Matrix(rows: 1, columns: 2, elements: [0.1, -3]))
    #expect(matrix.holdsDoublesOnly)
    #expect(matrix[0, 0] == Dyadic(0.1))
    #expect(matrix[0, 1] == Dyadic(-3))
  }

  @Test("Entries that no double holds are kept beside their roundings")
  func corrections() {
    let wide = Dyadic(0.1) * Dyadic(0.1)
    let tiny = Dyadic(3, exponent: -1080)
    let matrix = ExactMatrix(rows: 2, columns: 2, elements: [wide, Dyadic(2), tiny, .zero])
    #expect(!matrix.holdsDoublesOnly)
    #expect(matrix.corrections.keys.sorted() == [0, 2])
    #expect(matrix[0, 0] == wide)
    #expect(matrix[0, 1] == Dyadic(2))
    #expect(matrix[1, 0] == tiny)
    #expect(matrix.nearest[0, 0] == wide.nearestDouble)
    #expect(matrix.nearest[1, 0] == 0)
  }
}
