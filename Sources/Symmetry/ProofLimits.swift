/// Limits that keep hostile or merely unlucky networks from exhausting the machine.
public enum ProofLimits {
  /// The most machine words that the forms of one numbering, or of the replay of one proof, may take: half a gigabyte.
  public static let words = 1 << 26
}
