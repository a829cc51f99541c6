import Crease
import Foundation
import Testing
import _TestSupport

@testable import ModelFiles

@Suite("Paths of a file as it is written")
struct PathLiftingTests {
  @Test("A maximum has a path for each element, an average divides each, and no two weights are folded")
  func pooling() throws {
    // Two channels of two numbers each; weights 2 and −3, then maximum of a pair, then average of a pair.
    var builder = ONNXModelBuilder(input: [1, 1, 4])
    builder.tensor("w", [2, 1, 1], [2, -3])
    builder.tensor("b", [2], [1, 0])
    builder.node("Conv", ["x", "w", "b"], "a", ints: ["kernel_shape": [1]])
    builder.node("Relu", ["a"], "h")
    builder.node("MaxPool", ["h"], "m", ints: ["kernel_shape": [2], "strides": [2]])
    builder.node("AveragePool", ["m"], "y", ints: ["kernel_shape": [2]])
    let (network, sizes) = try lifted(builder)
    #expect(sizes == [2])
    // Channel 0: (2 + 1) twice for the maximum, twice for the average, halved; channel 1: 3 · 4 / 2.
    #expect(try PathEmbedding(of: network).norm(1).total.value.upper == 12)
    // Squares: (4 + 1) · 4 / 4 + 9 · 4 / 4.
    #expect(try PathEmbedding(of: network).norm(2).total.exactPower == Dyadic(14))
    // The normal form has other paths: max(a, b) = b + relu(a − b).
    #expect(try PathEmbedding(of: builder.network()).norm(1).total.value.upper == 18)
  }

  @Test("Paths that meet again stay apart: x + x, a skip connection, batch normalisation on a bias")
  func meeting() throws {
    var twice = ONNXModelBuilder(input: [1, 1])
    twice.node("Add", ["x", "x"], "y")
    #expect(try PathEmbedding(of: lifted(twice).0).norm(2).total.exactPower == Dyadic(2))

    var skip = ONNXModelBuilder(input: [1, 1])
    skip.tensor("w", [1, 1], [3])
    skip.node("MatMul", ["x", "w"], "a")
    skip.node("Relu", ["a"], "h")
    skip.node("Sub", ["h", "x"], "y")
    #expect(try PathEmbedding(of: lifted(skip).0).norm(2).total.exactPower == Dyadic(10))

    // x·2 + 1, then 4 (x − 1) + 3: the biases 1 · 4 and 3 − 4 have paths of their own.
    var normalised = ONNXModelBuilder(input: [1, 1])
    normalised.tensor("w", [1, 1], [2])
    normalised.tensor("b", [1], [1])
    for (name, value) in [("s", 4.0), ("t", 3), ("m", 1), ("v", 1)] { normalised.tensor(name, [1], [value]) }
    normalised.node("Gemm", ["x", "w", "b"], "a")
    normalised.node("BatchNormalization", ["a", "s", "t", "m", "v"], "y", floats: ["epsilon": 0])
    #expect(try PathEmbedding(of: lifted(normalised).0).norm(2).total.exactPower == Dyadic(64 + 16 + 1))
  }

  @Test("Operators without a rule are refused by name")
  func refusals() throws {
    for operation in ["LeakyRelu", "Abs", "Clip"] {
      var builder = ONNXModelBuilder(input: [1, 2])
      builder.node(operation, ["x"], "y")
      let error = #expect(throws: ONNXFailure.self) { try lifted(builder) }
      #expect(error.map { "\($0.cause)".contains("no rule for \(operation)") } == true)
    }
  }

  /// By `Benchmarks/path_norm_recipe.py`, which evaluates the transformed graph in float64 with numpy: q = 1, 2, 4, 8, 16.
  private static let published: [(file: String, norms: [Double])] = [
    (
      "acasxu/onnx/acasxu_1_1.onnx",
      [
        6.360569952481756e7, 7.450143076177330e3, 1.471144260071488e3, 1.197942083294865e3,
        1.125303287563253e3,
      ]
    ),
    (
      "nets/marabou/conv_mp1.onnx",
      [
        7.268942160715189e2, 8.608733705097340e-1, 2.192477129444983e-1, 1.863653819144896e-1,
        1.749096945227951e-1,
      ]
    ),
    (
      "nets/marabou/linear2-3_bn1-linear3-1.onnx",
      [9.999980000150504, 4.242635973118717, 3.177971204688714, 3.014664335405009, 3.000285275514222]
    ),
    (
      "zoo/avgpool.onnx",
      [
        1.122724215274664e1, 7.493856309181351e-1, 3.151417619572816e-1, 2.756131970546210e-1,
        2.662000824505171e-1,
      ]
    ),
    (
      "zoo/batchnorm_gemm9.onnx",
      [2.718749413485757e1, 4.974808847461983, 3.054982761272836, 2.749762352327462, 2.700585757169497]
    ),
    (
      "zoo/maxpool.onnx",
      [6.957806754602397e1, 4.143598620174019, 1.316524995623191, 8.557293004816678e-1, 7.205852216658404e-1]
    ),
    (
      "zoo/conv_autopad_bn.onnx",
      [4.783177598630887e1, 4.575286730738083, 1.740831726273580, 1.210791323369621, 1.079792501231529]
    ),
    (
      "zoo/residual_conv.onnx",
      [
        2.461928685187866e2, 2.253755399416113, 6.823949359642888e-1, 5.994933299848018e-1,
        5.963720213915452e-1,
      ]
    ),
  ]

  private static let large: [(file: String, norms: [Double])] = [
    (
      "conv/eran_mnist/mnist_conv_maxpool.onnx",
      [
        1.856955341389673e9, 4.125394806258392e2, 8.497463991196850e-1, 6.422044895706047e-1,
        6.405079816396371e-1,
      ]
    ),
    (
      "conv/resnet/resnet2b.onnx",
      [
        2.025401927001151e7, 8.715644421769072, 5.701399103227363e-1, 4.947023239009950e-1,
        4.705944087651754e-1,
      ]
    ),
    (
      "nets/marabou/cnn_max_mninst2.onnx",
      [
        9.117102640607364e5, 5.922250500615608e1, 8.928657664823679e-1, 1.936608221047249e-1,
        1.286395131007562e-1,
      ]
    ),
  ]

  @Test(
    "Real networks: the published recipe, evaluated another way, gives the same numbers",
    .enabled(if: TestData.isWanted))
  func recipe() throws {
    try check(Self.published)
  }

  @Test(
    "Larger networks with maxima and skip connections", .enabled(if: TestData.isWanted && TestData.longTests))
  func largeRecipe() throws {
    try check(Self.large)
  }

  private func check(_ rows: [(file: String, norms: [Double])]) throws {
    let folder = try #require(TestData.folder)
    for row in rows {
      let lifting = try PathLifting(contentsOf: folder.appendingPathComponent(row.file))
      let embedding = PathEmbedding(of: lifting.network)
      for (order, expected) in zip([1.0, 2, 4, 8, 16], row.norms) {
        // Scales of batch normalisation are rounded when read.
        let value = try embedding.norm(order, exactLimit: 0).total.value
        #expect((value.upper - expected).magnitude < 1e-9 * expected, "\(row.file), q = \(order): \(value)")
      }
    }
  }

  private func lifted(_ builder: ONNXModelBuilder) throws -> (Network, [Int]) {
    let walked = try ONNXReader.walk(
      builder.model.serializedBytes(), folder: FileManager.default.temporaryDirectory,
      limits: ONNXLowering.Limits(), isLifting: true)
    return (walked.network, walked.maximumSizes)
  }
}
