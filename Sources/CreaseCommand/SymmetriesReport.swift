import Crease

/// What `crease symmetries` found, told to people and to scripts.
struct SymmetriesReport {
  let model: String
  let found: HiddenSymmetries
  let move: SymmetryMove?
  let written: String?

  private var layout: ParameterLayout { found.network.parameters.layout }

  /// What the basis is a basis of.
  private var scope: String {
    if found.isExact { return "complete and proved \(found.domain.phrase(inputs: found.network.inputCount))" }
    let regions = "\(found.coverage.regions) activation regions\(found.coverage.isComplete ? "" : " seen")"
    return "the kernel of the \(regions); \(found.provedCount) directions are proved for all inputs"
  }

  // MARK: For people

  var text: String {
    let dimension = found.isExact ? "\(found.rank)" : "\(found.rank) to \(found.upper)"
    var lines = [
      "\(Terminal.bold(model)): \(found.network.summary), \(found.domain.phrase(inputs: found.network.inputCount))",
      "  parameters             \(found.parameterCount)",
      "  functional dimension   \(dimension)",
      "  rescalings             \(found.rescalings)",
      "  hidden symmetries      \(Terminal.bold("\(found.symmetries.count)")), \(scope)",
    ]
    if found.missing > 0 { lines.append("  not reconstructed      \(found.missing)") }
    for cause in found.causes {
      let drop = cause.drop.map { "; the formula gives \($0)" } ?? ""
      lines.append("    \(name(cause.mechanism)): \(cause.directions)\(drop) (\(cause.formula))")
    }
    for (k, symmetry) in found.symmetries.enumerated() {
      lines.append(
        "  \(k)  \(name(symmetry.mechanism))\(symmetry.scope == .sample ? ", on the sample" : ""): \(symmetry.evidence)"
      )
      lines.append("       \(entries(symmetry))")
    }
    lines += fiber
    lines += moved
    return lines.joined(separator: "\n")
  }

  private func name(_ mechanism: HiddenMechanism) -> String {
    mechanism.code == "-" ? mechanism.rawValue : "\(mechanism.code) \(mechanism.rawValue)"
  }

  /// The first entries of a direction.
  private func entries(_ symmetry: HiddenSymmetry) -> String {
    let shown = symmetry.entries.prefix(4).map { entry in
      "\(entry.value.nearestDouble.short) on \(layout.name(at: entry.index))"
    }
    let rest = symmetry.entries.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
  }

  private var fiber: [String] {
    let facts = found.fiber
    let dimension = facts.lower == facts.upper ? "\(facts.upper)" : "\(facts.lower) to \(facts.upper)"
    let orbit = facts.orbit.map(\.description) ?? "10^\(facts.logOrbit.short)"
    let all = facts.permutations.map(\.description) ?? "10^\(facts.logPermutations.short)"
    return [
      "  fiber, locally         \(dimension) dimensions: \(facts.rescalings) by rescaling",
      "  permutations           \(all), at most \(orbit) of them different up to rescaling",
      "  conserved by training  \(laws)",
    ]
  }

  /// What gradient flow keeps.
  private var laws: String {
    let laws = found.fiber.laws
    let known = "‖w_in‖² + b² − ‖w_out‖² of \(laws.neurons.count) neurons"
    if laws.isComplete { return "\(known): complete, proved" }
    return "\(known): \(laws.independent) independent, at most \(laws.upper) laws in all"
  }

  private var moved: [String] {
    guard let move else { return [] }
    var lines = [
      "  moved                  along \(move.index) by \(move.step), \(way(move)): "
        + "\(Terminal.bold(phrase(move.outcome)))",
      "                         \(relation(move.relation))",
    ]
    if let share = move.curveShare {
      lines.append("                         \(curve(share)), numerically")
    }
    if let written { lines.append("  written                \(written)") }
    return lines
  }

  /// What a curve in the direction did, where nothing else kept the function.
  private func curve(_ share: Double) -> String {
    if share <= 0 { return "no curve leaves in this direction: the function stays to first order only" }
    if share < 1 { return "a curve can be followed for \((100 * share).short) % of the way" }
    return "a curve keeps the outputs at a sample, but not elsewhere"
  }

  private func way(_ move: SymmetryMove) -> String {
    switch move.way {
    case .straight: "on a line"
    case .mixing(let layer): "mixing neurons of layer \(layer)"
    case .curve: "on a curve"
    }
  }

  private func relation(_ relation: StandardRelation) -> String {
    switch relation {
    case .related(let symmetry):
      symmetry.isRescaling
        ? "a rescaling of the first network" : "a permutation and rescaling of the first network"
    case .unrelated: "no permutation and rescaling of the first network"
    case .open: "not along rescalings; whether a permutation relates them is open"
    }
  }

  private func phrase(_ outcome: SymmetryMove.Outcome) -> String {
    switch outcome {
    case .identical(.signals): "identical, by comparing signals"
    case .identical(.regions(let count)): "identical, on all of \(count) regions"
    case .withinEpsilon(let bound): "equal within \(bound.shortAbove)"
    case .different(let witness):
      "different, by \(witness.gap.shortBelow) at x = \(witness.x.map(\.short).joined(separator: " "))"
    case .numerical(let largest, let inputs):
      "equal up to \(largest.short) at \(inputs) inputs, not proved"
    case .undecided(let reason): "undecided: \(reason)"
    }
  }

  // MARK: For scripts

  var document: SymmetriesDocument {
    SymmetriesDocument(self, scope: scope) { phrase($0) }
  }
}
