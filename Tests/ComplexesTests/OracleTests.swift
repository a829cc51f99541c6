import Complexes
import ExactArithmetic
import Foundation
import ModelFiles
import Networks
import Testing
import _TestSupport

/// Frozen counts of an independent program in exact rational arithmetic.
@Suite("Counts of an independent exact program")
struct OracleTests {
  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    let network: String
    let box: Double
    let regions: Int
    let affineMaps: Int
    let faces: [Int]?

    enum CodingKeys: String, CodingKey {
      case network, box
      case regions = "activation_regions"
      case affineMaps = "distinct_affine_maps"
      case faces = "f_vector"
    }

    var testDescription: String { "\(network) on \(box)" }
    /// Whether a debug build takes seconds.
    var isLarge: Bool { regions > 6000 }
    /// Whether a debug build takes minutes.
    var isHuge: Bool { regions > 60_000 }
  }

  private struct File: Decodable { let counts: [Entry] }

  static let folder = TestData.folder?.deletingLastPathComponent().appendingPathComponent("oracle")

  static let entries: [Entry] = {
    guard let folder, let data = try? Data(contentsOf: folder.appendingPathComponent("counts.json")) else {
      return []
    }
    return (try? JSONDecoder().decode(File.self, from: data).counts) ?? []
  }()

  static var isMissing: Bool { entries.isEmpty }
  static var isRequired: Bool { ProcessInfo.processInfo.environment["CI"] == "true" }

  @Test(
    "The frozen counts are there",
    .enabled(if: !isMissing || isRequired, "the folder oracle beside CREASE_DATA is missing"))
  func found() { #expect(Self.entries.count >= 30) }

  private func subdivision(_ entry: Entry) throws -> Subdivision {
    let folder = try #require(Self.folder)
    let network = try Network(contentsOf: folder.appendingPathComponent("nets/\(entry.network).npz"))
    return Subdivision(network, on: .cube(network.inputCount, -entry.box, entry.box))
  }

  @Test(
    "Regions and faces", .enabled(if: !isMissing),
    arguments: entries.filter { TestData.longTests || !$0.isLarge })
  func counts(entry: Entry) throws {
    let count = try subdivision(entry).count(allFaces: entry.faces != nil)
    #expect(count.activationRegions == entry.regions)
    #expect(count.unboundedRegions == 0)
    if let faces = entry.faces {
      #expect(count.fVector == faces)
      #expect(count.eulerCharacteristic == 1)
    }
  }

  @Test(
    "Affine maps, and linear regions where the plane is cut again by polygons", .enabled(if: !isMissing),
    arguments: entries.filter { !$0.isHuge && (TestData.longTests || $0.regions < 600) })
  func maps(entry: Entry) throws {
    let subdivision = try subdivision(entry)
    let complex = try subdivision.complex()
    #expect(complex.regionCount == entry.regions)
    #expect(Set((0..<complex.regionCount).map { complex.exactMaps(on: $0) }).count == entry.affineMaps)
    guard subdivision.network.inputCount == 2, entry.regions < 100 || TestData.longTests else { return }
    let reference = PlanarReference(subdivision.network, size: entry.box)
    #expect(reference.cells.count == entry.regions)
    #expect(complex.linearRegions().count == reference.pieceCount)
  }

  /// Networks in or near degenerate position, by the names of their files.
  static let degenerate: [String] = {
    guard let folder else { return [] }
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("nets").path)
    let all = (names ?? []).filter { $0.hasPrefix("deg_2") }.sorted()
    return all.filter { TestData.longTests || $0.contains("1e-07") || $0.contains("2e-30") }
  }()

  @Test(
    "Nearly concurrent, nearly parallel and rescaled networks, cut again by polygons",
    .enabled(if: !isMissing), arguments: degenerate)
  func nearlyDegenerate(name: String) throws {
    let folder = try #require(Self.folder)
    let network = try Network(contentsOf: folder.appendingPathComponent("nets/\(name)"))
    let complex = try PolyhedralComplex(network, on: .cube(2, -1, 1))
    let reference = PlanarReference(network, size: 1)
    #expect(complex.regionCount == reference.cells.count)
    let patterns = (0..<complex.regionCount).map { region in
      network.hiddenNeurons.map { complex.isActive($0, on: region) }
    }
    #expect(Set(patterns) == Set(reference.cells.map(\.pattern)))
    #expect(complex.linearRegions().count == reference.pieceCount)
  }
}
