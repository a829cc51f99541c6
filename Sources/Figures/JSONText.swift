/// JSON as the pages hold it, safe inside a `script` element.
struct JSONText {
  private var fields: [String] = []

  /// The object of the fields so far.
  var text: String { "{" + fields.joined(separator: ",\n") + "}" }

  /// A field that holds text.
  mutating func add(_ name: String, _ value: String) { addRaw(name, value.quotedForScript) }

  /// A field that holds a number; a value that is not finite becomes null.
  mutating func add(_ name: String, _ value: Double) { addRaw(name, Self.number(value)) }

  /// A field that holds a whole number.
  mutating func add(_ name: String, _ value: Int) { addRaw(name, String(value)) }

  /// A field that holds true or false.
  mutating func add(_ name: String, _ value: Bool) { addRaw(name, String(value)) }

  /// A field that holds a list of texts.
  mutating func add(_ name: String, _ values: [String]) {
    addRaw(name, "[" + values.map(\.quotedForScript).joined(separator: ",") + "]")
  }

  /// A field whose value is JSON already.
  mutating func addRaw(_ name: String, _ json: String) { fields.append("\(name.quotedForScript):\(json)") }

  /// A list of values that are JSON already.
  static func list(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }

  /// A number that reads back to the same double.
  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
}
