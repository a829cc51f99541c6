import ExactArithmetic
import Networks
import Testing

@testable import ModelFiles

@Suite struct NNetTests {
  @Test func layersAndDomain() throws {
    let network = try Small.read(Small.nnet)
    #expect(network.widths == [2, 3, 1])
    #expect(network.storage == .decimal)
    #expect(network.layers[0].blocks[0].weights.nearest.elements == [1.5, -2, 0.25, 0.1, -0.5, 3])
    #expect(network.layers[1].bias.nearest.elements == [2.5])
    #expect(network.domain == .box(.init([Interval(-1, 1), Interval(-1, 1)])))
  }

  @Test func windowsLineEndsBlanksAndMissingCommas() throws {
    let network = try Small.read(Small.nnet)
    let windows = Small.nnet.split(separator: "\n", omittingEmptySubsequences: false).joined(
      separator: "\r\n")
    #expect(try Small.read(windows) == network)
    let spaced = Small.nnet.split(separator: "\n").map { " \($0.hasSuffix(",") ? $0.dropLast() : $0) " }
    #expect(try Small.read(spaced.joined(separator: "\n\n// more\n").replacing(",", with: " , ")) == network)
  }

  @Test func placeholders() throws {
    let network = try Small.read("2\n1, 1, 1\n0\n0\n0\n0\n0\n1\n0\n1\n0\n")
    #expect(network.widths == [1, 1, 1])
    #expect(network.domain == nil)
    let raw = try Small.read("2\n1, 1, 1\n0\n0\n0\n0\n0\n1\n0\n1\n0\n", ReadingOptions(rawInputs: true))
    #expect(raw.layers == network.layers)
    #expect(try Small.read(Small.nnet.replacing("-1.0,-1.0,\n1.0", with: "2.0,-1.0,\n1.0")).domain == nil)
  }

  @Test(arguments: [
    ("1.5,-2.0,", "1.5,", "line 9: expected 2 weights (row 0 of layer 1), found 1"),
    ("1.5,-2.0,", "1.5,-2.0,3.0", "line 9: expected 2 weights (row 0 of layer 1), found more numbers"),
    ("1.5,-2.0,", "1.5,two", "line 9: expected 2 weights (row 0 of layer 1), found \"two\""),
    ("1.5,-2.0,", "1.5,,2", "line 9: expected 2 weights (row 0 of layer 1), found nothing before a comma"),
    (
      "1.5,-2.0,", "1.5,1e999",
      "line 9: a weight is 1e999, beyond the range of doubles; weights must be finite"
    ),
    ("1.5,-2.0,", "1.5,NaN", "line 9: a weight is NaN; weights must be finite"),
    ("1.5,-2.0,", "0x10,1", "line 9: expected 2 weights (row 0 of layer 1), found \"0x10\""),
    ("2,2,1,3,", "-2,2,1,3,", "line 2: expected a positive number of layers, found -2.0"),
    ("2,2,1,3,", "3,2,1,3,", "line 3: expected as many widths as layers and one more (3 layers), found 3"),
    ("2,3,1,", "2,1e9,1,", "line 3: expected positive widths that the file can hold, found 1000000000.0"),
    ("2,2,1,3,", "2,3,1,3,", "line 2: expected 2 inputs and 1 outputs, as the widths say, found 3.0 and 1.0"),
    ("2.5,\n", "2.5,\n7\n", "line 17: expected the end of the file, found more text"),
    ("2.5,\n", "", "line 16: expected 1 more biases of layer 2, found the end of the file"),
  ])
  func errors(old: String, new: String, message: String) {
    let error = #expect(throws: ModelFileError.Cause.self) {
      try Small.read(Small.nnet.replacing(old, with: new, maxReplacements: 1))
    }
    #expect(error?.description == message)
  }

  /// Ranges that are powers of two divide exactly; others give a bound that holds.
  @Test func rawInputsExactOrBounded() throws {
    func text(_ range: String) -> String {
      Small.nnet.replacing("0.0,0.0,0.0,\n1.0,1.0,1.0,", with: "0.5,-3.0,7.0,\n\(range),4.0,3.0,")
    }
    let options = ReadingOptions(rawInputs: true)
    let exact = try Small.read(text("2.0"), options)
    #expect(exact.lowering == .exact)
    // f(x) = 3 g((x − mean) / range) + 7, exactly.
    let normalised = try Small.read(text("2.0"))
    for (x, u) in [([0.5, -3.0], [0.0, 0.0]), ([2.5, 1.0], [1.0, 1.0]), ([-1.5, 5.0], [-1.0, 2.0])] {
      let expected = normalised.exactOutputs(at: u).map { $0 * Dyadic(3.0) + Dyadic(7.0) }
      #expect(exact.exactOutputs(at: x) == expected)
    }
    #expect(exact.domain == .box(.init([Interval(-1, 1), Interval(-1, 1)])))
    #expect(normalised.domain == .box(.init([Interval(-0.75, 0.25), Interval(0.5, 1)])))

    let rounded = try Small.read(text("3.0"), options)
    guard case .rounded(let errors) = rounded.lowering else {
      Issue.record("thirds are no doubles")
      return
    }
    let weights = try Small.read(text("3.0")).layers[0].blocks[0].weights
    let biases = try Small.read(text("3.0")).layers[0].bias
    for i in 0..<3 {
      // Row 0 has only multiples of three.
      #expect(i == 0 ? errors[0][i] == 0 : errors[0][i] > 0 && errors[0][i] < 1e-15)
      let third = Rational(.one, over: Dyadic(3.0))
      let weight = Rational(weights[i, 0]) * third
      let gap = weight - Rational(rounded.layers[0].blocks[0].weights[i, 0])
      #expect(max(gap, -gap) <= Rational(Dyadic(errors[0][i])))
      let bias =
        Rational(biases[i, 0]) - weight * Rational(Dyadic(0.5)) - Rational(weights[i, 1] * Dyadic(-0.75))
      let distance = bias - Rational(rounded.layers[0].bias[i, 0])
      #expect(max(distance, -distance) <= Rational(Dyadic(errors[0][i])))
    }
    #expect(errors[1] == [0])
  }

  @Test func theBoxIsRoundedOutward() throws {
    let text = Small.nnet.replacing("0.0,0.0,0.0,\n1.0,1.0,1.0,", with: "0.0,0.0,0.0,\n3.0,3.0,1.0,")
    let sides = try #require(Small.read(text).domain).enclosure
    let third = Rational(.one, over: Dyadic(3.0))
    #expect(Rational(Dyadic(sides[0].upper)) > third && sides[0].upper <= (1.0 / 3).nextUp)
    #expect(Rational(Dyadic(sides[0].lower)) < -third && sides[0].lower >= -(1.0 / 3).nextUp)
  }

  @Test func rangesOfZeroHaveNoPhysicalUnits() throws {
    let text = Small.nnet.replacing("1.0,1.0,1.0,", with: "0.0,1.0,1.0,")
    #expect(try Small.read(text).domain == nil)
    #expect(throws: ModelFileError.Cause.self) { try Small.read(text, ReadingOptions(rawInputs: true)) }
  }
}
