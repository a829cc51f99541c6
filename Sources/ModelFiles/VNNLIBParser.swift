import ExactArithmetic
import Networks

/// Reads the boxes of inputs from a VNN-LIB property: `declare-const` and `assert` with `<=`, `>=`, `and`, `or`.
///
/// An assertion is kept as a list of alternatives, each a map from inputs to intervals; what concerns outputs only
/// does not narrow it.
struct VNNLIBParser {
  /// The bounds of one alternative; an input without bounds is missing.
  private typealias Bounds = [Int: Interval]

  /// How deep parentheses may nest.
  private static let depthLimit = 64
  /// How many bounds all alternatives may have in total.
  private static let boundLimit = 1_000_000

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var inputs: Set<Int> = []

  /// The different boxes, one for each alternative of the property that some input satisfies.
  static func boxes(_ bytes: [UInt8], inputs: Int) throws(ModelFileError.Cause) -> [InputDomain.Box] {
    var parser = VNNLIBParser(bytes: bytes)
    return try parser.boxes(inputs: inputs)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func boxes(inputs count: Int) throws(ModelFileError.Cause) -> [InputDomain.Box] {
    var alternatives: [Bounds] = [[:]]
    while let token = next() {
      guard token == "(" else { throw unexpected(token, expected: "(") }
      let head = try word("a command")
      if head == "assert" {
        alternatives = try VNNLIBParser.both(alternatives, condition(depth: 1), place)
        try close()
      } else if head == "declare-const" || head == "declare-fun" {
        let name = try word("a name")
        if name.hasPrefix("X_"), let index = Int(name.dropFirst(2)), index >= 0 { inputs.insert(index) }
        try skip(depth: 1)
      } else {
        try skip(depth: 1)
      }
    }
    guard inputs.count == count, inputs.allSatisfy({ $0 < count }) else {
      throw .malformed(
        place: "property", expected: "inputs X_0 to X_\(count - 1), as the network has",
        found: "\(inputs.count) inputs")
    }
    guard !alternatives.isEmpty else {
      throw .malformed(place: "property", expected: "bounds that some input satisfies", found: "none")
    }
    var seen: Set<Bounds> = []
    var boxes: [InputDomain.Box] = []
    for bounds in alternatives where seen.insert(bounds).inserted {
      var sides: [Interval] = []
      for i in 0..<count {
        guard let side = bounds[i], side.lower.isFinite, side.upper.isFinite else {
          throw .unsupported(
            place: "property", what: "input X_\(i) has no lower or no upper bound",
            advice: "bound every input on both sides")
        }
        sides.append(side)
      }
      boxes.append(InputDomain.Box(sides))
    }
    return boxes
  }

  /// The alternatives of a condition, whose opening parenthesis is next.
  private mutating func condition(depth: Int) throws(ModelFileError.Cause) -> [Bounds] {
    guard depth <= VNNLIBParser.depthLimit else {
      throw .malformed(
        place: place, expected: "parentheses nested at most \(VNNLIBParser.depthLimit) deep", found: "more")
    }
    guard let open = next(), open == "(" else { throw unexpected(nil, expected: "a condition") }
    let head = try word("a condition")
    switch head {
    case "and":
      var result: [Bounds] = [[:]]
      while !atClose() { result = try VNNLIBParser.both(result, condition(depth: depth + 1), place) }
      try close()
      return result
    case "or":
      var result: [Bounds] = []
      var size = 0
      while !atClose() {
        let more = try condition(depth: depth + 1)
        size += more.reduce(more.count) { $0 + $1.count }
        if size > VNNLIBParser.boundLimit {
          throw .tooLarge(place: place, bytes: size, limit: VNNLIBParser.boundLimit)
        }
        result += more
      }
      try close()
      return result
    case "<=", ">=", "<", ">", "=":
      return try comparison(head)
    default: throw unexpected(head, expected: "and, or, <=, >= or =")
    }
  }

  /// The bound of a comparison; a strict one counts as its closure.
  private mutating func comparison(_ relation: String) throws(ModelFileError.Cause) -> [Bounds] {
    let left = try operand()
    let right = try operand()
    try close()
    let flipped = relation.hasPrefix("<") ? ">=" : relation.hasPrefix(">") ? "<=" : "="
    switch (left, right) {
    case (.input(let i), .number(let value)): return VNNLIBParser.bound(i, relation, value)
    case (.number(let value), .input(let i)): return VNNLIBParser.bound(i, flipped, value)
    case (.number(let a), .number(let b)):
      // Unknown only where roundings overlap; true is the safe reading.
      let holds =
        relation.hasPrefix("<") ? a.lower <= b.upper : relation.hasPrefix(">") ? b.lower <= a.upper : a == b
      return holds ? [[:]] : []
    case (.output, .output), (.output, .number), (.number, .output): return [[:]]
    default:
      throw .unsupported(
        place: place, what: "a condition that ties an input to something else than a number",
        advice: "only boxes of inputs are read")
    }
  }

  private static func bound(_ input: Int, _ relation: String, _ value: Interval) -> [Bounds] {
    let side =
      relation.hasPrefix("<")
      ? Interval(-.infinity, value.upper)
      : relation.hasPrefix(">") ? Interval(value.lower, .infinity) : value
    return [[input: side]]
  }

  private enum Operand {
    case input(Int)
    case output
    case number(Interval)
  }

  private mutating func operand() throws(ModelFileError.Cause) -> Operand {
    guard let token = next() else { throw unexpected(nil, expected: "a variable or a number") }
    if token == "(" {
      // SMT-LIB writes negative numbers as (- 1.5).
      let sign = try word("-")
      guard sign == "-" else {
        throw .unsupported(
          place: place, what: "an expression with \(quoted(sign))", advice: "only boxes of inputs are read")
      }
      let value = try InputDomain.end(word("a number"), place: place)
      try close()
      return .number(-value)
    }
    if token.hasPrefix("X_"), let index = Int(token.dropFirst(2)) {
      guard inputs.contains(index) else { throw unexpected(token, expected: "a declared variable") }
      return .input(index)
    }
    if token.hasPrefix("Y_"), Int(token.dropFirst(2)) != nil { return .output }
    return .number(try InputDomain.end(token, place: place))
  }

  /// The alternatives that satisfy one of each side; those with an empty interval are dropped.
  private static func both(
    _ left: [Bounds], _ right: [Bounds], _ place: String
  ) throws(ModelFileError.Cause) -> [Bounds] {
    let size = { (side: [Bounds]) in side.reduce(side.count) { $0 + $1.count } }
    let (sizes, overflow) = left.count.multipliedReportingOverflow(by: size(right))
    let (others, carry) = right.count.multipliedReportingOverflow(by: size(left))
    guard !overflow, !carry, sizes <= boundLimit, others <= boundLimit else {
      throw .tooLarge(place: place, bytes: max(sizes, others), limit: boundLimit)
    }
    if right.count == 1, let only = right.first {
      return left.compactMap { bounds in
        var bounds = bounds
        return intersect(&bounds, only) ? bounds : nil
      }
    }
    return left.flatMap { first in
      right.compactMap { second in
        var bounds = first
        return intersect(&bounds, second) ? bounds : nil
      }
    }
  }

  private static func intersect(_ bounds: inout Bounds, _ other: Bounds) -> Bool {
    for (input, side) in other {
      let old = bounds[input] ?? .everything
      let (low, high) = (max(old.lower, side.lower), min(old.upper, side.upper))
      if low > high { return false }
      bounds[input] = Interval(low, high)
    }
    return true
  }
}

// The tokens: parentheses and words, `;` before comments.
extension VNNLIBParser {
  private var place: String { "line \(line)" }

