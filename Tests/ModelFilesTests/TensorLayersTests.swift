import Networks
import Testing

@testable import ModelFiles

@Suite struct TensorLayersTests {
  private func network(_ tensors: NamedTensor...) throws(ModelFileError.Cause) -> Network {
    try TensorLayers(tensors).network()
  }

  /// The naming schemes with weights as outputs × inputs.
  @Test(arguments: [
    ("0.", "2."), ("fc1.", "fc2."), ("layers.0.", "layers.1."), ("net.0.", "net.2."),
    ("model.fc1.", "model.fc2."),
    ("module.9.", "module.10."), ("state_dict.model.layer9.", "state_dict.model.layer10."),
    ("hidden.", "output."),
    ("fc1_", "fc2_"), ("zeta.", "alpha."),
  ])
  func torchNames(first: String, second: String) throws {
    let network = try network(
      Small.tensor(second + "weight", [1, 3]), Small.tensor(first + "bias", [3]),
      Small.tensor(first + "weight", [3, 2]), Small.tensor(second + "bias", [1]))
    #expect(network.widths == [2, 3, 1])
    #expect(network.layers[0].blocks[0].weights.nearest.row(1) == [0.375, 0.5])
  }

  @Test(arguments: [
    ("dense/kernel:0", "dense/bias:0", "dense_1/kernel:0", "dense_1/bias:0"),
    ("params/Dense_0/kernel", "params/Dense_0/bias", "params/Dense_1/kernel", "params/Dense_1/bias"),
    ("coefs_0", "intercepts_0", "coefs_1", "intercepts_1"),
  ])
  func kernelsAreTransposed(w0: String, b0: String, w1: String, b1: String) throws {
    let network = try network(
      Small.tensor(w0, [2, 3]), Small.tensor(b0, [3]), Small.tensor(w1, [3, 1]), Small.tensor(b1, [1]))
    #expect(network.widths == [2, 3, 1])
    #expect(network.layers[0].blocks[0].weights.nearest.row(1) == [0.25, 0.625])
  }

  /// A square kernel is transposed too: the scheme fixes the orientation, not the shape.
  @Test func squareMatrices() throws {
    let kernel = try network(Small.tensor("a/kernel", [2, 2]))
    #expect(kernel.layers[0].blocks[0].weights.nearest.elements == [0.125, 0.375, 0.25, 0.5])
    let plain = try network(Small.tensor("W0", [2, 2]))
    #expect(plain.layers[0].blocks[0].weights.nearest.elements == [0.125, 0.25, 0.375, 0.5])
    let haiku = #expect(throws: ModelFileError.Cause.self) { try network(Small.tensor("linear/w", [2, 2])) }
    #expect(haiku?.description.contains("both as outputs × inputs") == true)
  }

  @Test func plainNames() throws {
    let straight = try network(
      Small.tensor("W1", [3, 2]), Small.tensor("b1", [3]), Small.tensor("W2", [1, 3]), Small.tensor("b2", [1])
    )
    #expect(straight.widths == [2, 3, 1])
    let transposed = try network(
      Small.tensor("W0", [2, 3]), Small.tensor("b0", [3]), Small.tensor("W1", [3, 1]), Small.tensor("b1", [1])
    )
    #expect(transposed.widths == [2, 3, 1])
    let haiku = try network(
      Small.tensor("mlp/linear_0/w", [2, 3]), Small.tensor("mlp/linear_0/b", [3]),
      Small.tensor("mlp/linear_1/w", [3, 1]))
    #expect(haiku.widths == [2, 3, 1])
  }

  @Test func missingBiasIsZero() throws {
    let network = try network(Small.tensor("0.weight", [3, 2]), Small.tensor("2.weight", [1, 3]))
    #expect(network.layers.map { $0.bias.nearest.elements } == [[0, 0, 0], [0]])
  }

  @Test func layerTenFollowsNine() throws {
    let tensors = (0..<12).map { Small.tensor("\($0).weight", [$0 + 2, $0 + 1]) }
    #expect(try TensorLayers(tensors.sorted { $0.name < $1.name }).network().widths == Array(1...13))
  }

  @Test(
    arguments: [
      ([("0.weight", [3, 2]), ("2.weight", [1, 4])], "chain"),
      ([("0.weight", [3, 2]), ("0.bias", [2])], "chain"),
      ([("0.weight", [3, 2]), ("x", [5])], "no layer in \"x\" (5)"),
      ([("x", [16, 5]), ("y", [16, 3])], "no layer in \"x\" (16, 5)"),
      ([("0.bias", [3])], "a bias without a weight"),
      ([("0.weight", [3, 2]), ("0.kernel", [2, 3])], "two weights of one layer"),
      ([("up.weight", [2, 2]), ("down.weight", [2, 2])], "several orders"),
      ([("0.weight", [3, 2, 1])], "a weight of shape (3, 2, 1)"),
      ([("0.weight", [3])], "a weight of shape (3)"),
      ([("0.weight", [0, 5])], "expected entries, found shape (0, 5)"),
      ([("0.weight", [3, 2]), ("1.running_mean", [3])], "batch normalisation"),
      ([], "no tensors"),
    ] as [([(String, [Int])], String)])
  func refusals(shapes: [(String, [Int])], message: String) {
    let error = #expect(throws: ModelFileError.Cause.self) {
      try TensorLayers(shapes.map { Small.tensor($0.0, $0.1) }).network()
    }
    #expect(error?.description.contains(message) == true, "\(error.map(String.init(describing:)) ?? "")")
  }

  @Test func notFinite() {
    let error = #expect(throws: ModelFileError.Cause.self) {
      try TensorLayers([Small.tensor("0.weight", [1, 2], [1, .nan])]).network()
    }
    #expect(error == .notFinite(place: "tensor \"0.weight\", entry 1", found: "nan"))
  }
}
