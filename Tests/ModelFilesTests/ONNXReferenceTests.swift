import ExactArithmetic
import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Every model of the shared data gives its reference outputs, within proved bounds, or is refused for a reason.
@Suite(.enabled(if: TestData.isWanted))
struct ONNXReferenceTests {
  /// Models that cannot be read, and a word of the reason.
  static let refused = [
    "breast_cancer_4_s9.skl2onnx.onnx": "not piecewise linear",
    "digits_16_s0.skl2onnx.onnx": "not piecewise linear", "iris_5_s3.skl2onnx.onnx": "not piecewise linear",
    "sigmoid.onnx": "not piecewise linear", "Sigmoid.onnx": "not piecewise linear",
    "tanh.onnx": "not piecewise linear", "ConvTranspose2d.onnx": "not read yet",
    // These multiply inputs with one another.
    "operator_addmm.onnx": "not piecewise linear", "operator_mm.onnx": "not piecewise linear",
    "operator_params.onnx": "not piecewise linear",
    // A maximum over 3 x 48 x 48 windows: rows of a dense normal form are too long.
    "operator_maxpool.onnx": "more than the limit",
  ]

  /// Models whose float64 reference takes the decimal 1e-5 for the default ε of batch normalisation, which ONNX
  /// keeps as the float32 next to it.
  static let decimalEpsilon: Set = [
    "batchnorm_neg_zero_scale.onnx", "conv_autopad_bn.onnx", "batchnorm.onnx", "BatchNorm2d_eval.onnx",
  ]

  @Test(arguments: [
    "acasxu/onnx", "acasxu/onnx_eran", "acasxu/onnx_dnnv", "trained", "ckpt", "zoo", "zoo_marabou",
    "zoo_onnx_pkg", "nets/control", "nets/marabou",
  ])
  func modelsGiveTheirReferenceOutputs(folder: String) throws {
    for url in try ONNXTestFiles.models(in: folder) { try check(url, points: 2) }
  }

  @Test(.enabled(if: TestData.longTests), arguments: ["nets", "conv", "acasxu", "zoo"])
  func largeModelsGiveTheirReferenceOutputs(folder: String) throws {
    for url in try ONNXTestFiles.models(in: folder) { try check(url, points: 8) }
  }

  private func check(_ url: URL, points: Int) throws {
    let name = url.lastPathComponent
    if let reason = Self.refused[name] {
      let error = #expect(throws: ModelFileError.self, "\(name)") { try ONNXTestFiles.network(url) }
      #expect(error?.description.contains(reason) == true, "\(name)")
      return
    }
    let network = try ONNXTestFiles.network(url)
    let forward = ONNXForwardError(network)
    let reference = try ONNXReference(URL(fileURLWithPath: url.path + ".io.npz"))
    for k in 0..<min(try #require(reference.inputs.first).shape[0], points) {
      let x = reference.inputs.flatMap { $0.row(k) }
      try #require(x.count == network.inputCount, "\(name)")
      let values = network.boundedPreactivations(at: x)
      let outputs = values[values.count - 1]
      for (series, isExact) in [(reference.outputs, false), (reference.exactOutputs, true)] {
        if series.isEmpty { continue }
        let isCoarse = isExact && Self.decimalEpsilon.contains(name)
        let unit = isCoarse ? 0x1p-24 : series.map(\.unit).max() ?? 0
        let bounds = forward.bounds(at: x, values, unit: unit)
        let expected = series.flatMap { $0.row(k) }
        try #require(expected.count == network.outputCount, "\(name)")
        for i in expected.indices {
          let difference = (expected[i] - outputs.values[i]).magnitude
          let bound = outputs.errors[i] + bounds[i]
          #expect(difference <= bound, "\(name), point \(k), output \(i): \(expected[i])")
        }
      }
    }
  }
}
