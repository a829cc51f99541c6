import Testing
import _TestSupport

@testable import Figures

@Suite("Ticks and numbers")
struct TicksTests {
  @Test("Known axes")
  func examples() {
    #expect(Ticks(0...1).labels == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks(-1...1, target: 4).labels == ["−1.0", "−0.5", "0", "0.5", "1.0"])
    #expect(Ticks(0...60_760).labels == ["0", "10000", "20000", "30000", "40000", "50000", "60000"])
    #expect(Ticks(0.01...0.43, target: 5).labels == ["0.1", "0.2", "0.3", "0.4"])
    #expect(Ticks(3...3).values == [3])
  }

  @Test("Ticks lie in the range, evenly, at round places, and are neither few nor many")
  func properties() {
    forEachSeed(0..<400) { seed, rng in
      let scale = Double("1e\(Int.random(in: -20...20, using: &rng))") ?? 1
      let lower = Double.random(in: -1...1, using: &rng) * scale
      let upper = lower + Double.random(in: 0.01...2, using: &rng) * scale
      let ticks = Ticks(lower...upper)
      #expect((3...12).contains(ticks.values.count), "seed \(seed)")
      #expect(ticks.values.allSatisfy { $0 >= lower && $0 <= upper }, "seed \(seed)")
      #expect(Set(ticks.labels).count == ticks.values.count, "seed \(seed)")
      let steps = zip(ticks.values.dropFirst(), ticks.values).map { $0 - $1 }
      for step in steps { #expect((step / steps[0] - 1).magnitude < 1e-9, "seed \(seed)") }
      // No further multiple of the step fits at either end.
      if let first = ticks.values.first, let last = ticks.values.last {
        #expect(first - steps[0] < lower + 1e-9 * steps[0], "seed \(seed)")
        #expect(last + steps[0] > upper - 1e-9 * steps[0], "seed \(seed)")
      }
    }
  }

  @Test("Labels are the decimals of their values")
  func labels() {
    for range in [0.0...0.07, -3...12, 1000...1004, -0.5 ... -0.1, 0...250_000] {
      let ticks = Ticks(range)
      for (value, label) in zip(ticks.values, ticks.labels) {
        #expect(Double(label.replacing("−", with: "-")) == value)
      }
    }
  }

  @Test("A range next to nothing beside its ends still has ticks")
  func narrow() {
    let ticks = Ticks(1...1.0.nextUp)
    #expect(ticks.values == [1, 1.0.nextUp])
  }

  @Test("Numbers for people and for programs")
  func numbers() {
    #expect(NumberText.readable(-0.04217) == "−0.0422")
    #expect(NumberText.readable(1_300_000_000) == "1.3×10⁹")
    #expect(NumberText.readable(1e-9) == "10⁻⁹")
    #expect(NumberText.readable(999.96, digits: 4) == "1000")
    #expect(NumberText.readable(.nan) == "undefined")
    #expect(NumberText.readable(-.infinity) == "−∞")
    #expect(NumberText.code(-0.0) == "0")
    #expect(NumberText.code(1e-12) == "1e-12")
    #expect(NumberText.grouped(1_000_000) == "1\u{202F}000\u{202F}000")
    #expect(NumberText.grouped(-12) == "−12")
    #expect(PlanarDrawing.hundredths(-0.504) == "-0.5")
    #expect(PlanarDrawing.hundredths(12.049) == "12.05")
    #expect(PlanarDrawing.hundredths(-0.001) == "0")
  }

  @Test("Programs read back what they are given, to six digits")
  func roundTrip() throws {
    try forEachSeed(0..<500) { seed, rng in
      let value =
        Double.random(in: -1...1, using: &rng) * (Double("1e\(Int.random(in: -12...12, using: &rng))") ?? 1)
      let back = try #require(Double(NumberText.code(value)))
      #expect((back - value).magnitude <= 5.0001e-6 * value.magnitude, "seed \(seed)")
    }
  }
}
