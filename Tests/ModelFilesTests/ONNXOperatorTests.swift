import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Worked examples of single operators, with the normal form they must give.
struct ONNXOperatorTests {
  @Test func absoluteValueIsOneNeuronAndASkipBlock() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Abs", ["x"], "y")
    let network = try model.network()
    // |x| = 2 max(x, 0) − x.
    #expect(network.widths == [1, 1, 1])
    #expect(network.outputLayer.blocks.map(\.source) == [0, 1])
    #expect(network.outputLayer.blocks.map { $0.weights[0, 0] } == [Dyadic(-1), Dyadic(2)])
    #expect([-1.5, 0, 2].map { network.outputs(at: [$0]) } == [[1.5], [0], [2]])
  }

  @Test func linearMapsAreFoldedExactly() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("a", [1, 1], [0.1])
    model.tensor("b", [1, 1], [0.3])
    model.node("MatMul", ["x", "a"], "h")
    model.node("MatMul", ["h", "b"], "y")
    let network = try model.network()
    let weight = network.outputLayer.blocks[0].weights
    #expect(weight[0, 0] == Dyadic(0.1) * Dyadic(0.3))
    #expect(!weight.holdsDoublesOnly)
    #expect(network.lowering == .exact)
  }

  @Test func constantFoldingKeepsBiasesExact() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("a", [1], [0.1])
    model.tensor("b", [1], [1e-30])
    model.node("Add", ["x", "a"], "h")
    model.node("Sub", ["h", "b"], "y")
    #expect(try model.network().outputLayer.bias[0, 0] == Dyadic(0.1) - Dyadic(1e-30))
  }

  @Test func perfectSquaresKeepBatchNormalisationExact() throws {
    let network = try batchNormalised(variance: [3, 15], epsilon: 1)
    #expect(network.lowering == .exact)
    let weights = network.outputLayer.blocks[0].weights
    // 1/√4 = 1/2 and 1/√16 = 1/4.
    #expect([weights[0, 0], weights[1, 1]] == [Dyadic(0.5), Dyadic(0.25)])
  }

  @Test func batchNormalisationCarriesAProvedBound() throws {
    let network = try batchNormalised(variance: [1, 6], epsilon: 1)
    guard case .rounded(let rowErrors) = network.lowering else {
      Issue.record("1/√2 is no double")
      return
    }
    let weights = network.outputLayer.blocks[0].weights
    for (row, radicand) in [2, 7].enumerated() {
      // (s − e)² r < 1 < (s + e)² r: the true 1/√r lies within the bound, and the bound is tight.
      let (s, e, r) = (weights[row, row], Dyadic(rowErrors[0][row]), Dyadic(Int64(radicand)))
      #expect((s - e) * (s - e) * r < .one && .one < (s + e) * (s + e) * r)
      #expect(rowErrors[0][row] < 1e-15)
    }
  }

  private func batchNormalised(variance: [Double], epsilon: Float) throws -> Network {
    var model = ONNXModelBuilder(input: [1, 2])
    model.tensor("gamma", [2], [1, 1])
    model.tensor("beta", [2], [0, 0])
    model.tensor("mean", [2], [0, 0])
    model.tensor("variance", [2], variance)
    model.node(
      "BatchNormalization", ["x", "gamma", "beta", "mean", "variance"], "y", floats: ["epsilon": epsilon])
    return try model.network()
  }

  @Test func errorsGoThroughLaterLinearMaps() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("three", [1], [3])
    model.tensor("w", [1, 1], [1024])
    model.node("Div", ["x", "three"], "h")
    model.node("MatMul", ["h", "w"], "y")
    let network = try model.network()
    guard case .rounded(let rowErrors) = network.lowering else {
      Issue.record("1/3 is no double")
      return
    }
    let weight = network.outputLayer.blocks[0].weights[0, 0]
    let error = Dyadic(rowErrors[0][0])
    let (low, high) = (weight - error, weight + error)
    #expect(low * Dyadic(3) < Dyadic(1024) && Dyadic(1024) < high * Dyadic(3))
  }

  @Test(arguments: [[-5.0, 3], [-1, 2], [0.5, 1.5]])
  func clipBoundsBothSides(_ points: [Double]) throws {
    var model = ONNXModelBuilder(input: [1, 2])
    model.tensor("low", [], [-1])
    model.tensor("high", [], [2])
    model.node("Clip", ["x", "low", "high"], "y")
    let network = try model.network()
    #expect(network.widths == [2, 4, 2])
    #expect(network.outputs(at: points) == points.map { min(max($0, -1), 2) })
  }

  @Test func slicesTakeTheExtremeBounds() throws {
    var model = ONNXModelBuilder(input: [1, 4])
    model.integers("starts", [.max])
    model.integers("ends", [.min])
    model.integers("axes", [1])
    model.integers("steps", [-2])
    model.node("Slice", ["x", "starts", "ends", "axes", "steps"], "y")
    #expect(try model.network().outputs(at: [1, 2, 3, 4]) == [4, 2])
  }

  @Test func batchedProductsBroadcastTheirStacks() throws {
    var model = ONNXModelBuilder(input: [2, 1, 2])
    model.tensor("w", [1, 2, 2], [1, 2, 3, 4])
    model.node("MatMul", ["x", "w"], "y")
    #expect(try model.network().outputs(at: [1, 0, 0, 1]) == [1, 2, 3, 4])
  }

  @Test func aConstantLeftFactorActsOnColumns() throws {
    var model = ONNXModelBuilder(input: [2, 2])
    model.tensor("w", [3, 2], [1, 0, 0, 1, 1, 1])
    model.node("MatMul", ["w", "x"], "y")
    #expect(try model.network().outputs(at: [1, 2, 3, 4]) == [1, 2, 3, 4, 4, 6])
  }

  @Test func averagesCountPaddingOnlyWhenTold() throws {
    for (counts, expected) in [(Int64(0), [2, 2.5]), (1, [1, 2.5])] {
      var model = ONNXModelBuilder(input: [1, 1, 3])
      model.node(
        "AveragePool", ["x"], "y", ints: ["kernel_shape": [2], "strides": [2], "pads": [1, 0]],
        int: ["count_include_pad": counts])
      #expect(try model.network().outputs(at: [2, 2, 3]) == expected)
    }
  }

  @Test func coarsestPrecisionOfTheUsedWeightsIsRemembered() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("w", [1, 1], [2])
    model.tensor("v", [1, 1], [0.5], type: .float)
    model.node("Cast", ["v"], "u", int: ["to": 11])
    model.node("MatMul", ["x", "w"], "h")
    model.node("MatMul", ["h", "u"], "y")
    let network = try model.network()
    #expect(network.storage == .float32)
    #expect(network.outputLayer.blocks[0].weights[0, 0] == .one)
  }

  @Test func functionsAreInlined() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.function(
      "Bend", inputs: ["a"], outputs: ["b"],
      [ONNXModelBuilder.node("Neg", ["a"], "n"), ONNXModelBuilder.node("Relu", ["n"], "b")])
    model.node("Bend", ["x"], "h", domain: "local")
    model.node("Bend", ["h"], "y", domain: "local")
    let network = try model.network()
    #expect(network.widths == [1, 1, 1, 1])
    #expect(network.outputs(at: [-2]) == [0])
  }
}
