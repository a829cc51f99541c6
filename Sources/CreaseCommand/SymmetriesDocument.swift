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
    let conserved: Conserved
  }

  struct Conserved: Encodable {
    let independent: Int
    let upperBound: Int
    let complete: Bool
    let neurons: [Law]
  }

  struct Law: Encodable {
    let layer: Int
    let index: Int
    let value: Double
    let exact: String
  }

  struct Move: Encodable {
    let index: Int
    let step: Double
    let way: String
    let verdict: String
    let detail: String
    let independentOfRescalings = true
    let isRescaling: Bool?
    let isStandardSymmetry: Bool?
    let permutations: [[Int]]?
    let curveShare: Double?
    let written: String?
  }

  let crease = Release.version
  let schema = JSONOutput.schema
  let command = "symmetries"
  let engines = Release.engines
  let file: String
  let box: DomainDocument?
  let loweringIsExact: Bool
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
    loweringIsExact = found.network.lowering == .exact
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
      orbit: facts.orbit?.description, interchangeable: facts.interchangeable.map { $0.map(place) },
      conserved: Conserved(
        independent: facts.laws.independent, upperBound: facts.laws.upper, complete: facts.laws.isComplete,
        neurons: facts.laws.neurons.map {
          Law(
            layer: $0.neuron.layer, index: $0.neuron.index, value: $0.value.nearestDouble,
            exact: $0.value.description)
        }))
    move = report.move.map {
      Move(
        index: $0.index, step: $0.step, way: $0.way.word, verdict: $0.outcome.word,
        detail: phrase($0.outcome), isRescaling: $0.isRescaling,
        isStandardSymmetry: $0.relation.isRelated, permutations: $0.relation.permutations,
        curveShare: $0.curveShare, written: report.written)
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
    case .numerical: "numerical"
    case .undecided: "undecided"
    }
  }
}

extension SymmetryMove.Way {
  /// The way in one word, for scripts.
  fileprivate var word: String {
    switch self {
    case .straight: "line"
    case .mixing: "mixing"
    case .curve: "curve"
    }
  }
}

extension StandardRelation {
  /// Whether the networks are standard symmetries of each other; nil where that is open.
  fileprivate var isRelated: Bool? {
    switch self {
    case .related: true
    case .unrelated: false
    case .open: nil
    }
  }

  /// For each hidden layer what numbers become, where the networks are related.
  fileprivate var permutations: [[Int]]? {
    if case .related(let symmetry) = self { return symmetry.permutations }
    return nil
  }
}
