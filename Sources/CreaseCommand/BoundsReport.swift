import Crease

/// What `crease bounds` found, told to people.
struct BoundsReport {
  /// The widths or the file the report is about.
  let subject: String
  /// The class of networks.
  let networks: NetworkClass
  /// The radii of balls, largest first.
  let epsilons: [Rational]
  /// What is known of the network, where a model file is given.
  var model: ModelBounds.Findings?

  var text: String {
    let lines = [
      "\(Terminal.bold(subject)): \(networks.parameterCount) parameters, \(networks.hiddenNeuronCount) hidden neurons",
      "  parameters of at most \(networks.radius.nearestDouble.short) on inputs of at most \(networks.inputRadius.nearestDouble.short)",
    ]
    return (lines + (model?.lines ?? [])).joined(separator: "\n")
  }
}

/// The JSON document of `crease bounds`.
struct BoundsDocument: Encodable {
  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "bounds"
  let engines = Release.engines
  let widths: [Int]
  let parameters: Int
  let hiddenNeurons: Int
  let network: ModelBoundsDocument?
}

extension BoundsReport {
  var document: BoundsDocument {
    BoundsDocument(
      widths: networks.widths, parameters: networks.parameterCount,
      hiddenNeurons: networks.hiddenNeuronCount, network: model?.document)
  }
}
