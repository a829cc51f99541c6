#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A square matrix of residues in FLINT, for its rank; FLINT is found in the library that is linked anyway.
final class FLINTMatrix {
  private typealias Shape = @convention(c) (UnsafeMutableRawPointer, Int, Int, UInt) -> Void
  private typealias Rank = @convention(c) (UnsafeMutableRawPointer) -> Int
  private typealias Clear = @convention(c) (UnsafeMutableRawPointer) -> Void
  private let elements: UnsafeMutableRawPointer
  private let rankFunction: Rank
  private let clear: Clear

  /// The matrix with these entries row by row; nil where FLINT is not in the process.
  init?(_ entries: [Double], size: Int, prime: Int) {
    guard let process = dlopen(nil, RTLD_NOW), let initialize = dlsym(process, "nmod_mat_init"),
      let set = dlsym(process, "nmod_mat_set_entry"), let rank = dlsym(process, "nmod_mat_rank"),
      let clear = dlsym(process, "nmod_mat_clear")
    else { return nil }
    rankFunction = unsafeBitCast(rank, to: Rank.self)
    self.clear = unsafeBitCast(clear, to: Clear.self)
    // More than the handful of words that FLINT's matrix takes.
    elements = .allocate(byteCount: 512, alignment: 16)
    unsafeBitCast(initialize, to: Shape.self)(elements, size, size, UInt(prime))
    let write = unsafeBitCast(set, to: Shape.self)
    for (place, entry) in entries.enumerated() {
      let value = Int(entry)
      write(elements, place / size, place % size, UInt(value < 0 ? value + prime : value))
    }
  }

  deinit {
    clear(elements)
    elements.deallocate()
  }

  /// The rank: FLINT works on a copy.
  func rank() -> Int { rankFunction(elements) }
}
