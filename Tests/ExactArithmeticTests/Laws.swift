import ExactArithmetic
import Testing

/// What the ring laws speak of.
protocol Ring: Hashable {
  static var zero: Self { get }
  static var one: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
}

/// A ring in which every element but zero has an inverse.
protocol Field: Ring {
  var inverseIfAny: Self? { get }
}

extension Dyadic: Ring {}
extension Rational: Field {
  var inverseIfAny: Rational? { isZero ? nil : Rational.one.dividedExactly(by: self) }
}
extension Mersenne61: Field {
  var inverseIfAny: Mersenne61? { inverse }
}

/// Expects the axioms of a commutative ring at three elements.
///
/// `==` compares representations, so these laws also say that the representation is unique.
func expectRing<R: Ring>(_ a: R, _ b: R, _ c: R, _ note: Comment) {
  #expect((a + b) + c == a + (b + c), note)
  #expect(a + b == b + a, note)
  #expect(a + .zero == a, note)
  #expect(a + (-a) == .zero, note)
  #expect(a - b == a + (-b), note)
  #expect((a + b) - b == a, note)
  #expect(-(-a) == a, note)
  #expect((a * b) * c == a * (b * c), note)
  #expect(a * b == b * a, note)
  #expect(a * .one == a, note)
  #expect(a * .zero == .zero, note)
  #expect(a * (b + c) == a * b + a * c, note)
  #expect((-a) * b == -(a * b), note)
  #expect(((a + b) - b).hashValue == a.hashValue, note)
}

/// Expects that exactly the elements other than zero have an inverse, and that it is one.
func expectField<F: Field>(_ a: F, _ note: Comment) {
  #expect(F.zero != F.one)
  guard let inverse = a.inverseIfAny else {
    #expect(a == .zero, note)
    return
  }
  #expect(a * inverse == .one, note)
  #expect(inverse.inverseIfAny == a, note)
}

/// Expects a total order that agrees with sums and products.
func expectOrdered<R: Ring & Comparable>(_ a: R, _ b: R, _ c: R, _ note: Comment) {
  #expect([a < b, a == b, b < a].filter(\.self).count == 1, note)
  if a < b {
    #expect(a + c < b + c, note)
    if .zero < c { #expect(a * c < b * c, note) }
    if b < c { #expect(a < c, note) }
  }
}
