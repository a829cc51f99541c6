import Crease

/// The JSON document of `crease symmetries`.
struct SymmetriesDocument: Encodable {
  struct Place: Encodable {
    let layer: Int
    let index: Int
  }

  struct Entry: Encodable {
    let parameter: Int
    let name: String
    let value: Double
    let exact: String
  }

  struct Symmetry: Encodable {
    let index: Int
    let mechanism: String
    let code: String
    let evidence: String
    let scope: String
    let neurons: [Place]
    let layers: [Int]
    let entries: [Entry]
  }

  struct Cause: Encodable {
    let mechanism: String
    let code: String
    let directions: Int
    let formula: String
    let drop: Int?
  }

  struct Fiber: Encodable {
    let lowerBound: Int
    let upperBound: Int
    let rescalings: Int
    let hidden: Int
    let log10Permutations: Double
    let log10Stabilizer: Double
    let log10Orbit: Double
    let permutations: String?
    let orbit: String?
    let interchangeable: [[Place]]
  }

  struct Move: Encodable {
    let index: Int
    let step: Double
    let verdict: String
    let detail: String
    let independentOfRescalings = true
    let isRescaling: Bool
    let written: String?
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "symmetries"
  let engines = Release.engines
  let file: String
  let box: DomainDocument?
  let parameters: Int
  let lowerBound: Int
  let upperBound: Int
  let functionalDimension: Int?
  let rescalings: Int
  let hidden: Int
  let proved: Int
  let complete: Bool
  let scope: String
  let regions: Int
  let allRegions: Bool
  let mechanisms: [Cause]
  let symmetries: [Symmetry]
  let fiber: Fiber
  let move: Move?

  init(_ report: SymmetriesReport, scope: String, phrase: (SymmetryMove.Outcome) -> String) {
    let found = report.found
    let layout = found.network.parameters.layout
    func place(_ neuron: Neuron) -> Place { Place(layer: neuron.layer, index: neuron.index) }
    file = report.model
    box = DomainDocument(found.domain)
    parameters = found.parameterCount
    lowerBound = found.rank
    upperBound = found.upper
    functionalDimension = found.isExact ? found.rank : nil
    rescalings = found.rescalings
    hidden = found.symmetries.count
    proved = found.provedCount
    complete = found.isExact
    self.scope = scope
    regions = found.coverage.regions
    allRegions = found.coverage.isComplete
    mechanisms = found.causes.map {
      Cause(
        mechanism: $0.mechanism.rawValue, code: $0.mechanism.code, directions: $0.directions,
        formula: $0.formula,
        drop: $0.drop)
    }
    symmetries = found.symmetries.enumerated().map { index, symmetry in
      Symmetry(
        index: index, mechanism: symmetry.mechanism.rawValue, code: symmetry.mechanism.code,
        evidence: symmetry.evidence, scope: symmetry.scope.rawValue, neurons: symmetry.neurons.map(place),
        layers: symmetry.layers,
        entries: symmetry.entries.map {
          Entry(
            parameter: $0.index, name: "\(layout.name(at: $0.index))", value: $0.value.nearestDouble,
            exact: $0.value.description)
        })
    }
    let facts = found.fiber
    fiber = Fiber(
      lowerBound: facts.lower, upperBound: facts.upper, rescalings: facts.rescalings, hidden: facts.hidden,
      log10Permutations: facts.logPermutations, log10Stabilizer: facts.logStabilizer,
      log10Orbit: facts.logOrbit, permutations: facts.permutations?.description,
      orbit: facts.orbit?.description, interchangeable: facts.interchangeable.map { $0.map(place) })
    move = report.move.map {
      Move(
        index: $0.index, step: $0.step, verdict: $0.outcome.word, detail: phrase($0.outcome),
        isRescaling: $0.isRescaling, written: report.written)
    }
  }
}

extension SymmetryMove.Outcome {
  /// The verdict in one word, for scripts.
  fileprivate var word: String {
    switch self {
    case .identical: "identical"
    case .withinEpsilon: "withinEpsilon"
    case .different: "different"
    case .undecided: "undecided"
    }
  }
}
