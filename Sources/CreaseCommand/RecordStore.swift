#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import ArgumentParser
import Crease
import Foundation

/// A record of a study that can be stopped and gone on with.
protocol StudyRecord: Codable, Sendable {
  associatedtype Origin: Equatable
  /// What records that go together have in common.
  var origin: Origin { get }
  /// What a file holds: `a census`.
  static var study: String { get }
  /// An origin in one line, behind `with`.
  static func text(_ origin: Origin) -> String
}

/// The file of one shard of a study: a record on each line, appended and flushed one by one.
///
/// A process that is killed leaves at most a torn last line, which the next run drops. The file is locked meanwhile, so
/// that two runs of one shard do not mix.
final class RecordStore<Record: StudyRecord>: Sendable {
  private let path: String
  private let descriptor: Int32
  /// The records that were there already.
  let finished: [Record]

  /// Opens a file to go on with it, and creates it where there is none.
  init(path: String, origin: Record.Origin) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw RecordStore.cannotWrite(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandFailure(message: "\(path): another run is writing this file", code: ExitCode(73))
    }
    do {
      let (records, length) = try RecordStore.read(path)
      if let stranger = records.first(where: { $0.origin != origin }) {
        throw CommandFailure.badData(
          "\(path): holds \(Record.study) with \(Record.text(stranger.origin)), not \(Record.text(origin)); "
            + "choose another folder")
      }
      finished = records
      guard ftruncate(descriptor, off_t(length)) == 0 else { throw RecordStore.cannotWrite(path) }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Adds a record, all of it or none; called by one thread at a time.
  func append(_ record: Record) throws {
    let line = try RecordStore.line(record)
    var done = 0
    while done < line.count {
      let count = line.withUnsafeBytes { bytes in
        write(descriptor, bytes.baseAddress.map { $0 + done }, line.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw RecordStore.cannotWrite(path) }
      done += count
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw RecordStore.cannotWrite(path) }
  }

  /// A record as a line with its end.
  static func line(_ record: Record) throws -> [UInt8] { Array(try JSONOutput.compact(record)) + [10] }

  /// The records of a file, and the length of its whole lines.
  static func read(_ path: String) throws -> (records: [Record], length: Int) {
    let bytes = try OutputFile.read(path)
    let length = bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
    let decoder = JSONDecoder()
    let lines = bytes[..<length].split(separator: 10, omittingEmptySubsequences: false).dropLast()
    let records = try lines.enumerated().map { number, line in
      do {
        return try decoder.decode(Record.self, from: Data(line))
      } catch {
        throw CommandFailure.badData("\(path): line \(number + 1) is no record of \(Record.study)")
      }
    }
    return (records, length)
  }

  private static func cannotWrite(_ path: String) -> CommandFailure {
    CommandFailure(message: "\(path): cannot write: \(String(cString: strerror(errno)))", code: ExitCode(73))
  }
}

extension CensusRecord: StudyRecord {
  static let study = "a census"

  /// `he weights, bias deviation 0.1, seed 1, budget 100000`.
  static func text(_ origin: CensusOrigin) -> String {
    "\(origin.initialisation.rawValue) weights, bias deviation \(origin.biasDeviation), seed \(origin.seed), "
      + "budget \(origin.budget)"
  }
}