  /// Skips blanks and comments, and returns the next byte without taking it.
  private mutating func peek() -> UInt8? {
    var inComment = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 10 {
        line += 1
        inComment = false
      } else if byte == UInt8(ascii: ";") {
        inComment = true
      } else if !inComment, byte > 32 {
        return byte
      }
      position += 1
    }
    return nil
  }

  private mutating func next() -> String? {
    guard let first = peek() else { return nil }
    let start = position
    position += 1
    if first != UInt8(ascii: "("), first != UInt8(ascii: ")") {
      while position < bytes.count, bytes[position] > 32, ![40, 41, 59].contains(bytes[position]) {
        position += 1
      }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func word(_ expected: String) throws(ModelFileError.Cause) -> String {
    guard let token = next(), token != "(", token != ")" else { throw unexpected(nil, expected: expected) }
    return token
  }

  private mutating func atClose() -> Bool { peek() == UInt8(ascii: ")") }

  private mutating func close() throws(ModelFileError.Cause) {
    let token = next()
    if token != ")" { throw unexpected(token, expected: ")") }
  }

  /// Skips to the end of the command that is open.
  private mutating func skip(depth: Int) throws(ModelFileError.Cause) {
    var open = depth
    while open > 0 {
      guard let token = next() else { throw unexpected(nil, expected: ")") }
      open += token == "(" ? 1 : token == ")" ? -1 : 0
    }
  }

  private func unexpected(_ token: String?, expected: String) -> ModelFileError.Cause {
    .malformed(
      place: place, expected: expected, found: token.map { quoted($0) } ?? "something else or the end")
  }
}
