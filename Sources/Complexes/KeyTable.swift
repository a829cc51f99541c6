/// A set of keys of a fixed number of words, numbered in the order of their first appearance.
///
/// Keys are compared whole; the hash only finds them.
struct KeyTable: Sendable {
  /// The number of words of a key.
  let width: Int
  /// The keys, one after another.
  private(set) var words: [UInt64] = []
  private var slots: [Int32]
  private var mask: Int
  /// The number of keys.
  private(set) var count = 0

  /// An empty table for keys of `width` words.
  init(width: Int) {
    self.width = width
    slots = Array(repeating: -1, count: 64)
    mask = 63
  }

  /// The number of a key, and whether it is new.
  @discardableResult
  mutating func insert(_ key: UnsafePointer<UInt64>) -> (number: Int, isNew: Bool) {
    if 2 * (count + 1) > slots.count { grow() }
    var place = KeyTable.hash(key, width) & mask
    while slots[place] >= 0 {
      let number = Int(slots[place])
      if matches(number, key) { return (number, false) }
      place = (place + 1) & mask
    }
    slots[place] = Int32(count)
    words.append(contentsOf: UnsafeBufferPointer(start: key, count: width))
    count += 1
    return (count - 1, true)
  }

  /// The number of a key that is in the table, else nil.
  func number(of key: UnsafePointer<UInt64>) -> Int? {
    var place = KeyTable.hash(key, width) & mask
    while slots[place] >= 0 {
      if matches(Int(slots[place]), key) { return Int(slots[place]) }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Calls `body` with a key.
  func withKey<Result>(_ number: Int, _ body: (UnsafePointer<UInt64>) -> Result) -> Result {
    words.withElements { body($0 + number * width) }
  }

  private func matches(_ number: Int, _ key: UnsafePointer<UInt64>) -> Bool {
    for word in 0..<width where words[number * width + word] != key[word] { return false }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    mask = slots.count - 1
    words.withUnsafeBufferPointer { words in
      for number in 0..<count {
        guard let base = words.baseAddress else { return }
        var place = KeyTable.hash(base + number * width, width) & mask
        while slots[place] >= 0 { place = (place + 1) & mask }
        slots[place] = Int32(number)
      }
    }
  }

  private static func hash(_ key: UnsafePointer<UInt64>, _ width: Int) -> Int {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    for word in 0..<width {
      let (high, low) = (hash ^ key[word]).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      hash = high ^ low &+ 0xA076_1D64_78BD_642F
    }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}
