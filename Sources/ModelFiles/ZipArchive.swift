import CZlib

/// The members of a zip file, read from its central directory.
///
/// Sizes are bounded before anything is allocated: members may not share bytes, and what is deflated may
/// inflate to 16 MiB and 100 times the file in all, at most 1 GiB.
struct ZipArchive {
  /// One member as the directory describes it.
  struct Member {
    /// The name, with `/` between folders.
    let name: String
    /// 0 stored, 8 deflated.
    let method: UInt16
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where its local header begins.
    let offset: Int
  }

  /// The largest total of inflated members of a file: real weights hardly shrink, and never a hundredfold.
  static func limit(fileSize: Int) -> Int { min(1 << 30, 16 << 20 + 100 * min(fileSize, 1 << 30)) }

  /// The members, in the order of the directory.
  private(set) var members: [Member] = []
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws(ModelFileError.Cause) {
    self.bytes = bytes
    let directory = try ZipDirectory(bytes)
    var position = directory.offset
    var names: Set<String> = []
    var (compressed, inflated) = (0, 0)
    let limit = ZipArchive.limit(fileSize: bytes.count)
    for index in 0..<directory.count {
      let place = "zip entry \(index)"
      guard let header = LittleEndian(bytes, at: position, count: 46), header.u32(0) == 0x0201_4B50 else {
        throw .malformed(place: place, expected: "an entry of the directory", found: "other bytes")
      }
      let (nameLength, extraLength) = (Int(header.u16(28)), Int(header.u16(30)))
      let end = position + 46 + nameLength + extraLength + Int(header.u16(32))
      guard end <= bytes.count,
        let name = String(validating: bytes[position + 46..<position + 46 + nameLength], as: UTF8.self)
      else { throw .malformed(place: place, expected: "a name in UTF-8", found: "other bytes") }
      let sizes = try ZipDirectory.sizes(
        header, extra: position + 46 + nameLength..<position + 46 + nameLength + extraLength, in: bytes, place
      )
      let member = Member(
        name: name, method: header.u16(10), checksum: header.u32(16), compressedSize: sizes.compressed,
        size: sizes.size, offset: sizes.offset)
      try ZipArchive.check(member, flags: header.u16(8))
      guard names.insert(name).inserted else {
        throw .malformed(place: place, expected: "each name once", found: "\(quoted(name)) twice")
      }
      compressed += member.compressedSize
      if member.method != 0 { inflated = inflated.addingReportingOverflow(member.size).partialValue }
      guard compressed <= bytes.count else {
        throw .malformed(
          place: member.place, expected: "members that share no bytes", found: "sizes beyond the file's")
      }
      guard inflated >= 0, inflated <= limit else {
        throw .tooLarge(place: member.place, bytes: inflated, limit: limit)
      }
      members.append(member)
      position = end
    }
  }

  private static func check(_ member: Member, flags: UInt16) throws(ModelFileError.Cause) {
    let parts = member.name.split(separator: "/", omittingEmptySubsequences: false)
    guard !member.name.isEmpty, !member.name.contains("\\"), !member.name.contains("\0"), parts.first != "",
      !parts.contains("..")
    else {
      throw .malformed(place: "zip", expected: "names inside the archive", found: quoted(member.name))
    }
    if flags & 1 != 0 {
      throw .unsupported(place: member.place, what: "encryption", advice: "save without a password")
    }
    guard member.method == 0 || member.method == 8 else {
      throw .unsupported(
        place: member.place, what: "compression method \(member.method)",
        advice: "save with numpy.savez or numpy.savez_compressed")
    }
    if member.method == 0, member.size != member.compressedSize {
      throw .malformed(
        place: member.place, expected: "\(member.size) stored bytes", found: "\(member.compressedSize)")
    }
  }

  /// The content of a member.
  func content(of member: Member) throws(ModelFileError.Cause) -> [UInt8] {
    guard let header = LittleEndian(bytes, at: member.offset, count: 30), header.u32(0) == 0x0403_4B50 else {
      throw .malformed(place: member.place, expected: "a local header", found: "other bytes")
    }
    let start = member.offset + 30 + Int(header.u16(26)) + Int(header.u16(28))
    guard start <= bytes.count, member.compressedSize <= bytes.count - start else {
      throw .malformed(
        place: member.place, expected: "\(member.compressedSize) bytes", found: "the end of the file")
    }
    let stored = start..<start + member.compressedSize
    let content = member.method == 0 ? Array(bytes[stored]) : try inflate(stored, member)
    let checksum = content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, z_size_t($0.count)) }
    guard UInt32(truncatingIfNeeded: checksum) == member.checksum else {
      throw .malformed(place: member.place, expected: "the checksum of its bytes", found: "another")
    }
    return content
  }

  private func inflate(_ range: Range<Int>, _ member: Member) throws(ModelFileError.Cause) -> [UInt8] {
    let failure = ModelFileError.Cause.malformed(
      place: member.place, expected: "deflated data of \(member.size) bytes", found: "something else")
    // Sizes below 1 GiB were checked, so they fit zlib's 32-bit counts.
    guard let available = UInt32(exactly: range.count), let size = UInt32(exactly: member.size) else {
      throw failure
    }
    var stream = z_stream()
    guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw failure
    }
    defer { inflateEnd(&stream) }
    var status = Z_OK
    let content = bytes.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: member.size) { target, filled in
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + range.lowerBound })
        stream.avail_in = available
        stream.next_out = target.baseAddress
        stream.avail_out = size
        status = CZlib.inflate(&stream, Z_FINISH)
        filled = Int(size - stream.avail_out)
      }
    }
    guard status == Z_STREAM_END, content.count == member.size, stream.avail_in == 0 else { throw failure }
    return content
  }
}

extension ZipArchive.Member {
  /// For messages.
  var place: String { "member \(quoted(name))" }
}
