import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Constructions")
struct ConstructionTests {
  struct Case: CustomStringConvertible {
    let method: ConstructionMethod
    let widths: [Int]

    init(_ method: ConstructionMethod, _ widths: [Int]) {
      self.method = method
      self.widths = widths
    }

    var description: String { "\(method.name) \(widths)" }
  }

  /// Small enough for every run.
  static let small = [
    Case(.phuongLampert, [3, 3, 2, 1]), Case(.phuongLampert, [2, 2, 2, 1]),
    Case(.phuongLampert, [4, 3, 2, 2]), Case(.grigsbyLindseyRolnick, [2, 3, 2, 1]),
    Case(.grigsbyLindseyRolnick, [2, 2, 4, 1]), Case(.grigsbyLindseyRolnick, [3, 3, 3, 1]),
    Case(.grilloMontufar, [2, 3, 2, 1]), Case(.grilloMontufar, [4, 2, 5, 1]),
    Case(.grilloMontufar, [3, 2, 2, 2, 2, 1]), Case(.grilloMontufar, [2, 3, 2, 3, 2, 3]),
  ]

  /// The other architectures of the theory's tables, and larger ones.
  static let large =
    [
      [4, 3, 3, 2, 1], [3, 3, 3, 3, 1], [6, 5, 4, 3, 1], [4, 4, 4, 4, 1], [2, 2, 2, 2, 2, 2, 2, 1],
      [5, 5, 2, 2, 3], [8, 7, 6, 1], [2, 2, 1], [3, 2, 1],
    ].map { Case(.phuongLampert, $0) }
    + [
      [2, 4, 3, 4, 1], [3, 4, 5, 4, 1], [2, 5, 5, 5, 1], [3, 3, 3, 3, 1], [2, 8, 8, 1], [4, 4, 4, 1],
      [5, 6, 5, 2], [2, 3, 3, 3, 1], [3, 6, 1],
    ].map { Case(.grigsbyLindseyRolnick, $0) }
    + [
      [3, 3, 2, 1], [5, 4, 3, 2, 2, 1], [2, 4, 3, 4, 1], [3, 4, 5, 4, 1], [2, 5, 5, 5, 5, 1],
      [2, 5, 2, 5, 1],
      [6, 3, 2, 4, 3, 1], [2, 2, 2, 2, 2, 2, 2, 1], [2, 2, 2, 2, 2, 2, 2, 2, 2, 1],
      [4, 6, 3, 5, 2, 4, 3, 6, 1], [2, 3, 4, 5, 6, 7, 8, 1], [3, 8, 8, 8, 1],
    ].map { Case(.grilloMontufar, $0) }

  private func expectProof(_ item: Case, seed: UInt64) throws {
    let built = try Construction(item.method, widths: item.widths, seed: seed)
    let proof = try ConstructionProof(of: built)
    let network = built.network
    let bound = network.parameterCount - network.hiddenNeuronCount
    #expect(network.widths == item.widths, "\(item)")
    #expect(proof.functionalDimension == bound, "\(item), seed \(seed)")
    #expect(proof.isProved, "\(item), seed \(seed): \(proof.findings)")
    let certificate = try #require(proof.dimension)
    #expect(certificate.verify(network) == nil, "\(item), seed \(seed)")
  }

  @Test("Every promise is proved", arguments: ConstructionTests.small)
  func proved(_ item: Case) throws {
    for seed in 0..<(TestData.longTests ? 20 : 2) { try expectProof(item, seed: UInt64(seed)) }
  }

  @Test(
    "Every promise is proved, for many architectures and seeds", .enabled(if: TestData.longTests),
    arguments: ConstructionTests.large)
  func provedLarge(_ item: Case) throws {
    for seed in 0..<20 { try expectProof(item, seed: UInt64(seed)) }
  }
}
