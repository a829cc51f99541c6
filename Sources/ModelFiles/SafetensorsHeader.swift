import Networks

/// The JSON header of safetensors, read strictly: this one shape of document and no other.
///
///     {"__metadata__": {"format": "pt"}, "0.weight": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0,
///     24]}}
///
/// A key that occurs twice is an error; JSON libraries keep one of the two without a word.
struct SafetensorsHeader {
  /// One tensor as the header describes it.
  struct Entry {
    let name: String
    var type = ""
    var shape: [Int] = []
    var begin = 0
    var end = 0
  }

  /// The names of the number formats.
  static let precisions: [String: StoragePrecision] = [
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64,
  ]

  /// The tensors, in the order of the header.
  private(set) var entries: [Entry] = []

  init(_ bytes: [UInt8], _ range: Range<Int>) throws(ModelFileError.Cause) {
    var scanner = ByteScanner(bytes, range, place: "header")
    var names: Set<String> = []
    try SafetensorsHeader.object(&scanner) { (name, scanner) throws(ModelFileError.Cause) in
      guard names.insert(name).inserted else {
        throw .malformed(place: "header", expected: "each name once", found: "\(quoted(name)) twice")
      }
      if name == "__metadata__" {
        try SafetensorsHeader.object(&scanner) { (_, scanner) throws(ModelFileError.Cause) in
          _ = try scanner.string("a string of metadata")
        }
      } else {
        entries.append(try SafetensorsHeader.entry(name, &scanner))
      }
    }
    if scanner.peek() != nil { throw scanner.failure("the end of the header") }
  }

  private static func entry(_ name: String, _ scanner: inout ByteScanner) throws(ModelFileError.Cause)
    -> Entry
  {
    var entry = Entry(name: name)
    var missing: Set<String> = ["dtype", "shape", "data_offsets"]
    try object(&scanner) { (key, scanner) throws(ModelFileError.Cause) in
      guard missing.remove(key) != nil else {
        throw .malformed(
          place: "tensor \(quoted(name))", expected: "dtype, shape and data_offsets, each once",
          found: quoted(key))
      }
      if key == "dtype" {
        entry.type = try scanner.string("a type")
        return
      }
      let numbers = try array(&scanner)
      if key == "shape" {
        entry.shape = numbers
      } else if numbers.count == 2 {
        (entry.begin, entry.end) = (numbers[0], numbers[1])
      } else {
        throw .malformed(
          place: "tensor \(quoted(name))", expected: "two offsets", found: "\(numbers.count)")
      }
    }
    if let key = missing.min() {
      throw .malformed(place: "tensor \(quoted(name))", expected: quoted(key), found: "none")
    }
    return entry
  }

  /// Reads an object, handing each key over with the scanner before its value.
  private static func object(
    _ scanner: inout ByteScanner,
    _ read: (String, inout ByteScanner) throws(ModelFileError.Cause) -> Void
  ) throws(ModelFileError.Cause) {
    try scanner.expect("{")
    if scanner.take("}") { return }
    repeat {
      let key = try scanner.string("a name")
      try scanner.expect(":")
      try read(key, &scanner)
    } while scanner.take(",")
    try scanner.expect("}")
  }

  /// Reads an array of at most eight numbers.
  private static func array(_ scanner: inout ByteScanner) throws(ModelFileError.Cause) -> [Int] {
    try scanner.expect("[")
    if scanner.take("]") { return [] }
    var numbers: [Int] = []
    repeat {
      if numbers.count == 8 { throw scanner.failure("at most 8 numbers") }
      numbers.append(try scanner.natural("a whole number"))
    } while scanner.take(",")
    try scanner.expect("]")
    return numbers
  }
}
