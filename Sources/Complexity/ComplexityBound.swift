/// One bound of the theory, evaluated: its value, and every constant that went into it.
///
/// Products over layers leave the range of `Double` soon, so a value is kept as its decimal logarithm.
///
/// Exactness: numeric, rounded upward where the doc comment of the function that made it says so.
public struct ComplexityBound: Hashable, Sendable {
  /// How far the formula is ours to vouch for.
  public enum Standing: Hashable, Sendable {
    /// Proved in the guide or in a doc comment, with every constant.
    case proved
    /// Stated as in the published source, and checked against it.
    case published
    /// Stated as remembered or as implemented elsewhere; the paper's own text could not be checked.
    case unchecked
  }

  /// A number that went into the value, with the symbol it has in the formula.
  public struct Constant: Hashable, Sendable {
    /// The symbol in the formula, such as `K` or `‖X‖_F`.
    public let symbol: String
    /// What the symbol means, in a few words.
    public let meaning: String
    /// The decimal logarithm of the number; -infinity for 0.
    public let log10: Double

    /// Names a constant by its decimal logarithm.
    public init(symbol: String, meaning: String, log10: Double) {
      self.symbol = symbol
      self.meaning = meaning
      self.log10 = log10
    }
  }

  /// The bound's name, one line.
  public let name: String
  /// The formula, in the symbols of `constants`.
  public let formula: String
  /// The decimal logarithm of the bound.
  public let log10Value: Double
  /// The numbers that went into it.
  public let constants: [Constant]
  /// What the formula takes for granted, one sentence each.
  public let assumptions: [String]
  /// Paper and theorem, with the key of `REFERENCES.md`.
  public let reference: String
  /// How far the formula is ours to vouch for.
  public let standing: Standing

  /// Puts a bound together.
  public init(
    name: String, formula: String, log10Value: Double, constants: [Constant], assumptions: [String],
    reference: String, standing: Standing
  ) {
    self.name = name
    self.formula = formula
    self.log10Value = log10Value
    self.constants = constants
    self.assumptions = assumptions
    self.reference = reference
    self.standing = standing
  }
}
