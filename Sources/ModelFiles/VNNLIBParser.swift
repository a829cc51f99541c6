import ExactArithmetic
import Networks

/// Reads the boxes of inputs from a VNN-LIB property: `declare-const` and `assert` with `<=`, `>=`, `and`,
/// `or`.
///
/// An assertion is kept as a list of alternatives, each a map from inputs to intervals; what concerns
/// outputs only does not narrow it.
struct VNNLIBParser {
  /// The bounds of one alternative; an input without bounds is missing.
  private typealias Bounds = [Int: Interval]

  /// How deep parentheses may nest.
  private static let depthLimit = 64
  /// How many bounds all alternatives may have in total.
  private static let boundLimit = 1_000_000

  /// How many bounds may be combined before the property counts as too large.
  private static let workLimit = 20_000_000

  private var tokens: VNNLIBTokens
  private var inputs: Set<Int> = []
  private var work = 0

  /// The different boxes, one for each alternative of the property that some input satisfies.
  static func boxes(_ bytes: [UInt8], inputs: Int) throws(ModelFileError.Cause) -> [InputDomain.Box] {
    var parser = VNNLIBParser(tokens: VNNLIBTokens(bytes))
    return try parser.boxes(inputs: inputs)
  }

  private init(tokens: VNNLIBTokens) { self.tokens = tokens }

  private mutating func boxes(inputs count: Int) throws(ModelFileError.Cause) -> [InputDomain.Box] {
    var alternatives: [Bounds] = [[:]]
    while let token = tokens.next() {
      guard token == "(" else { throw tokens.unexpected(token, expected: "(") }
      let head = try tokens.word("a command")
      if head == "assert" {
        try restrict(&alternatives, to: condition(depth: 1))
        try tokens.close()
      } else if head == "declare-const" || head == "declare-fun" {
        let name = try tokens.word("a name")
        if name.hasPrefix("X_"), let index = Int(name.dropFirst(2)), index >= 0 { inputs.insert(index) }
        try tokens.skip()
      } else {
        try tokens.skip()
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
        place: tokens.place, expected: "parentheses nested at most \(VNNLIBParser.depthLimit) deep",
        found: "more")
    }
    guard let open = tokens.next(), open == "(" else { throw tokens.unexpected(nil, expected: "a condition") }
    let head = try tokens.word("a condition")
    switch head {
    case "and":
      var result: [Bounds] = [[:]]
      while !tokens.atClose() { try restrict(&result, to: condition(depth: depth + 1)) }
      try tokens.close()
      return result
    case "or":
      var result: [Bounds] = []
      var size = 0
      while !tokens.atClose() {
        let more = try condition(depth: depth + 1)
        size += more.reduce(more.count) { $0 + $1.count }
        if size > VNNLIBParser.boundLimit {
          throw tooMany
        }
        result += more
      }
      try tokens.close()
      return result
    case "<=", ">=", "<", ">", "=":
      return try comparison(head)
    default: throw tokens.unexpected(head, expected: "and, or, <=, >= or =")
    }
  }

  /// The bound of a comparison; a strict one counts as its closure.
  private mutating func comparison(_ relation: String) throws(ModelFileError.Cause) -> [Bounds] {
    let left = try operand()
    let right = try operand()
    try tokens.close()
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
        place: tokens.place, what: "a condition that ties an input to something else than a number",
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
    guard let token = tokens.next() else { throw tokens.unexpected(nil, expected: "a variable or a number") }
    if token == "(" {
      // SMT-LIB writes negative numbers as (- 1.5).
      let sign = try tokens.word("-")
      guard sign == "-" else {
        throw .unsupported(
          place: tokens.place, what: "an expression with \(quoted(sign))",
          advice: "only boxes of inputs are read")
      }
      let value = try InputDomain.end(tokens.word("a number"), place: tokens.place)
      try tokens.close()
      return .number(-value)
    }
    if token.hasPrefix("X_"), let index = Int(token.dropFirst(2)) {
      guard inputs.contains(index) else { throw tokens.unexpected(token, expected: "a declared variable") }
      return .input(index)
    }
    if token.hasPrefix("Y_"), Int(token.dropFirst(2)) != nil { return .output }
    return .number(try InputDomain.end(token, place: tokens.place))
  }

  private var tooMany: ModelFileError.Cause {
    .unsupported(
      place: tokens.place, what: "too many alternatives of conditions", advice: "split the property")
  }

  /// Keeps the alternatives that satisfy one of `others` too; those with an empty interval are dropped.
  private mutating func restrict(_ alternatives: inout [Bounds], to others: [Bounds]) throws(ModelFileError
    .Cause)
  {
    let size = { (side: [Bounds]) in side.reduce(side.count) { $0 + $1.count } }
    let (rows, overflow) = alternatives.count.multipliedReportingOverflow(by: size(others))
    let columns =
      others.count > 1 ? others.count.multipliedReportingOverflow(by: size(alternatives)) : (0, false)
    let cost = max(rows, columns.0)
    guard !overflow, !columns.1, others.count <= 1 || cost <= VNNLIBParser.boundLimit else {
      throw tooMany
    }
    let (total, carry) = work.addingReportingOverflow(cost)
    guard !carry, total <= VNNLIBParser.workLimit else {
      throw tooMany
    }
    work = total
    if others.count == 1 {
      var kept = 0
      for index in alternatives.indices where VNNLIBParser.intersect(&alternatives[index], others[0]) {
        alternatives.swapAt(kept, index)
        kept += 1
      }
      alternatives.removeLast(alternatives.count - kept)
      return
    }
    alternatives = alternatives.flatMap { first in
      others.compactMap { second in
        var bounds = first
        return VNNLIBParser.intersect(&bounds, second) ? bounds : nil
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
