import Networks

/// One array in NumPy's `.npy` format, versions 1 to 3.
struct NPYArray {
  /// The extent of each axis.
  let shape: [Int]
  /// The type of the entries as NumPy writes it: `<f8`, `|O`, `<U7`.
  let type: String
  private let fortranOrder: Bool
  private let bytes: [UInt8]
  private let start: Int
  private let place: String

  /// The array in these bytes; only the header is read.
  init(_ bytes: [UInt8], place: String) throws(ModelFileError.Cause) {
    guard bytes.count >= 10, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw .malformed(place: place, expected: "a NumPy array", found: "other bytes")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw .unsupported(place: place, what: ".npy version \(version)", advice: "save with numpy.savez")
    }
    let wide = version > 1
    let begin = wide ? 12 : 10
    guard let prefix = LittleEndian(bytes, at: 8, count: begin - 8) else {
      throw .malformed(place: place, expected: "a header", found: "the end of the array")
    }
    let length = wide ? Int(prefix.u32(0)) : Int(prefix.u16(0))
    guard length <= bytes.count - begin else {
      throw .malformed(
        place: place, expected: "a header of \(length) bytes", found: "\(bytes.count - begin) bytes")
    }
    var scanner = ByteScanner(bytes, begin..<begin + length, place: "\(place), header")
    var header = Header()
    try header.read(&scanner)
    guard let type = header.type, let shape = header.shape, let fortranOrder = header.fortranOrder else {
      throw .malformed(place: place, expected: "descr, shape and fortran_order", found: "fewer")
    }
    self.type = type
    self.shape = shape
    self.fortranOrder = fortranOrder
    self.bytes = bytes
    self.start = begin + length
    self.place = place
  }

  private static let precisions: [Substring: StoragePrecision] = [
    "f2": .float16, "f4": .float32, "f8": .float64,
  ]

  /// The format of the numbers, or nil where they are no floating-point numbers.
  private var precision: StoragePrecision? {
    guard let order = type.first, "<>=".contains(order) else { return nil }
    return NPYArray.precisions[type.dropFirst()]
  }

  /// The array as a tensor.
  func tensor(named name: String) throws(ModelFileError.Cause) -> NamedTensor {
    guard let precision else {
      let what =
        type.hasSuffix("O") ? "pickled objects, which are never run" : "entries of type \(quoted(type))"
      throw .unsupported(place: place, what: what, advice: "save float16, float32 or float64 arrays")
    }
    guard let count = NamedTensor.count(shape),
      NamedTensor.count([count, precision.byteCount]) == bytes.count - start
    else {
      throw .malformed(
        place: place, expected: "the bytes of shape \(NamedTensor.text(shape)) of \(type)",
        found: "\(bytes.count - start) bytes")
    }
    var values = precision.decode(bytes, start..<bytes.count, bigEndian: type.hasPrefix(">"))
    if fortranOrder, shape.count == 2 {
      let (rows, columns) = (shape[0], shape[1])
      let columnwise = values
      for i in 0..<rows { for j in 0..<columns { values[i * columns + j] = columnwise[j * rows + i] } }
    } else if fortranOrder, shape.count > 2 {
      throw .unsupported(
        place: place, what: "Fortran order in \(shape.count) axes",
        advice: "save with numpy.ascontiguousarray")
    }
    return NamedTensor(name: name, shape: shape, values: values, precision: precision)
  }

  /// The bytes of a whole number of each type that is read.
  private static let integers: [Substring: (size: Int, isSigned: Bool)] = [
    "b1": (1, false), "u1": (1, false), "u2": (2, false), "u4": (4, false), "u8": (8, false), "i1": (1, true),
    "i2": (2, true), "i4": (4, true), "i8": (8, true),
  ]

  /// The entries where they are whole numbers, in one axis or in several; nil for entries of other types, and for
  /// numbers beyond 2⁶³.
  func wholeNumbers() -> [Int]? {
    guard let order = type.first, "<>|=".contains(order), let format = NPYArray.integers[type.dropFirst()],
      let count = NamedTensor.count(shape), NamedTensor.count([count, format.size]) == bytes.count - start
    else { return nil }
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    for i in 0..<count {
      var value: UInt64 = 0
      for b in 0..<format.size {
        value = value << 8 | UInt64(bytes[start + i * format.size + (order == ">" ? b : format.size - 1 - b)])
      }
      let unused = 64 - 8 * format.size
      let number = format.isSigned ? Int(Int64(bitPattern: value << unused) >> unused) : Int(exactly: value)
      guard let number else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The numbers of an array in one or more axes, whole ones too.
  ///
  /// - Exactness: integers beyond 2⁵³ are rounded.
  func numbers(named name: String) throws(ModelFileError.Cause) -> NamedTensor {
    guard !fortranOrder || shape.count < 2, let whole = wholeNumbers() else { return try tensor(named: name) }
    return NamedTensor(name: name, shape: shape, values: whole.map(Double.init), precision: .float64)
  }

  /// The Python dictionary in front of the numbers.
  private struct Header {
    var type: String?
    var shape: [Int]?
    var fortranOrder: Bool?

    mutating func read(_ scanner: inout ByteScanner) throws(ModelFileError.Cause) {
      try scanner.expect("{")
      while !scanner.take("}") {
        let key = try NPYArray.pythonString(&scanner, "a key")
        try scanner.expect(":")
        switch key {
        case "descr" where type == nil:
          if scanner.peek() == UInt8(ascii: "[") {
            throw .unsupported(
              place: scanner.place, what: "a structured array", advice: "save one plain array for each matrix"
            )
          }
          type = try NPYArray.pythonString(&scanner, "a type")
        case "fortran_order" where fortranOrder == nil:
          switch scanner.word() {
          case "True": fortranOrder = true
          case "False": fortranOrder = false
          default: throw scanner.failure("True or False")
          }
        case "shape" where shape == nil: shape = try NPYArray.tuple(&scanner)
        default:
          throw .malformed(
            place: scanner.place, expected: "descr, shape and fortran_order, each once", found: quoted(key))
        }
        if !scanner.take(",") {
          try scanner.expect("}")
          break
        }
      }
      if scanner.peek() != nil { throw scanner.failure("the end of the header") }
    }
  }

  private static func pythonString(
    _ scanner: inout ByteScanner, _ what: String
  ) throws(ModelFileError.Cause) -> String {
    try scanner.string(what, quote: scanner.peek() == UInt8(ascii: "\"") ? "\"" : "'")
  }

  private static func tuple(_ scanner: inout ByteScanner) throws(ModelFileError.Cause) -> [Int] {
    try scanner.expect("(")
    var extents: [Int] = []
    while !scanner.take(")") {
      if extents.count == 32 { throw scanner.failure("at most 32 axes") }
      extents.append(try scanner.natural("an extent"))
      if !scanner.take(",") {
        try scanner.expect(")")
        break
      }
    }
    return extents
  }
}
