import ArgumentParser
import Crease

/// The parts of an architecture, as `--symmetries` lists them, and what their symmetries amount to.
struct SymmetryParts {
  /// The list as given.
  let text: String
  /// The symmetries of the parts.
  let symmetry: ArchitectureSymmetry

  /// Reads a list such as `64*2,stream:256,groups:64/8,heads:12x64x64`.
  init(_ text: String) throws {
    self.text = text
    symmetry = ArchitectureSymmetry(
      try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { word in
        try SymmetryParts.parts(word.filter { $0 != " " }, in: text)
      })
  }

  private static func parts(_ word: String, in text: String) throws -> [ArchitectureSymmetry.Part] {
    let failure = ValidationError(
      "--symmetries takes parts such as 512*3, stream:256, groups:64/8 or heads:12x64x64; got '\(word)'")
    let times = word.split(separator: "*", omittingEmptySubsequences: false)
    guard times.count <= 2, let count = times.count == 2 ? Int(times[1]) : 1, (1...10_000) ~= count else {
      throw failure
    }
    let halves = times[0].split(separator: ":", omittingEmptySubsequences: false)
    let numbers = halves[halves.count - 1].split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "/" || $0 == "x" }
    ).compactMap { Int($0) }.filter { (1...1_000_000) ~= $0 }
    let kind = halves.count == 2 ? String(halves[0]) : ""
    let part: ArchitectureSymmetry.Part
    switch (kind, numbers.count) {
    case ("", 1) where halves.count == 1: part = .neurons(numbers[0])
    case ("stream", 1): part = .stream(numbers[0])
    case ("groups", 2) where numbers[0] % numbers[1] == 0:
      part = .groupedChannels(numbers[0], groups: numbers[1])
    case ("heads", 3): part = .heads(numbers[0], keyDimension: numbers[1], valueDimension: numbers[2])
    default: throw failure
    }
    return Array(repeating: part, count: count)
  }

  /// The answer for people.
  var report: String {
    """
    \(Terminal.bold(text)): \(symmetry.parts.count) parts
      orders               10^\(symmetry.permutations.log10.upper.places(1))
      continuous           \(symmetry.dimension) dimensions of rescalings and changes of bases
    """
  }

  struct Document: Encodable {
    let crease = Release.version
    let schema = JSONOutput.schema
    let command = "bounds"
    let engines = Release.engines
    let symmetries: String
    let log10GroupOrder: Double
    let continuousDimension: Int
  }

  /// The answer for scripts.
  var document: Document {
    Document(
      symmetries: text, log10GroupOrder: symmetry.permutations.log10.upper,
      continuousDimension: symmetry.dimension)
  }
}
