import ExactArithmetic
import Networks

/// Reads `.nnet` files.
enum NNetReader {
  /// The network of the file with these bytes.
  ///
  /// By default its inputs and outputs are the normalised ones, as in the ONNX versions of the same files.
  /// With ``ReadingOptions/rawInputs`` they are physical; a file whose normalisation is a placeholder knows
  /// no others. The box of least and greatest inputs becomes the domain, in the units of the network, unless
  /// it is a placeholder: all zeros, inverted, or everywhere as wide as float32 goes. NNet's own evaluation
  /// also moves inputs into this box; that is no part of the function here.
  ///
  /// - Exactness: the weights are the doubles nearest to the decimals. With physical units, exact or within
  ///   the bounds of ``Network/Lowering``. The normalised domain encloses the exact box.
  static func network(
    from bytes: [UInt8], options: ReadingOptions = .init()
  ) throws(ModelFileError.Cause) -> Network {
    let file = try NNetFile(bytes)
    if options.rawInputs, let normalisation = file.normalisation {
      guard normalisation.isMeaningful else {
        throw .malformed(
          place: "the line of ranges", expected: "positive ranges for physical units", found: "zero or less")
      }
      let (layers, lowering) = try normalisation.folded(into: file)
      return Network(
        inputCount: file.widths[0], layers: layers, storage: .decimal, lowering: lowering,
        domain: file.box.map { .box(.init($0)) })
    }
    let layers = zip(file.weights, file.biases).enumerated().map { position, layer in
      Network.Layer(weights: layer.0, bias: layer.1, reading: position)
    }
    return Network(
      inputCount: file.widths[0], layers: layers, storage: .decimal, domain: file.normalisedDomain)
  }
}

extension NNetFile {
  /// The inputs in physical units, or nil where the header has only placeholders.
  var box: [Interval]? {
    guard let minima, let maxima else { return nil }
    let ends = zip(minima, maxima)
    let widest = 3.4e38
    guard ends.allSatisfy({ $0 <= $1 }), ends.contains(where: { $0 != 0 || $1 != 0 }),
      ends.contains(where: { $0 > -widest || $1 < widest })
    else { return nil }
    return ends.map { Interval($0, $1) }
  }

  /// The inputs in normalised units.
  fileprivate var normalisedDomain: InputDomain? {
    guard let box else { return nil }
    guard let normalisation else { return .box(.init(box)) }
    guard normalisation.isMeaningful else { return nil }
    let sides = box.indices.map { j in
      let (mean, range) = (Dyadic(normalisation.means[j]), Dyadic(normalisation.ranges[j]))
      return Interval(
        ((Dyadic(box[j].lower) - mean).enclosure(dividedBy: range)).lower,
        ((Dyadic(box[j].upper) - mean).enclosure(dividedBy: range)).upper)
    }
    guard sides.allSatisfy({ $0.lower.isFinite && $0.upper.isFinite }) else { return nil }
    return .box(.init(sides))
  }
}

extension Dyadic {
  /// An enclosure of the quotient by a positive number, exact where it is a double.
  fileprivate func enclosure(dividedBy divisor: Dyadic) -> Interval {
    dividedExactly(by: divisor)?.interval ?? interval / divisor.interval
  }
}
