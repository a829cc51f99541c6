import LinearAlgebra

extension AffineForms {
  /// The rows after a relaxation each; every radius that is not 0 becomes a symbol of its own.
  ///
  /// - Parameter known: how many symbols of the origin other forms have, which these may not read.
  func relaxed(by relaxations: [Relaxation], as origin: Symbols, after known: Int) -> AffineForms {
    precondition(relaxations.count == rows, "\(relaxations.count) relaxations for \(rows) rows")
    var counts = symbolCounts
    counts[origin.rawValue] = max(counts[origin.rawValue], known)
    var builder = FormBuilder(
      symbols: counts, origin: origin, newSymbols: relaxations.count { $0.radius > 0 })
    let radii = radii()
    for (i, relaxation) in relaxations.enumerated() { builder.append(self, i, relaxation, radius: radii[i]) }
    return builder.forms
  }
}

/// Rows of affine forms built one after the other, with new symbols behind the known ones of their origin.
struct FormBuilder {
  private(set) var rowCount = 0
  private var elements: [[Double]] = [[], [], [], []]
  private var slack: [Double] = []
  private let counts: [Int]
  private let origin: AffineForms.Symbols
  private var nextSymbol: Int

  /// Rows with the given symbols, and room for new ones of an origin.
  init(symbols: [Int], origin: AffineForms.Symbols, newSymbols: Int) {
    var counts = symbols
    nextSymbol = counts[origin.rawValue]
    counts[origin.rawValue] += newSymbols
    self.counts = counts
    self.origin = origin
  }

  /// The rows so far.
  var forms: AffineForms {
    var result = AffineForms(rows: rowCount, symbols: [0, 0, 0, 0])
    for position in counts.indices {
      result.segments[position] = Matrix(
        rows: rowCount, columns: counts[position], elements: elements[position])
    }
    result.slack = slack
    return result
  }

  /// Adds a row of some forms, relaxed.
  ///
  /// - Parameter radius: the sum of the magnitudes of the row's coefficients.
  mutating func append(_ forms: AffineForms, _ i: Int, _ relaxation: Relaxation, radius: Double) {
    let slope = relaxation.slope
    var own = 0.0
    if slope == 0 {
      for position in counts.indices { elements[position] += repeatElement(0, count: counts[position]) }
    } else {
      for position in counts.indices {
        let segment = forms.segments[position]
        if slope == 1 {
          elements[position] += segment.row(i)
        } else {
          elements[position] += segment.row(i).lazy.map { $0 * slope }
        }
        elements[position] += repeatElement(0, count: counts[position] - segment.columns)
      }
      own = forms.slack[i] * slope
      if slope != 1 {
        own += 0x1p-52 * slope * (radius + forms.centre(i).magnitude)
        own += 0x1p-1070 * Double(counts.reduce(1, +))
      }
    }
    close(own, relaxation)
  }

  /// Adds the difference of a row of some forms and `scale` times a row of others.
  mutating func append(
    _ first: AffineForms, _ i: Int, minus scale: Double, times second: AffineForms, _ j: Int, size: Double
  ) {
    for position in counts.indices {
      let (a, b) = (first.segments[position], second.segments[position])
      let start = elements[position].count
      elements[position] += repeatElement(0, count: counts[position])
      elements[position].withUnsafeMutableBufferPointer { target in
        for k in 0..<a.columns { target[start + k] = a.elements[i * a.columns + k] }
        for k in 0..<b.columns { target[start + k] -= scale * b.elements[j * b.columns + k] }
      }
    }
    let own =
      first.slack[i] + scale * second.slack[j] + 0x1p-51 * size + 0x1p-1070 * Double(counts.reduce(1, +))
    close(own, .identity)
  }

  /// Leaves a new symbol without use.
  mutating func skipSymbol() { nextSymbol += 1 }

  /// Shift, radius and slack of the row just written.
  private mutating func close(_ own: Double, _ relaxation: Relaxation) {
    var own = (own * (1 + 0x1p-50))
    let centre = elements[0].count - counts[0]
    if relaxation.shift != 0 {
      let sum = elements[0][centre] + relaxation.shift
      own = (own + 0x1p-52 * sum.magnitude).nextUp
      elements[0][centre] = sum
    }
    if relaxation.radius > 0 {
      if relaxation.radius.isFinite {
        let row = elements[origin.rawValue].count - counts[origin.rawValue]
        elements[origin.rawValue][row + nextSymbol] = relaxation.radius
      } else {
        own = .infinity
      }
      nextSymbol += 1
    }
    slack.append(own.isNaN ? .infinity : own)
    rowCount += 1
  }
}
