/// Text from a file for a message: in quotes, short, without control characters.
func quoted(_ text: some StringProtocol) -> String {
  let clean = text.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.generalCategory == .control || scalar.properties.isWhitespace && scalar != " "
      || scalar.properties.generalCategory == .format ? "?" : String(scalar)
  }
  return "\"\(clean.joined())\(text.unicodeScalars.count > 80 ? "…" : "")\""
}
