import Networks

extension CensusRecord: Codable {
  private enum Key: String, CodingKey {
    case initialisation, biasDeviation, seed, budget, architecture, index, parameters, hiddenNeurons
    case fullDimension, lowerBound, upperBound, functionalDimension, deficit, mechanisms, regions
    case gaussian, multiScale, seconds
  }

  private struct Mechanism: Codable {
    let mechanism: String
    let neurons: [[Int]]
    let directions: Int
  }

  /// Reads a record; derived numbers are computed again, not read.
  public init(from decoder: any Decoder) throws {
    origin = try CensusOrigin(from: decoder)
    let values = try decoder.container(keyedBy: Key.self)
    architecture = try values.decode([Int].self, forKey: .architecture)
    index = try values.decode(Int.self, forKey: .index)
    parameterCount = try values.decode(Int.self, forKey: .parameters)
    hiddenNeuronCount = try values.decode(Int.self, forKey: .hiddenNeurons)
    lowerBound = try values.decode(Int.self, forKey: .lowerBound)
    upperBound = try values.decode(Int.self, forKey: .upperBound)
    mechanisms = try values.decode([Mechanism].self, forKey: .mechanisms).map { entry in
      guard let mechanism = DimensionBound.Mechanism(rawValue: entry.mechanism),
        entry.neurons.allSatisfy({ $0.count == 2 })
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .mechanisms, in: values, debugDescription: "no mechanism \(entry.mechanism)")
      }
      return DimensionBound(
        mechanism: mechanism, neurons: entry.neurons.map { Neuron(layer: $0[0], index: $0[1]) },
        directions: entry.directions)
    }
    regions = try values.decode(Int.self, forKey: .regions)
    gaussian = try values.decode(SampleRank.self, forKey: .gaussian)
    multiScale = try values.decode(SampleRank.self, forKey: .multiScale)
    seconds = try values.decode(Double.self, forKey: .seconds)
  }

  /// Writes a record with the derived numbers; the functional dimension is null unless it is proved.
  public func encode(to encoder: any Encoder) throws {
    try origin.encode(to: encoder)
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(architecture, forKey: .architecture)
    try values.encode(index, forKey: .index)
    try values.encode(parameterCount, forKey: .parameters)
    try values.encode(hiddenNeuronCount, forKey: .hiddenNeurons)
    try values.encode(fullDimension, forKey: .fullDimension)
    try values.encode(lowerBound, forKey: .lowerBound)
    try values.encode(upperBound, forKey: .upperBound)
    try values.encode(functionalDimension, forKey: .functionalDimension)
    try values.encode(deficit, forKey: .deficit)
    try values.encode(
      mechanisms.map { bound in
        Mechanism(
          mechanism: bound.mechanism.rawValue, neurons: bound.neurons.map { [$0.layer, $0.index] },
          directions: bound.directions)
      }, forKey: .mechanisms)
    try values.encode(regions, forKey: .regions)
    try values.encode(gaussian, forKey: .gaussian)
    try values.encode(multiScale, forKey: .multiScale)
    try values.encode(seconds, forKey: .seconds)
  }
}
