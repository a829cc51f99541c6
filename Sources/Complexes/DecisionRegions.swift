import Networks

/// Where each of some outputs is the largest, and where two of them share the maximum.
///
/// - Exactness: exact, inputs at which three or more outputs are equal included.
public struct DecisionRegions: Sendable {
  /// The outputs that compete.
  public let classes: [Int]
  /// The level sets of their differences.
  public let levels: LevelSets

  /// Cuts a domain by a network and by the differences of its outputs.
  ///
  /// - Parameter classes: the outputs that compete; all of them for nil.
  /// - Requires: at least two different classes; else as for ``LevelSets``.
  /// - Throws: as ``LevelSets``.
  public init(
    of network: Network, classes: [Int]? = nil, on domain: SubdivisionDomain,
    threads: Int = Concurrency.coreCount, limit: Int = .max, progress: Progress = Progress()
  ) throws {
    let classes = classes ?? Array(0..<network.outputCount)
    precondition(classes.count >= 2 && Set(classes).count == classes.count, "classes \(classes)")
    self.classes = classes
    var differences: [OutputCombination] = []
    for a in classes.indices {
      for b in classes.indices.dropFirst(a + 1) { differences.append(.difference(classes[a], classes[b])) }
    }
    levels = try LevelSets(
      of: differences, network: network, on: domain, threads: threads, limit: limit, progress: progress)
  }

  /// Where a class is at least as large as every other.
  public func region(of class: Int) -> Subcomplex {
    levels.subset(where: conditions(of: `class`, with: .nonnegative))
  }

  /// Where a class is larger than every other, by connected component.
  public func openRegion(of class: Int) -> OpenComponents {
    levels.openComponents(where: conditions(of: `class`, with: .positive))
  }

  /// Where two classes are equal, and at least as large as every other.
  public func boundary(between a: Int, and b: Int) -> Subcomplex {
    levels.subset(where: conditions(of: a, with: .nonnegative) + [condition(a, .zero, against: b)])
  }

  /// The decision boundary: where the maximum is taken by two classes or more.
  public var boundary: Subcomplex {
    var pairs: [Subcomplex] = []
    for a in classes.indices {
      for b in classes.indices.dropFirst(a + 1) {
        pairs.append(boundary(between: classes[a], and: classes[b]))
      }
    }
    return pairs.dropFirst().reduce(pairs[0]) { $0.union($1) }
  }

  private func conditions(of a: Int, with sign: SignCondition) -> [(
    combination: Int, condition: SignCondition
  )] {
    classes.filter { $0 != a }.map { condition(a, sign, against: $0) }
  }

  /// The condition that class `a` less class `b` has a sign.
  private func condition(
    _ a: Int, _ sign: SignCondition, against b: Int
  ) -> (combination: Int, condition: SignCondition) {
    guard let i = classes.firstIndex(of: a), let j = classes.firstIndex(of: b), i != j else {
      preconditionFailure("classes \(a) and \(b) of \(classes)")
    }
    let (low, high) = (min(i, j), max(i, j))
    // The pairs before those of `low`, and those of `low` before this one.
    let number = low * (2 * classes.count - low - 1) / 2 + high - low - 1
    return (number, i < j ? sign : sign.reversed)
  }
}

extension SignCondition {
  /// The condition on the negated neuron.
  var reversed: SignCondition {
    switch self {
    case .zero: .zero
    case .nonpositive: .nonnegative
    case .nonnegative: .nonpositive
    case .negative: .positive
    case .positive: .negative
    }
  }
}
