/// The ways to merge chains of layers into one sequence whose widths fit.
struct OrderSearch {
  private let chains: [[Int]]
  private let ranks: [Int]
  private let widths: [(inputs: Int, outputs: Int)]
  /// How many layers of each chain are placed.
  private var taken: [Int]
  private var order: [Int] = []
  /// Steps left; a search that spends them counts as ambiguous.
  private var budget = 10_000
  /// The sequences found: none, the only one, or two of several.
  private(set) var found: [[Int]] = []

  /// - Requires: each index of `ranks` and `widths` occurs once in `chains`.
  init(chains: [[Int]], ranks: [Int], widths: [(inputs: Int, outputs: Int)]) {
    self.chains = chains
    self.ranks = ranks
    self.widths = widths
    taken = Array(repeating: 0, count: chains.count)
  }

  /// Fills ``found``.
  mutating func run() {
    guard chains.count > 1 else {
      let order = chains.first ?? []
      let fits = zip(order, order.dropFirst()).allSatisfy { widths[$0].outputs == widths[$1].inputs }
      found = fits ? [order] : []
      return
    }
    // The recursion is as deep as there are layers.
    guard widths.count <= 1000 else { return }
    extend()
    if budget <= 0, found.count == 1 { found.append(found[0]) }
  }

  private mutating func extend() {
    if order.count == widths.count {
      found.append(order)
      return
    }
    for chain in chains.indices where taken[chain] < chains[chain].count {
      let next = chains[chain][taken[chain]]
      if let last = order.last, widths[last].outputs != widths[next].inputs || ranks[last] > ranks[next] {
        continue
      }
      budget -= 1
      if budget <= 0 || found.count > 1 { return }
      order.append(next)
      taken[chain] += 1
      extend()
      taken[chain] -= 1
      order.removeLast()
    }
  }
}
