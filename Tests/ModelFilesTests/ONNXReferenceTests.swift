import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Every model of the shared data that can be read gives its reference outputs, within proved bounds.
@Suite(.enabled(if: TestData.isWanted))
struct ONNXReferenceTests {
  @Test(arguments: [
    "acasxu/onnx", "acasxu/onnx_eran", "acasxu/onnx_dnnv", "nets", "trained", "ckpt", "zoo", "zoo_marabou",
    "zoo_onnx_pkg", "conv",
  ])
  func modelsGiveTheirReferenceOutputs(folder: String) throws {
    for url in try ONNXTestFiles.models(in: folder) {
      try check(url, name: url.lastPathComponent)
    }
  }

  private func check(_ url: URL, name: String) throws {
    let network: Network
    do {
      network = try ONNXTestFiles.network(url)
    } catch let error as ModelFileError {
      print("REFUSED", error)
      return
    }
    let reference = try ONNXReference(URL(fileURLWithPath: url.path + ".io.npz"))
    let count = try #require(reference.inputs.first).shape[0]
    for k in 0..<min(count, 4) {
      let x = reference.inputs.flatMap { $0.row(k) }
      #expect(x.count == network.inputCount, "\(name)")
      let enclosure = network.enclosure(at: x)
      let lowering = network.loweringError(at: x)
      for outputs in [reference.outputs, reference.exactOutputs] where !outputs.isEmpty {
        let unit = outputs.map(\.unit).max() ?? 0
        let error = network.forwardError(at: x, unit: unit, stages: 3)
        let y = outputs.flatMap { $0.row(k) }
        #expect(y.count == network.outputCount, "\(name)")
        for i in y.indices {
          let slack = error[i] + lowering[i]
          let isInside = enclosure[i].lower - slack <= y[i] && y[i] <= enclosure[i].upper + slack
          #expect(isInside, "\(name), point \(k), output \(i): \(y[i]) against \(enclosure[i]) +- \(slack)")
        }
      }
    }
  }
}
