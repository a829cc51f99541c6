import Crease

/// The part of the JSON document of `crease bounds` about a trained network.
struct ModelBoundsDocument: Encodable {
  struct Layer: Encodable {
    let layer: Int
    let rows: Int
    let columns: Int
    let spectralLower: Double
    let spectralUpper: Double
    let spectralMethod: String
    let weightSpectralLower: Double
    let weightSpectralUpper: Double
    let frobenius: Double
    let twoOne: Double
    let oneInfinity: Double
    let distanceTwoOne: Double
    let distanceOneInfinity: Double
    let distanceFrobenius: Double
  }

  struct Block: Encodable {
    let layer: Int
    let reads: Int
    let spectralLower: Double
    let spectralUpper: Double
  }

  struct PathNormEntry: Encodable {
    let q: Double
    let log10Lower: Double
    let log10Upper: Double
  }

  struct Sample: Encodable {
    let file: String
    let inputs: Int
    let labels: String?
    let margin: Double?
    let marginOrigin: String
    let errorRate: Double?
    let frobenius: Double
    let largestEntry: Double
    let leftOut: String?
  }

  struct Difference: Encodable {
    let file: String
    let domain: DomainDocument?
    let seen: Double
    let seenAtRandom: Double
    let lowerBound: Double?
    let upperBound: Double?
    let obstacle: String?
    let bounds: [String: Double]
  }

  let biasesCarried: Bool?
  let normObstacle: String?
  let norms: [Layer]
  let blocks: [Block]
  let maximumSizes: [Int]
  let liftingObstacle: String?
  let pathNorms: [PathNormEntry]
  let sample: Sample?
  let difference: Difference?
}

extension ModelBoundsReport {
  var document: ModelBoundsDocument {
    ModelBoundsDocument(
      biasesCarried: norms?.carriesBiases, normObstacle: normObstacle,
      norms: (norms?.layers ?? []).map {
        ModelBoundsDocument.Layer(
          layer: $0.layer, rows: $0.rows, columns: $0.columns, spectralLower: $0.spectral.lower,
          spectralUpper: $0.spectral.upper, spectralMethod: $0.spectral.method.rawValue,
          weightSpectralLower: $0.weightSpectral.lower, weightSpectralUpper: $0.weightSpectral.upper,

          frobenius: $0.frobenius,
          twoOne: $0.twoOne, oneInfinity: $0.oneInfinity, distanceTwoOne: $0.distanceTwoOne,
          distanceOneInfinity: $0.distanceOneInfinity, distanceFrobenius: $0.distanceFrobenius)
      },
      blocks: blocks.map {
        ModelBoundsDocument.Block(
          layer: $0.layer, reads: $0.source, spectralLower: $0.spectral.lower,
          spectralUpper: $0.spectral.upper)
      }, maximumSizes: maximumSizes, liftingObstacle: liftingObstacle,
      pathNorms: pathNorms.map {
        ModelBoundsDocument.PathNormEntry(
          q: $0.order, log10Lower: $0.total.log10.lower, log10Upper: $0.total.log10.upper)
      },
      sample: sample.map {
        ModelBoundsDocument.Sample(
          file: $0.file, inputs: $0.sample.count, labels: $0.labels, margin: $0.margin,
          marginOrigin: $0.marginOrigin, errorRate: $0.sample.errorRate, frobenius: $0.sample.frobenius,
          largestEntry: $0.sample.largestEntry, leftOut: $0.obstacle)
      },
      difference: gap.map { gap in
        ModelBoundsDocument.Difference(
          file: gap.file, domain: DomainDocument(gap.domain), seen: gap.measured.value,
          seenAtRandom: gap.measured.sampledValue, lowerBound: gap.compared?.lower,
          upperBound: gap.compared?.upper, obstacle: gap.obstacle,
          bounds: Dictionary(
            gap.bounds.map { ($0.name, $0.log10Value) }, uniquingKeysWith: { first, _ in first }))
      })
  }
}
