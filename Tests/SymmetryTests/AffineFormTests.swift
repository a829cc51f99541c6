import ExactArithmetic
import Testing
import _TestSupport

@testable import Symmetry

@Suite("Affine forms")
struct AffineFormTests {
  private func form(_ coefficients: [Dyadic], _ constant: Dyadic) -> AffineForm<Dyadic> {
    AffineForm(signals: Array(0..<Int32(coefficients.count)), coefficients: coefficients, constant: constant)
  }

  @Test("Multiples share their line key and have a ratio, constant included")
  func multiples() {
    forEachSeed(0..<100) { seed, rng in
      let factor = Dyadic.random(using: &rng)
      let coefficients = (0..<3).map { _ in Dyadic.random(using: &rng) }
      let constant = Dyadic.random(using: &rng)
      if factor.isZero || coefficients.contains(where: \.isZero) { return }
      let plain = form(coefficients, constant)
      let scaled = form(coefficients.map { factor * $0 }, factor * constant)
      #expect(plain.lineKey == scaled.lineKey, "seed \(seed)")
      #expect(scaled.ratio(to: plain) == factor, "seed \(seed)")
      let shifted = form(coefficients.map { factor * $0 }, factor * constant + .one)
      #expect(shifted.ratio(to: plain) == nil && shifted.lineKey != plain.lineKey, "seed \(seed)")
    }
  }

  @Test("A ratio outside the dyadics, or of other signals, is none")
  func noRatio() {
    let x = form([Dyadic(3), Dyadic(6)], .zero)
    let y = form([Dyadic(1), Dyadic(2)], .zero)
    #expect(x.ratio(to: y) == Dyadic(3))
    #expect(y.ratio(to: x) == nil)
    #expect(x.ratio(to: form([Dyadic(1), Dyadic(3)], .zero)) == nil)
    let shifted = AffineForm(signals: [1, 2], coefficients: [Dyadic(3), Dyadic(6)], constant: .zero)
    #expect(x.ratio(to: shifted) == nil)
    #expect(form([], .one).ratio(to: form([], .one)) == nil)
  }

  @Test("Coefficients that no double holds are kept exactly")
  func wide() {
    let wide = Dyadic(0.1) * Dyadic(0.1)
    let mixed = form([.one, wide], wide)
    #expect(mixed.coefficient(at: 0) == .one)
    #expect(mixed.coefficient(at: 1) == wide)
    #expect(mixed.constant == wide)
    #expect(mixed.count == 2 && !mixed.isConstant && form([], wide).isConstant)
  }
}

@Suite("Summing forms")
struct FormAccumulatorTests {
  @Test("Sums agree with a dictionary, drop zeros, and leave the table clean")
  func sums() {
    var accumulator = FormAccumulator<Dyadic>()
    forEachSeed(0..<100) { seed, rng in
      let count = Int.random(in: 1...40, using: &rng)
      var expected: [Int32: Dyadic] = [:]
      var constant = Dyadic(Int64(seed))
      accumulator.start(signalCount: count, constant: constant)
      for _ in 0..<Int.random(in: 0...60, using: &rng) {
        let signal = Int32.random(in: 0..<Int32(count), using: &rng)
        let value = Dyadic(Int64.random(in: -2...2, using: &rng))
        if Bool.random(using: &rng) || value.isZero {
          accumulator.add(value, times: signal)
          expected[signal, default: .zero] = expected[signal, default: .zero] + value
        } else {
          let form = AffineForm(signals: [signal], coefficients: [value], constant: value)
          accumulator.add(Dyadic(3), times: form)
          expected[signal, default: .zero] = expected[signal, default: .zero] + Dyadic(3) * value
          constant = constant + Dyadic(3) * value
        }
      }
      let form = accumulator.finish()
      let nonzero = expected.filter { !$0.value.isZero }
      #expect(form.signals == nonzero.keys.sorted(), "seed \(seed)")
      #expect(
        form.signals.indices.map { form.coefficient(at: $0) } == form.signals.map { nonzero[$0] },
        "seed \(seed)")
      #expect(form.constant == constant, "seed \(seed)")
    }
  }
}
