/// Memory that is given back in the reverse order of its taking, as a depth-first search needs it.
///
/// Blocks never move. The owner calls ``deallocate()`` at the end.
struct Arena {
  /// A state to return to.
  struct Mark {
    fileprivate var chunk: Int
    fileprivate var offset: Int
  }

  private var chunks: [(base: UnsafeMutableRawPointer, size: Int)] = []
  private var chunk = 0
  private var offset = 0
  private static let alignment = 64
  private static let chunkSize = 1 << 18

  /// The present state.
  var mark: Mark { Mark(chunk: chunk, offset: offset) }

  /// Gives back everything taken since the mark.
  mutating func reset(to mark: Mark) {
    chunk = mark.chunk
    offset = mark.offset
  }

  /// Uninitialised memory for `count` values of a trivial type.
  @inline(__always)
  mutating func allocate<Element: BitwiseCopyable>(
    _ type: Element.Type, _ count: Int
  ) -> UnsafeMutablePointer<Element> {
    let size =
      (count * MemoryLayout<Element>.stride + Arena.alignment - 1) / Arena.alignment * Arena.alignment
    if chunk < chunks.count, offset + size <= chunks[chunk].size {
      let place = chunks[chunk].base + offset
      offset += size
      return place.bindMemory(to: type, capacity: count)
    }
    return nextChunk(size).bindMemory(to: type, capacity: count)
  }

  private mutating func nextChunk(_ size: Int) -> UnsafeMutableRawPointer {
    if chunk < chunks.count { chunk += 1 }
    // A chunk that is too small for this request is skipped, and used again after a reset.
    while chunk < chunks.count, chunks[chunk].size < size { chunk += 1 }
    if chunk == chunks.count {
      let capacity = max(size, Arena.chunkSize)
      chunks.append(
        (UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Arena.alignment), capacity))
    }
    offset = size
    return chunks[chunk].base
  }

  /// Gives all memory back to the system.
  mutating func deallocate() {
    for chunk in chunks { chunk.base.deallocate() }
    chunks = []
    chunk = 0
    offset = 0
  }
}

extension Array where Element: BitwiseCopyable {
  /// Calls `body` with the place of the elements.
  @inline(__always)
  func withElements<Result>(_ body: (UnsafePointer<Element>) throws -> Result) rethrows -> Result {
    try withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an empty array has no place") }
      return try body(base)
    }
  }

  /// Calls `body` with the place of the elements, to change them.
  @inline(__always)
  mutating func withMutableElements<Result>(
    _ body: (UnsafeMutablePointer<Element>) throws -> Result
  ) rethrows -> Result {
    try withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an empty array has no place") }
      return try body(base)
    }
  }
}
