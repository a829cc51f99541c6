/// Where the parameters of a network go: how many move its function, and why the others do not.
///
/// A bar holds all parameters; below it the neurons of each hidden layer, marked with the reasons that concern them.
public struct DimensionFigure: Hashable, Sendable {
  /// The title.
  public let title: String
  /// What is shown, in a few lines.
  public let caption: [String]
  /// The parts of all parameters, in the order in which they are drawn.
  public let parts: [Part]
  /// The hidden layers.
  public let layers: [Layer]
  /// Remarks below the picture.
  public let notes: [String]

  /// A figure of the given parts.
  public init(title: String, caption: [String], parts: [Part], layers: [Layer], notes: [String] = []) {
    self.title = title
    self.caption = caption
    self.parts = parts
    self.layers = layers
    self.notes = notes
  }

  /// A part of the parameters, or of the neurons of a layer.
  public struct Part: Hashable, Sendable {
    /// What it is.
    public let label: String
    /// The number of directions of parameters, or of neurons.
    public let count: Int
    /// What it stands for.
    public let kind: Kind

    /// A part with the given contents.
    public init(_ label: String, count: Int, kind: Kind) {
      self.label = label
      self.count = count
      self.kind = kind
    }
  }

  /// What a part of the parameters, or some neurons of a layer, stand for.
  public enum Kind: Hashable, Sendable {
    /// Directions that move the function; neurons of which nothing is to be said.
    case moving
    /// Rescalings.
    case rescaling
    /// A reason, numbered from 0: figures give each a colour.
    case reason(Int)
    /// Neither proved to move the function nor not to.
    case open
    /// More than the inputs at hand can tell apart.
    case unseen
  }

  /// A hidden layer.
  public struct Layer: Hashable, Sendable {
    /// Its name.
    public let label: String
    /// Its neurons by what is known of them; the counts add up to the width.
    public let parts: [Part]

    /// A layer with the given contents.
    public init(_ label: String, parts: [Part]) {
      self.label = label
      self.parts = parts
    }

    /// The number of neurons.
    var width: Int { parts.reduce(0) { $0 + $1.count } }
  }

  /// The number of parameters.
  var total: Int { parts.reduce(0) { $0 + $1.count } }

  /// The figure as a page that needs nothing else, with a table of numbers below it.
  ///
  /// - Parameters:
  ///   - columns: The heads of the table.
  ///   - rows: Its rows, of as many cells; the first cell of each is its name.
  public func page(columns: [String], rows: [[String]]) -> String {
    TablePage.document(title: title, svg: svg(), columns: columns, rows: rows)
  }
}
