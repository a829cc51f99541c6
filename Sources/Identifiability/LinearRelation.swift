import ExactArithmetic
import LinearAlgebra

/// A sparse vector of rationals, by keys: a linear form, or the coefficients of a linear relation.
typealias SparseVector = [Int: Rational]

extension [Int: Rational] {
  /// Adds a multiple of another vector; entries that become 0 disappear.
  mutating func add(_ other: SparseVector, times factor: Rational) {
    if factor.isZero { return }
    for (key, value) in other {
      let sum = self[key, default: .zero] + value * factor
      self[key] = sum.isZero ? nil : sum
    }
  }

  /// The vector times a positive integer after which all entries are dyadic, by increasing key.
  var clearingDenominators: [(key: Int, value: Dyadic)] {
    var common = BigInteger(1)
    for value in values {
      let shared = common.greatestCommonDivisor(with: value.denominator)
      common = common * (value.denominator.dividedExactly(by: shared) ?? value.denominator)
    }
    let factor = Rational(Dyadic(common))
    return keys.sorted().map { key in
      guard let value = (self[key, default: .zero] * factor).dyadic else {
        preconditionFailure("a common denominator left a fraction")
      }
      return (key, value)
    }
  }
}

/// Linear relations that hold identically, each with the neuron that it expresses by others.
struct LinearRelation: Sendable {
  /// The number of the neuron.
  let neuron: Int
  /// The coefficients: Σ terms[key] · quantity(key) = 0.
  let terms: SparseVector

  /// A basis of the combinations of relations in which only allowed quantities occur.
  ///
  /// - Exactness: every result is an exact combination. Independence modulo a prime shows that there are no others.
  /// - Complexity: nothing where the parts outside are independent modulo the prime; else exact elimination.
  static func combinations(
    of relations: [LinearRelation], allowing isAllowed: (Int) -> Bool, field: PrimeField
  ) -> [LinearRelation] {
    var result: [LinearRelation] = []
    var rest: [(relation: LinearRelation, outside: [(key: Int, value: Dyadic)])] = []
    for relation in relations {
      let outside = relation.terms.filter { !isAllowed($0.key) }
      if outside.isEmpty {
        result.append(relation)
      } else {
        rest.append((relation, outside.clearingDenominators))
      }
    }
    let keys = Set(rest.flatMap { $0.outside.map(\.key) }).sorted()
    let place = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    func row(_ entries: [(key: Int, value: Dyadic)]) -> [Dyadic] {
      var row = Array(repeating: Dyadic.zero, count: keys.count)
      for (key, value) in entries { row[place[key, default: 0]] = value }
      return row
    }
    let rows = rest.map { row($0.outside) }
    var residues = EchelonBasis(columns: keys.count, field: field)
    residues.insert(rows: rows.flatMap { field.residues(of: $0) }, count: rows.count)
    if residues.rank == rows.count { return result }

    var space = ExactElimination(columns: keys.count)
    var independent: [Int] = []
    for (index, row) in rows.enumerated() {
      if space.insert(row) {
        independent.append(index)
        continue
      }
      let members = independent + [index]
      let columns = keys.indices.map { column in members.map { rows[$0][column] } }
      guard let factors = ExactElimination.nullVector(of: columns) else { continue }
      var terms: SparseVector = [:]
      for (factor, member) in zip(factors, members) where !factor.isZero {
        let (relation, outside) = rest[member]
        // The rows were multiplied by a common denominator; so is the relation.
        guard let first = outside.first,
          let scale = Rational(first.value).dividedExactly(by: relation.terms[first.key, default: .one])
        else { continue }
        terms.add(relation.terms, times: Rational(factor) * scale)
      }
      result.append(LinearRelation(neuron: rest[index].relation.neuron, terms: terms))
    }
    return result
  }
}
