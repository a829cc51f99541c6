/// Many short lists of numbers in one array.
struct IndexLists: Sendable {
  private(set) var offsets: [Int] = [0]
  private(set) var values: [Int32] = []

  /// The number of lists.
  var count: Int { offsets.count - 1 }

  /// Adds a number to the list being written.
  mutating func append(_ value: Int32) { values.append(value) }

  /// Ends the list being written.
  mutating func endList() { offsets.append(values.count) }

  /// Adds all lists of another collection, their numbers translated.
  mutating func append(_ other: IndexLists, translated: [Int32]) {
    let base = values.count
    for value in other.values { values.append(translated[Int(value)]) }
    for offset in other.offsets.dropFirst() { offsets.append(base + offset) }
  }

  /// List `k`.
  subscript(k: Int) -> ArraySlice<Int32> { values[offsets[k]..<offsets[k + 1]] }

  /// The lists the other way round: for each number below `count` the lists that hold it.
  func inverted(count: Int) -> IndexLists {
    var sizes = Array(repeating: 0, count: count + 1)
    for value in values { sizes[Int(value) + 1] += 1 }
    for k in 0..<count { sizes[k + 1] += sizes[k] }
    var result = IndexLists()
    result.offsets = sizes
    result.values = Array(repeating: 0, count: values.count)
    for list in 0..<self.count {
      for value in self[list] {
        result.values[sizes[Int(value)]] = Int32(list)
        sizes[Int(value)] += 1
      }
    }
    return result
  }
}
