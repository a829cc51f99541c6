import Complexes
import LinearAlgebra
import Networks

/// The functional dimension, and another network with the same function, if one is found.
struct LocalFindings: Sendable {
  private(set) var conditions: [IdentifiabilityCondition] = []
  private(set) var second: SecondParameter?
  /// Whether the functional dimension is proved to be D − N.
  let isLocal: Bool

  /// - Parameter isGlobal: whether more was proved already; then no other network is looked for.
  init(
    _ network: Network, on domain: InputDomain?, isGlobal: Bool, options: DeepOptions, progress: Progress
  ) throws {
    let parameters = network.parameterCount
    let most = parameters - network.hiddenNeuronCount
    let reference = "[GLMW25] functional dimension"
    func condition(_ verdict: IdentifiabilityVerdict, _ evidence: String) -> IdentifiabilityCondition {
      IdentifiabilityCondition(
        name: "functionalDimension", verdict: verdict, evidence: evidence, reference: reference)
    }
    var isFull = false
    var isLess = false
    if parameters <= options.parameterLimit {
      let found = try FunctionalDimension(
        of: network, on: domain, options: options.dimension, progress: progress)
      isFull = found.lower == most
      isLess = found.upper < most
      let value =
        found.functionalDimension.map(String.init) ?? "from \(found.lower) to \(found.upper)"
      conditions.append(
        condition(
          isFull ? .proved : isLess ? .refuted : .undecided,
          "\(value) of \(parameters) parameters, at most \(most) for this architecture"))
    } else {
      conditions.append(
        condition(
          .undecided,
          "\(parameters) parameters, measured here up to \(options.parameterLimit); crease dimension measures more"
        ))
    }
    isLocal = isFull
    if isGlobal { return }
    if network.isSequential { try lookForFlip(network, options: options, progress: progress) }
    if second == nil, !isFull, parameters <= options.symmetryLimit {
      second = try LocalFindings.moved(network, on: domain, options: options, progress: progress)
    }
  }

  private mutating func lookForFlip(_ network: Network, options: DeepOptions, progress: Progress) throws {
    var rng = SplitMix64(seed: options.seed)
    let field = PrimeField.random(using: &rng)
    var widest = 0
    for layer in 1..<network.layers.count {
      try progress.step("turning neurons around: layers", done: layer, of: network.layers.count)
      switch OrientationFlip.find(in: network, layer: layer, field: field) {
      case .none: continue
      case .tooWide: widest = max(widest, layer)
      case .flip(let flip):
        let other = flip.applied(to: network)
        guard other.isProvedOther(than: network) else { continue }
        let evidence =
          "neurons \(flip.neurons.map(String.init).joined(separator: ", ")) of layer \(layer) turned around: their linear parts add up to a constant"
        second = SecondParameter(network: other, evidence: evidence)
        conditions.append(
          IdentifiabilityCondition(
            name: "orientation", verdict: .refuted, evidence: evidence, reference: "[PL20], shallow networks")
        )
        return
      }
    }
    conditions.append(
      IdentifiabilityCondition(
        name: "orientation", verdict: widest == 0 ? .proved : .undecided,
        evidence: widest == 0
          ? "no set of neurons of a layer has linear parts that add up to a constant"
          : "layer \(widest) has too many neurons for all sets to be tried",
        reference: "[PL20], shallow networks"))
  }

  /// A network a finite step along a hidden symmetry away, proved to be the same function and no permutation and rescaling.
  private static func moved(
    _ network: Network, on domain: InputDomain?, options: DeepOptions, progress: Progress
  ) throws -> SecondParameter? {
    let found = try HiddenSymmetries(
      of: network, on: domain, options: options.dimension, progress: progress)
    let order = found.symmetries.indices.sorted {
      (found.symmetries[$0].scope == .allInputs ? 0 : 1, found.symmetries[$0].entries.count, $0) < (
        found.symmetries[$1].scope == .allInputs ? 0 : 1, found.symmetries[$1].entries.count, $1
      )
    }
    for index in order.prefix(12) {
      for step in [0.5, -0.5, 0x1p-6, -0x1p-6] {
        // Networks whose entries are doubles can be written to files.
        for rounded in [true, false] {
          let move = try found.moved(along: index, by: step, rounded: rounded, progress: progress)
          guard case .identical = move.outcome, move.network.isProvedOther(than: network)
          else { continue }
          let symmetry = found.symmetries[index]
          return SecondParameter(
            network: move.network,
            evidence:
              "a step of \(step) along a hidden symmetry, \(symmetry.mechanism.rawValue): \(symmetry.evidence)"
          )
        }
      }
    }
    return nil
  }
}
