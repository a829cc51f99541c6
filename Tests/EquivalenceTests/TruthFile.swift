import ExactArithmetic
import Foundation
import ModelFiles
import Networks
import Testing
import _TestSupport

/// Two files of the shared data and how their functions are related.
struct TruthPair: Sendable, CustomTestStringConvertible {
  /// What the truth file says of the pair.
  enum Relation: String, Decodable {
    case identical, rounding, different
    case boxOnly = "box_only"
  }

  let name: String
  let a: URL
  let b: URL
  let relation: Relation
  var box: [[Double]]?
  var witness: [Double]?
  /// An input outside of the box at which a pair that is equal on it differs.
  var outside: [Double]?

  var testDescription: String { name }

  /// The sizes of both files in bytes.
  var size: Int {
    [a, b].reduce(0) { sum, url in
      sum + ((try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0)
    }
  }

  /// All pairs that the truth files name; none where they cannot be read.
  static let all: [TruthPair] = (try? loaded.get()) ?? []

  /// All pairs, or why they cannot be read.
  static let loaded: Result<[TruthPair], any Error> = Result {
    guard let folder = TestData.folder else { return [] }
    let lists = try ["pairs/disguised", "pairs/conv", "pairs/neurodiff"].flatMap { path in
      try pairs(JSONDecoder().decode(File.self, from: data(folder, path)).pairs, folder, path)
    }
    let bare = try pairs(
      JSONDecoder().decode([Entry].self, from: data(folder, "pairs/bitvec")), folder, "pairs/bitvec")
    let trained = try JSONDecoder().decode(Trained.self, from: data(folder, "trained"))
    let torch = trained.pairs.map { entry in
      var entry = entry
      entry.a = "torch/\(entry.a).npz"
      entry.b = "torch/\(entry.b).npz"
      return entry
    }
    let students = trained.teacherStudent.map { item in
      Entry(
        a: "teacher_student/\(item.name)_teacher.npz", b: "teacher_student/\(item.name)_student.npz",
        relation: .different, witness: Point(x: item.witness))
    }
    return lists + bare + pairs(torch + students, folder, "trained")
  }

  private static func data(_ folder: URL, _ path: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent("\(path)/truth.json"))
  }

  private static func pairs(_ entries: [Entry], _ folder: URL, _ path: String) -> [TruthPair] {
    let folder = folder.appendingPathComponent(path)
    return entries.map { entry in
      TruthPair(
        name: entry.id ?? "\(path): \(entry.a) \(entry.b)", a: folder.appendingPathComponent(entry.a),
        b: folder.appendingPathComponent(entry.b), relation: entry.relation, box: entry.domain?.bounds,
        witness: entry.witness?.x, outside: entry.outside?.x)
    }
  }

  // MARK: The documents

  private struct File: Decodable { var pairs: [Entry] }

  private struct Entry: Decodable {
    var id: String?
    var a: String
    var b: String
    var relation: Relation
    var domain: Domain?
    var witness: Point?
    var outside: Point?

    enum CodingKeys: String, CodingKey {
      case id, a, b, relation, domain, witness
      case outside = "witness_outside"
    }
  }

  private struct Domain: Decodable { var bounds: [[Double]]? }

  private struct Trained: Decodable {
    struct Item: Decodable {
      var name: String
      var witness: [Double]
    }
    var pairs: [Entry]
    var teacherStudent: [Item]

    enum CodingKeys: String, CodingKey {
      case pairs
      case teacherStudent = "teacher_student"
    }
  }

  /// An input, alone or with the outputs there; or a recipe for one, which is passed over.
  private struct Point: Decodable {
    struct Record: Decodable { var x: [Double]? }
    var x: [Double]?

    init(x: [Double]) { self.x = x }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let x = try? container.decode([Double].self) {
        self.x = x
      } else {
        x = try container.decode(Record.self).x
      }
    }
  }
}
