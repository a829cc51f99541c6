import Complexes
import Networks

extension ConditionSearch {
  /// What makes the network general, as the theorem on layers asks, and the three conditions of [PL20].
  mutating func addGeneral() throws {
    let reference = "[PL20] general"
    addGeneralFolds(reference)
    if let complex = regions.folds?.complex {
      let optima = complex.zeroOptima()
      if let first = optima.first {
        let how = first.isFlat ? "zero on a whole region" : "zero without changing its sign"
        let point = regions.point(inside: first.vertices)
        add(
          "general.signs", .refuted,
          "\(first.neuron) is \(how) at x = \(point)" + ConditionSearch.more(optima.count - 1), reference)
      } else {
        add("general.signs", .proved, "wherever a neuron is zero it takes both signs nearby", reference)
      }
    } else {
      add("general.signs", .undecided, regions.reason, reference)
    }
    guard network.isSequential else {
      for name in ["general.ranks", "general.pieces"] {
        add(name, .undecided, "stated for networks whose layers read only the layer before", reference)
      }
      return
    }
    switch try IndicatorRanks(
      of: network, limit: options.patternBudget, seed: options.seed, progress: progress
    ).finding {
    case .full(let count):
      add(
        "general.ranks", .proved, "all \(count) products of weights and 0/1 diagonals have full rank",
        reference)
    case .deficient(let layer, let sets, let rank, let expected):
      let last = layer + sets.count - 1
      add(
        "general.ranks", .refuted,
        "a product over layers \(layer) to \(last), active \(text(sets, from: layer)), has rank \(rank), not \(expected)",
        reference)
    case .tooMany(let count):
      add(
        "general.ranks", .undecided, "\(Self.short(count)) products of weights and 0/1 diagonals", reference)
    }
    switch try PieceProportions(
      of: network, limit: options.patternBudget, seed: options.seed, progress: progress
    ).finding {
    case .distinct(let count):
      add(
        "general.pieces", .proved, "no two of all \(count) affine pieces are multiples of each other",
        reference)
    case .constant(let piece):
      add("general.pieces", .refuted, "\(name(piece)) is constant", reference)
    case .proportional(let a, let b):
      add("general.pieces", .refuted, "\(name(a)) and \(name(b)) are multiples of each other", reference)
    case .tooMany(let count):
      add("general.pieces", .undecided, "\(Self.short(count)) affine pieces over all patterns", reference)
    }
  }

  /// Whether no hyperplane holds zeros of two neurons, or of one under two patterns of the layers before.
  private mutating func addGeneralFolds(_ reference: String) {
    guard let folds = regions.folds else {
      add("general.folds", .undecided, regions.reason, reference)
      return
    }
    guard let shared = folds.sharedHyperplane() else {
      add(
        "general.folds", .proved,
        "each of \(folds.hyperplanes.count) hyperplanes holds zeros of one neuron under one pattern",
        reference)
      return
    }
    let patterns = shared.walls.map { folds.complex.digits(of: folds.complex.regions(of: $0).0) }
    let names = shared.neurons.prefix(4).map { "\($0)" }.joined(separator: ", ")
    let evidence =
      switch (shared.walls.count, shared.neurons.count) {
      case (1, _): "one hyperplane holds zeros of \(names)" + Self.more(shared.neurons.count - 4)
      case (_, 1):
        "one hyperplane holds zeros of \(names) next to patterns \(patterns.joined(separator: " and "))"
      default: "one hyperplane holds zeros of \(names)"
      }
    add("general.folds", .refuted, evidence, reference)
  }

  /// `, and 3 more`, or nothing.
  static func more(_ count: Int) -> String { count > 0 ? ", and \(count) more" : "" }

  private static func short(_ count: Double) -> String {
    count < 1e9 ? "\(Int(count))" : "more than 10^\(count.isFinite ? Int(count.exponent) * 3 / 10 : 300)"
  }

  private func name(_ piece: PieceProportions.Piece) -> String {
    piece.pattern.isEmpty ? "\(piece.neuron)" : "\(piece.neuron) under \(text(piece.pattern, from: 1))"
  }

  private func text(_ masks: [UInt64], from layer: Int) -> String {
    masks.enumerated().map { offset, mask in
      (0..<network.layers[layer - 1 + offset].width).map { mask >> UInt64($0) & 1 == 1 ? "1" : "0" }.joined()
    }.joined(separator: "|")
  }
}
