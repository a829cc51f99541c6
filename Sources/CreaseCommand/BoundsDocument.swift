import Crease

/// The JSON document of `crease bounds`.
struct BoundsDocument: Encodable {
  struct Constant: Encodable {
    let symbol: String
    let meaning: String
    let log10: Double
  }

  /// A bound of a covering number.
  struct Row: Encodable {
    let bound: String
    let epsilon: Double
    let log10CoveringNumber: Double
    let formula: String
    let reference: String
    let standing: String
    let assumptions: [String]
    let constants: [Constant]
  }

  /// Any other bound.
  struct Bound: Encodable {
    let bound: String
    let log10Value: Double
    let formula: String
    let reference: String
    let standing: String
    let assumptions: [String]
    let constants: [Constant]

    init(_ bound: ComplexityBound) {
      self.bound = bound.name
      log10Value = bound.log10Value
      formula = bound.formula
      reference = bound.reference
      standing = bound.standing.word
      assumptions = bound.assumptions
      constants = bound.documents
    }
  }

  struct Estimate: Encodable {
    let method: String
    let samples: Int
    let log10Share: Double
    let log10Lower: Double
    let log10Upper: Double
  }

  struct Stabiliser: Encodable {
    let exact: Bool
    let log10Lower: Double
    let log10Upper: Double
    let log10Orbit: Double
    let exchangeable: [[[Int]]]
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "bounds"
  let engines = Release.engines
  let subject: String
  let widths: [Int]
  let parameters: Int
  let hiddenNeurons: Int
  let radius: String
  let inputRadius: String
  let parameterLipschitz: String
  let log10GroupOrder: Double
  let rescalings: Int
  let log10VolumeRatio: Double
  let volumeEstimate: Estimate?
  let stabiliser: Stabiliser?
  let rows: [Row]
  let pseudoDimension: [Bound]
  let model: [Bound]?
  let network: ModelBoundsDocument?
  let written: [String]
}

extension BoundsReport {
  var document: BoundsDocument {
    BoundsDocument(
      subject: subject, widths: networks.widths, parameters: networks.parameterCount,
      hiddenNeurons: networks.hiddenNeuronCount, radius: networks.radius.description,
      inputRadius: networks.inputRadius.description,
      parameterLipschitz: networks.parameterLipschitz.description,
      log10GroupOrder: networks.symmetry.permutations.log10.upper, rescalings: networks.symmetry.dimension,
      log10VolumeRatio: volume.log10Share.upper,
      volumeEstimate: volumeEstimate.map {
        BoundsDocument.Estimate(
          method: $0.method.rawValue, samples: $0.samples, log10Share: $0.log10Share,
          log10Lower: $0.log10Interval.lowerBound, log10Upper: $0.log10Interval.upperBound)
      },
      stabiliser: stabiliser.map { stabiliser in
        BoundsDocument.Stabiliser(
          exact: stabiliser.isExact, log10Lower: stabiliser.lower.log10.upper,
          log10Upper: stabiliser.upper.log10.upper,
          log10Orbit: stabiliser.log10Orbit(of: networks.symmetry).upper,
          exchangeable: stabiliser.exchangeable.map { $0.map { [$0.layer, $0.index] } })
      },
      rows: zip(epsilons, covers).flatMap { epsilon, bounds in
        bounds.map { bound in
          BoundsDocument.Row(
            bound: bound.name, epsilon: epsilon.nearestDouble, log10CoveringNumber: bound.log10Value,
            formula: bound.formula, reference: bound.reference, standing: bound.standing.word,
            assumptions: bound.assumptions, constants: bound.documents)
        }
      },
      pseudoDimension: dimensions.map { BoundsDocument.Bound($0) },
      model: model.map { $0.bounds.map { BoundsDocument.Bound($0) } }, network: model?.document,
      written: written)
  }
}

extension ComplexityBound {
  fileprivate var documents: [BoundsDocument.Constant] {
    constants.map { BoundsDocument.Constant(symbol: $0.symbol, meaning: $0.meaning, log10: $0.log10) }
  }
}

extension ComplexityBound.Standing {
  /// `proved`, `published` or `unchecked`.
  var word: String {
    switch self {
    case .proved: "proved"
    case .published: "published"
    case .unchecked: "unchecked"
    }
  }
}
