/// The deficits of many random networks: a histogram for each architecture, and how often there is none.
///
/// Architectures of one width share a row and its scales, so that depths can be compared along it.
public struct CensusFigure: Hashable, Sendable {
  /// The title.
  public let title: String
  /// What is shown, in a few lines.
  public let caption: [String]
  /// The architectures.
  public let panels: [Panel]
  /// Remarks below the picture.
  public let notes: [String]
  /// How many histograms stand side by side at most.
  public static let columnLimit = 4

  /// A figure of the given panels.
  public init(title: String, caption: [String], panels: [Panel], notes: [String] = []) {
    self.title = title
    self.caption = caption
    self.panels = panels
    self.notes = notes
  }

  /// One architecture.
  public struct Panel: Hashable, Sendable {
    /// Its widths, as in "5-5-5-1".
    public let label: String
    /// What panels of a row and of a curve have in common, as in "width 5".
    public let family: String
    /// The number of layers of weights.
    public let depth: Int
    /// The dimension of a network without deficit.
    public let fullDimension: Int
    /// The proved deficit bound of each network.
    public let deficits: [Int]
    /// The deficit that a plain sample shows of each network.
    public let sampleDeficits: [Int]
    /// The mean of the deficits.
    public let mean: Double
    /// The share of networks without deficit.
    public let share: Double
    /// An interval around it.
    public let interval: ClosedRange<Double>

    /// A panel with the given contents.
    public init(
      label: String, family: String, depth: Int, fullDimension: Int, deficits: [Int], sampleDeficits: [Int],
      mean: Double, share: Double, interval: ClosedRange<Double>
    ) {
      self.label = label
      self.family = family
      self.depth = depth
      self.fullDimension = fullDimension
      self.deficits = deficits
      self.sampleDeficits = sampleDeficits
      self.mean = mean
      self.share = share
      self.interval = interval
    }
  }

  /// The families in the order in which they first appear.
  var families: [String] {
    var seen: Set<String> = []
    return panels.map(\.family).filter { seen.insert($0).inserted }
  }

  /// The histograms row by row.
  var rows: [[Panel]] {
    let groups = families.map { family in
      panels.filter { $0.family == family }.sorted { $0.depth < $1.depth }
    }
    // Families of one member each would stand one below the other.
    let lines = groups.allSatisfy { $0.count == 1 } ? [groups.flatMap(\.self)] : groups
    return lines.flatMap { line in
      stride(from: 0, to: line.count, by: Self.columnLimit).map { start in
        Array(line[start..<min(line.count, start + Self.columnLimit)])
      }
    }
  }
}
