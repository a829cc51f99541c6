import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Broken files give one clear line, quickly; odd but valid ones load.
@Suite(.enabled(if: TestData.isWanted))
struct MalformedFileTests {
  struct Expectation: Decodable {
    let file: String
    let expect: String
    let why: String
  }
  struct Expectations: Decodable { let files: [Expectation] }

  static func expectations() throws -> [Expectation] {
    let folder = try #require(TestData.folder)
    let data = try Data(contentsOf: folder.appendingPathComponent("bad/expectations.json"))
    let all = try JSONDecoder().decode(Expectations.self, from: data).files
    return all.filter { !$0.file.hasSuffix(".onnx") }
  }

  @Test func sharedFiles() throws {
    let folder = try #require(TestData.folder)
    let expectations = try Self.expectations()
    #expect(expectations.count >= 30)
    for expectation in expectations {
      let start = ContinuousClock.now
      do {
        _ = try Network(contentsOf: folder.appendingPathComponent(expectation.file))
        #expect(expectation.expect != "refuse", "\(expectation.file): \(expectation.why)")
      } catch {
        #expect(expectation.expect != "accept", "\(expectation.file): \(error)")
        let line = "\(error)"
        #expect(
          line.contains(expectation.file) && !line.contains(where: \.isNewline) && line.count < 400, "\(line)"
        )
      }
      #expect(ContinuousClock.now - start < .seconds(2), "\(expectation.file)")
    }
  }

  @Test func pickles() throws {
    let folder = try #require(TestData.folder)
    for path in ["ckpt/mnist_2_20.pth", "trained/torch/plain.pt", "bad/truncated.pt"] {
      let error = #expect(throws: ModelFileError.self) {
        try Network(contentsOf: folder.appendingPathComponent(path))
      }
      #expect(error?.cause == ForeignFormat.torch.cause)
    }
  }

  @Test func noFiles() throws {
    func cause(_ path: String) -> ModelFileError.Cause? {
      #expect(throws: ModelFileError.self) { try Network(contentsOf: URL(fileURLWithPath: path)) }?.cause
    }
    #expect(cause("/nowhere/at/all.nnet") == .noSuchFile)
    #expect(cause("/tmp") == .malformed(place: "path", expected: "a file", found: "a folder"))
    #expect(cause("/dev/zero") == .malformed(place: "path", expected: "a file", found: "a device or pipe"))
  }
}
