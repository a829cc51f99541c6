import CFLINT

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The rank modulo a prime by FLINT's own elimination, found in the library that is linked anyway.
struct FLINTRank: Sendable {
  private typealias Initialize = @convention(c) (UnsafeMutableRawPointer, Int, Int, UInt) -> Void
  private typealias Set = @convention(c) (UnsafeMutableRawPointer, Int, Int, UInt) -> Void
  private typealias Rank = @convention(c) (UnsafeMutableRawPointer) -> Int
  private typealias Clear = @convention(c) (UnsafeMutableRawPointer) -> Void
  private let initialize: Initialize
  private let set: Set
  private let rank: Rank
  private let clear: Clear

  /// Nil where the library has no such functions.
  init?() {
    guard let library = dlopen(nil, RTLD_NOW), let initialize = dlsym(library, "nmod_mat_init"),
      let set = dlsym(library, "nmod_mat_set_entry"), let rank = dlsym(library, "nmod_mat_rank"),
      let clear = dlsym(library, "nmod_mat_clear")
    else { return nil }
    self.initialize = unsafeBitCast(initialize, to: Initialize.self)
    self.set = unsafeBitCast(set, to: Set.self)
    self.rank = unsafeBitCast(rank, to: Rank.self)
    self.clear = unsafeBitCast(clear, to: Clear.self)
  }

  /// The rank of a matrix of residues given row by row.
  func callAsFunction(_ elements: [Double], rows: Int, columns: Int, prime: Int) -> Int {
    // A matrix of FLINT takes seven words; its layout is left alone.
    let matrix = UnsafeMutableRawPointer.allocate(byteCount: 512, alignment: 16)
    defer { matrix.deallocate() }
    initialize(matrix, rows, columns, UInt(prime))
    defer { clear(matrix) }
    for i in 0..<rows {
      for j in 0..<columns {
        let x = Int(elements[i * columns + j])
        set(matrix, i, j, UInt(x < 0 ? x + prime : x))
      }
    }
    return rank(matrix)
  }
}
