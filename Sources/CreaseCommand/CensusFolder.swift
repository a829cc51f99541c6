import ArgumentParser
import Crease
import Foundation

/// The folder of a census: a file for each shard, and what comes out of all of them.
struct CensusFolder {
  let path: String
  let census: Census

  /// The file of a shard, numbered from 1.
  func file(shard: Int, of count: Int) -> String { "\(path)/census-\(shard)of\(count).jsonl" }

  /// The records of this census in all files of shards, in the order of its networks, each once.
  func records() throws -> [CensusRecord] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let files = names.filter { $0.hasPrefix("census-") && $0.hasSuffix(".jsonl") }.sorted()
    var found: [Census.Item: CensusRecord] = [:]
    for name in files {
      for record in try RecordStore<CensusRecord>.read("\(path)/\(name)").records
      where record.origin == census.origin {
        let item = Census.Item(architecture: record.architecture, index: record.index)
        if let other = found[item], other.timeless != record.timeless {
          throw CommandFailure.badData(
            "\(path)/\(name): network \(record.index) of \(item.architecture.hyphenated) is different in another file"
          )
        }
        if found[item] == nil { found[item] = record }
      }
    }
    return census.items.compactMap { found[$0] }
  }

  /// Writes what comes out of some records: `census.jsonl`, `census.csv`, `census.svg` and `census.html`.
  ///
  /// - Returns: the files.
  func write(_ records: [CensusRecord], _ report: CensusReport) throws -> [String] {
    let drawing = CensusDrawing(report, records)
    let contents: [(String, [UInt8])] = [
      ("census.jsonl", try records.flatMap { try RecordStore.line($0) }),
      ("census.csv", Array(report.csv.utf8)),
      ("census.svg", Array(drawing.figure.svg().utf8)),
      ("census.html", Array(drawing.page.utf8)),
    ]
    return try contents.map { name, bytes in
      try OutputFile.write(bytes, to: "\(path)/\(name)")
      return "\(path)/\(name)"
    }
  }
}

extension [Int] {
  /// `5-5-5-1`.
  var hyphenated: String { map(String.init).joined(separator: "-") }
}
