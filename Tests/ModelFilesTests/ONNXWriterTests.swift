import ExactArithmetic
import Foundation
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// What is written is read back as the same network.
struct ONNXWriterTests {
  private func read(_ bytes: [UInt8]) throws -> Network {
    try ONNXReader.network(from: bytes, file: "test.onnx", folder: FileManager.default.temporaryDirectory)
  }

  @Test(arguments: [StoragePrecision.float32, .float64])
  func perceptronsRoundTrip(precision: StoragePrecision) throws {
    for seed in 0..<8 {
      var rng = SplitMix64(seed: UInt64(seed))
      let network = Network.random(widths: [3, 5, 4, 2], using: &rng)
      let bytes = try ONNXWriter.bytes(of: network, precision: precision, rounding: false)
      let copy = try read(bytes)
      #expect(copy.layers == network.layers, "seed \(seed)")
      #expect(copy.storage == precision)
      #expect(try ONNXWriter.bytes(of: network, precision: precision, rounding: false) == bytes)
    }
  }

  @Test func skipBlocksRoundTrip() throws {
    func block(_ source: Int, _ rows: Int, _ columns: Int) -> Network.Block {
      let entries = (0..<rows * columns).map { Double($0 + source + 1) / 8 }
      return Network.Block(
        source: source, weights: ExactMatrix(Matrix(rows: rows, columns: columns, elements: entries)))
    }
    let network = Network(
      inputCount: 2,
      layers: [
        Network.Layer(blocks: [block(0, 3, 2)], bias: ExactMatrix(column: [1, 2, 3])),
        Network.Layer(blocks: [block(0, 2, 2), block(1, 2, 3)], bias: ExactMatrix(column: [-1, 0.5])),
        Network.Layer(
          blocks: [block(0, 2, 2), block(1, 2, 3), block(2, 2, 2)], bias: ExactMatrix(column: [0, 4])),
      ])
    let copy = try read(try ONNXWriter.bytes(of: network, precision: .float64, rounding: false))
    #expect(copy.layers == network.layers)
  }

  @Test func constantNetworksRoundTrip() throws {
    let network = Network(
      inputCount: 2, layers: [Network.Layer(blocks: [], bias: ExactMatrix(column: [1, 2]))])
    #expect(
      try read(ONNXWriter.bytes(of: network, precision: .float32, rounding: false)).layers == network.layers)
  }

  @Test func roundingNeedsPermission() throws {
    let tenth = Network(weights: [[[0.1]]], biases: [[0]])
    #expect(throws: ModelFileError.Cause.self) {
      try ONNXWriter.bytes(of: tenth, precision: .float32, rounding: false)
    }
    let copy = try read(try ONNXWriter.bytes(of: tenth, precision: .float32, rounding: true))
    #expect(copy.outputLayer.blocks[0].weights[0, 0] == Dyadic(Double(Float(0.1))))
    let product = ExactMatrix(rows: 1, columns: 1, elements: [Dyadic(0.1) * Dyadic(0.1)])
    let folded = Network(
      inputCount: 1,
      layers: [
        Network.Layer(blocks: [Network.Block(source: 0, weights: product)], bias: ExactMatrix(column: [0]))
      ])
    #expect(throws: ModelFileError.Cause.self) {
      try ONNXWriter.bytes(of: folded, precision: .float64, rounding: false)
    }
  }

  @Test func numbersBeyondFloat32AreNotWritable() {
    let large = Network(weights: [[[1e300]]], biases: [[0]])
    #expect(throws: ModelFileError.Cause.self) {
      try ONNXWriter.bytes(of: large, precision: .float32, rounding: true)
    }
  }
}
