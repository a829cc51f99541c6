import ExactArithmetic
import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Every multilayer perceptron of the shared data loads and has the outputs its reference states.
@Suite(.enabled(if: TestData.isWanted))
struct ReferenceTests {
  static let folders = ["acasxu", "nets", "pairs", "trained", "edge"]

  /// float64 references bound tightly, float32 ones loosely; a file has either or both.
  private func check(_ file: ReferenceFile) throws {
    let network = try Network(contentsOf: file.url)
    #expect(network.isSequential && network.lowering == .exact, "\(file.url.lastPathComponent)")
    for (name, unit) in [("y", 0x1p-53), ("y_f32", 0x1p-24)] {
      for k in 0..<file.rows(of: name) {
        let violation = ReferenceBound(unit: unit)
          .violation(of: network, at: file.row(k, of: "x"), output: file.row(k, of: name))
        #expect(violation == nil, "\(file.url.lastPathComponent) \(name) row \(k): \(violation ?? "")")
      }
    }
  }

  @Test func nnetFiles() throws {
    let files = try ReferenceFile.all("nnet", in: Self.folders)
    #expect(files.count >= 60)
    for file in files {
      #expect(file.rows(of: "y") > 0)
      try check(file)
    }
  }

  @Test func npzFiles() throws {
    let files = try ReferenceFile.all("npz", in: Self.folders)
    #expect(files.count >= 20)
    for file in files { try check(file) }
  }

  @Test func safetensorsFiles() throws {
    let files = try ReferenceFile.all("safetensors", in: Self.folders)
    #expect(files.count >= 10)
    for file in files { try check(file) }
  }

  /// Files without a reference load; where the same network is there in another format, the layers are equal.
  @Test func filesWithoutReference() throws {
    for kind in ["nnet", "npz", "safetensors"] {
      for url in try ReferenceFile.paths(kind, in: Self.folders) {
        let network = try Network(contentsOf: url)
        let twin = url.deletingPathExtension().appendingPathExtension("npz")
        guard kind == "safetensors", FileManager.default.fileExists(atPath: twin.path) else { continue }
        #expect(try network.layers == Network(contentsOf: twin).layers, "\(url.lastPathComponent)")
      }
    }
  }

  @Test func storageIsRemembered() throws {
    let torch = try #require(TestData.folder).appendingPathComponent("trained/torch")
    for (name, storage) in [
      ("plain", StoragePrecision.float32), ("plain_bf16", .bfloat16), ("plain_fp16", .float16),
      ("deep_f64", .float64),
    ] {
      let url = torch.appendingPathComponent("\(name).safetensors")
      #expect(try Network(contentsOf: url).storage == storage)
    }
  }

  /// Physical units: the folded network against references that normalise, evaluate and scale back.
  @Test func rawInputs() throws {
    var tested = 0
    for file in try ReferenceFile.all("nnet", in: ["acasxu", "nets", "pairs"])
    where file.rows(of: "y_raw") > 0 {
      tested += 1
      let content = try NNetFile([UInt8](Data(contentsOf: file.url)))
      let normalisation = try #require(content.normalisation)
      let raw = try Network(contentsOf: file.url, options: ReadingOptions(rawInputs: true))
      var bound = ReferenceBound(unit: 0x1p-53)
      if case .rounded(let rowErrors) = raw.lowering {
        bound.rowErrors = rowErrors
        // A bound that is far from a rounding error would make the test pass for wrong reasons.
        for (layer, errors) in zip(raw.layers, rowErrors) {
          for (i, error) in errors.enumerated() {
            let row = layer.blocks.flatMap { $0.weights.nearest.row(i) } + [layer.bias.nearest[i, 0]]
            let terms = zip(row, normalisation.means).map { ($0 * $1).magnitude }
            #expect(error <= 1e-14 * (terms.max() ?? 1) + 1e-14 * (row.map(\.magnitude).max() ?? 1))
          }
        }
      }
      for k in 0..<file.rows(of: "y_raw") {
        let x = file.row(k, of: "x_raw")
        // The reference's x carries a rounding of x_raw to physical units, or of the way back.
        let errors = x.indices.map {
          4 * 0x1p-53
            * (x[$0].magnitude + normalisation.means[$0].magnitude
              + (normalisation.ranges[$0] * file.row(k, of: "x")[$0]).magnitude)
        }
        // The reference's last step, y · range + mean, adds two roundings of its own.
        let y = file.row(k, of: "y_raw")
        let violation = bound.violation(of: raw, at: x, inputErrors: errors, output: y)
        #expect(violation == nil, "\(file.url.lastPathComponent) row \(k): \(violation ?? "")")
      }
    }
    #expect(tested >= 45)
  }

  /// Every folded entry against rational arithmetic: within the bound of its row, and exact in the last layer.
  @Test(arguments: [
    "acasxu/nnet/acasxu_1_1", "nets/hcas/HCAS_rect_v6_pra0_tau05_25HU_3000", "nets/nv/mnist_small",
  ])
  func foldedEntries(name: String) throws {
    let url = try #require(TestData.folder).appendingPathComponent("\(name).nnet")
    let content = try NNetFile([UInt8](Data(contentsOf: url)))
    let raw = try Network(contentsOf: url, options: ReadingOptions(rawInputs: true))
    let units = try #require(content.normalisation)
    guard case .rounded(let errors) = raw.lowering else {
      Issue.record("these ranges are no powers of two")
      return
    }
    let last = content.weights.count - 1
    for (l, weights) in content.weights.enumerated() where l == 0 || l == last {
      let scale = Rational(Dyadic(l == last ? units.outputRange : 1))
      for i in 0..<weights.rows {
        let bound = Rational(Dyadic(errors[l][i]))
        var bias = Rational(Dyadic(content.biases[l][i])) * scale
        if l == last { bias = bias + Rational(Dyadic(units.outputMean)) }
        for j in 0..<weights.columns {
          var entry = Rational(Dyadic(weights[i, j])) * scale
          if l == 0 {
            entry = try #require(entry.dividedExactly(by: Rational(Dyadic(units.ranges[j]))))
            bias = bias - entry * Rational(Dyadic(units.means[j]))
          }
          let gap = entry - Rational(raw.layers[l].blocks[0].weights[i, j])
          #expect(max(gap, -gap) <= bound, "layer \(l + 1) weight (\(i), \(j))")
        }
        let gap = bias - Rational(raw.layers[l].bias[i, 0])
        #expect(max(gap, -gap) <= bound, "layer \(l + 1) bias \(i)")
      }
    }
    if last > 0 { #expect(errors[last].allSatisfy { $0 == 0 }) }
  }
}
