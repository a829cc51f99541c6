import ExactArithmetic
import Foundation
import LinearAlgebra
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

@Suite struct RoundTripTests {
  static let formats: [ModelFormat] = [.nnet, .safetensors, .npz]

  private static func read(_ bytes: [UInt8], _ format: ModelFormat) throws(ModelFileError.Cause) -> Network {
    let told = try ModelFormat(of: bytes, fileExtension: "")
    #expect(told == format)
    return switch format {
    case .safetensors: try SafetensorsReader.network(from: bytes)
    case .npz: try NPZReader.network(from: bytes)
    default: try NNetReader.network(from: bytes)
    }
  }

  /// Random finite doubles of a format, extremes among them, as patterns of bits.
  private static func entry(_ precision: StoragePrecision, _ rng: inout SplitMix64) -> Double {
    while true {
      let bytes = withUnsafeBytes(of: rng.next()) { Array($0) }
      let value = precision.decode(bytes, 0..<precision.byteCount)[0]
      if value.isFinite { return value }
    }
  }

  @Test func everyFormatAndPrecisionKeepsBits() throws {
    for seed in 0..<20 as Range<UInt64> {
      var rng = SplitMix64(seed: seed)
      let widths = (0...Int.random(in: 1...4, using: &rng)).map { _ in Int.random(in: 1...7, using: &rng) }
      for precision in StoragePrecision.allCases {
        let network = Network(
          weights: (1..<widths.count).map { l in
            (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in Self.entry(precision, &rng) } }
          },
          biases: (1..<widths.count).map { l in (0..<widths[l]).map { _ in Self.entry(precision, &rng) } },
          storage: precision)
        for format in Self.formats where !(format == .npz && precision == .bfloat16) {
          let back = try Self.read(network.bytes(format, precision), format)
          let patterns = { (network: Network) in
            network.layers.map { layer in
              (layer.blocks[0].weights.nearest.elements + layer.bias.nearest.elements).map(\.bitPattern)
            }
          }
          #expect(patterns(back) == patterns(network), "\(format) \(precision) seed \(seed)")
          #expect(back.widths == widths)
          if format != .nnet, precision != .decimal { #expect(back.storage == precision) }
        }
      }
    }
  }

  @Test func theDomainStaysInNNet() throws {
    let box = InputDomain.box(.init([Interval(-0.1, 1.0 / 3), Interval(2, 5e-3 + 2)]))
    let network = Small.network.with(domain: box)
    #expect(try Self.read(network.bytes(.nnet, .float64), .nnet).domain == box)
    #expect(try Self.read(Small.network.bytes(.nnet, .float64), .nnet).domain == nil)
  }

  @Test func bytesAreDeterministic() throws {
    for format in Self.formats {
      #expect(try Small.network.bytes(format, .float64) == Small.network.bytes(format, .float64))
    }
  }

  @Test(.enabled(if: TestData.isWanted)) func realNetworks() throws {
    let folder = try #require(TestData.folder)
    for path in [
      "acasxu/nnet/acasxu_1_1.nnet", "trained/torch/plain.safetensors", "trained/sklearn/iris_6x6_s5.npz",
    ] {
      let network = try Network(contentsOf: folder.appendingPathComponent(path))
      let temporary = FileManager.default.temporaryDirectory.appendingPathComponent("crease-\(UUID())")
      try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: temporary) }
      for format in Self.formats {
        let url = temporary.appendingPathComponent("copy.\(format.rawValue)")
        try network.write(to: url)
        try network.write(to: url)
        #expect(try Network(contentsOf: url).layers == network.layers)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).count == 3)
    }
  }
}

@Suite struct WritingTests {
  private func cause(_ network: Network, _ format: ModelFormat, _ precision: StoragePrecision) -> String? {
    #expect(throws: ModelFileError.Cause.self) { try network.bytes(format, precision) }?.description
  }

  @Test func roundingIsRefusedOrDone() throws {
    let network = Network(weights: [[[1, 0.1]]], biases: [[0.2]])
    #expect(
      cause(network, .npz, .float32)
        == "layer 1, weight (0, 1): 0.1 is not a float32 number; use --round to round it")
    let rounded = try NPZReader.network(from: network.bytes(.npz, .float32, rounding: true))
    #expect(rounded.layers[0].blocks[0].weights.nearest.elements == [1, Double(Float(0.1))])
    let large = Network(weights: [[[1e6]]], biases: [[0]])
    #expect(throws: ModelFileError.Cause.self) { try large.bytes(.npz, .float16, rounding: true) }
  }

  /// Exact entries that no double holds would round in every format.
  @Test func correctionsWouldRound() {
    let weights = ExactMatrix(rows: 1, columns: 1, elements: [Dyadic(1.0) + Dyadic(0x1p-80)])
    let network = Network(
      inputCount: 1,
      layers: [.init(blocks: [.init(source: 0, weights: weights)], bias: ExactMatrix(column: [0]))])
    #expect(cause(network, .safetensors, .float64)?.contains("layer 1, weight (0, 0): 1.0 is not") == true)
  }

  @Test func otherRefusals() throws {
    let one = Matrix(rows: 1, columns: 1, elements: [1.0])
    let skip = Network(
      inputCount: 1,
      layers: [
        .init(weights: one, bias: [0], reading: 0),
        .init(
          blocks: [.init(source: 0, weights: ExactMatrix(one)), .init(source: 1, weights: ExactMatrix(one))],
          bias: ExactMatrix(column: [0])),
      ])
    for format in RoundTripTests.formats {
      #expect(cause(skip, format, .float64)?.contains("write ONNX") == true)
    }
    #expect(cause(Small.network, .npz, .bfloat16)?.contains("NumPy has no bfloat16") == true)
    let folder = FileManager.default.temporaryDirectory.path
    for path in ["/nowhere/at/all/x.npz", "/dev/null", folder, folder + "/x.unknown"] {
      let error = #expect(throws: ModelFileError.self) {
        try Small.network.write(
          to: URL(fileURLWithPath: path), format: path.hasSuffix("unknown") ? nil : .npz)
      }
      #expect(error?.file == path)
    }
  }

  @Test func roundingToHalfIsNearestEven() {
    let half = StoragePrecision.float16
    #expect(half.rounded(1 + 0x1p-11) == 1)
    #expect(half.rounded(1 + 3 * 0x1p-11) == 1 + 0x1p-9)
    #expect(half.rounded(0x1p-25) == 0)
    #expect(half.rounded(0x1.8p-25) == 0x1p-24)
    #expect(
      half.rounded(65519) == 65504 && half.rounded(65520) == .infinity && half.rounded(-1e9) == -.infinity)
    #expect(StoragePrecision.bfloat16.rounded(1 + 0x1p-8) == 1)
    #expect(StoragePrecision.bfloat16.rounded(.greatestFiniteMagnitude) == .infinity)
    #expect(StoragePrecision.bfloat16.rounded(.leastNonzeroMagnitude) == 0)
  }
}
