import ExactArithmetic
import Networks
import Polyhedra

/// One thread's depth-first subdivision by linear programs: cells are known by their inequalities only.
///
/// A neuron cuts a cell when neither its form nor the negative one is implied by the cell's inequalities. Points found
/// in the cell on the way are kept: two of different signs show a cut without any program.
struct ProgramWalker {
  /// A cell and what is open on it.
  struct Node {
    /// The hidden layer that cuts the cell, from 1.
    var layer: Int
    /// The open neurons of the layer.
    var open: [Int]
    /// For each layer its forms as far as they are summed up, lanes as in ``CompiledNetwork``.
    var blocks: [[Double]]
    /// Whether the layer's neurons are still to be opened.
    var isLayerStart: Bool
    /// The number of inequalities of the cell above the last split.
    var rowCount: Int
    /// The inequality of the last split.
    var row: Row?
    /// Some points of the cell.
    var points: [[Double]]
    var pattern: [UInt64]
    var depth: Int
  }

  /// An inequality: a constraint, or its negative.
  struct Row {
    let constraint: Int
    let isPositive: Bool
    let form: RoundedForm
  }

  let compiled: CompiledNetwork
  let dimension: Int
  private let program: ImplicationProgram
  private var exactForms: ExactForms
  private(set) var rows: [Row] = []
  private var pending: [Node] = []

  /// How many questions only exact arithmetic answered.
  var exactAnswers: Int { program.exactCount }

  /// The most points kept for a cell.
  private static let pointLimit = 16

  init(_ compiled: CompiledNetwork, _ domain: SubdivisionDomain) {
    self.compiled = compiled
    dimension = compiled.dimension
    let sides = domain.sides
    program = ImplicationProgram(dimension: dimension, box: domain.box)
    exactForms = ExactForms(compiled.network, sides: sides)
    let infinity = 2 * dimension
    for (k, side) in sides.enumerated() where k != infinity && (domain.isBounded || k > infinity) {
      push(Row(constraint: compiled.neuronCount + k, isPositive: true, form: RoundedForm(side)))
    }
  }

  /// The node of the whole domain; nil where the domain has no interior.
  mutating func start(_ domain: SubdivisionDomain) -> Node? {
    var points = [
      domain.box?.map { 0.5 * $0.lower + 0.5 * $0.upper } ?? Array(repeating: 0, count: dimension)
    ]
    if !domain.halfSpaces.isEmpty {
      let halfSpaces = rows.map { domain.sides[$0.constraint - compiled.neuronCount] }
      switch InteriorPoint.of(halfSpaces, dimension: dimension) {
      case .none: return nil
      case .found(let inside): points = [inside]
      case .beyondDoubles: points = []
      }
    }
    return Node(
      layer: 1, open: [],
      blocks: compiled.layers.map {
        Array(UnsafeBufferPointer(start: $0.initial, count: compiled.laneCount * $0.padded))
      },
      isLayerStart: true, rowCount: rows.count, row: nil, points: points,
      pattern: Array(repeating: 0, count: max(1, (compiled.neuronCount + 63) / 64)), depth: 0)
  }

  /// Subdivides a node down to activation regions, or to nodes `exportDepth` splits deep that are handed out.
  mutating func run(
    _ start: Node, exportDepth: Int = .max, export: (Node, [Row]) throws -> Void = { _, _ in },
    region: (inout ProgramWalker, Node) throws -> Void
  ) rethrows {
    pending.append(start)
    while var node = pending.popLast() {
      pop(to: node.rowCount)
      if let row = node.row { push(row) }
      while true {
        if compiled.hiddenLayerCount == 0 {
          try region(&self, node)
          break
        }
        if node.isLayerStart { startLayer(&node) }
        settle(&node)
        if node.open.isEmpty {
          if node.layer == compiled.hiddenLayerCount {
            try region(&self, node)
            break
          }
          node.layer += 1
          node.isLayerStart = true
          continue
        }
        if node.depth >= exportDepth {
          try export(node, rows)
          break
        }
        node = split(node)
      }
    }
  }

  /// Starts over from the inequalities of a node that another walker handed out.
  mutating func load(_ rows: [Row]) {
    pop(to: 0)
    for row in rows { push(row) }
    exactForms.forgetAll()
  }

  private mutating func push(_ row: Row) {
    rows.append(row)
    program.push(row.form)
  }

  private mutating func pop(to count: Int) {
    rows.removeLast(rows.count - count)
    program.pop(to: count)
  }

  private mutating func startLayer(_ node: inout Node) {
    node.isLayerStart = false
    node.open = Array(0..<compiled.layers[node.layer - 1].width)
    exactForms.forget(layer: node.layer)
  }

  /// The form of a neuron of the layer at hand, with the rounding of an evaluation among its errors.
  private mutating func form(_ j: Int, of node: Node) -> RoundedForm {
    let d = dimension
    let layer = compiled.layers[node.layer - 1]
    let block = node.blocks[node.layer - 1]
    let coefficients = (0...d).map { block[$0 * layer.padded + j] }
    let errorX = block[(d + 1) * layer.padded + j]
    let errorT = block[(d + 2) * layer.padded + j]
    if coefficients.allSatisfy(\.isFinite), !errorX.isNaN, !errorT.isNaN {
      return RoundedForm(coefficients, errorX: errorX, errorT: errorT)
    }
    return RoundedForm(rounding: exactForm(layer.firstNeuron + j, of: node))
  }

  private mutating func exactForm(_ constraint: Int, of node: Node) -> [Dyadic] {
    node.pattern.withElements { exactForms.form(constraint, pattern: $0) }
  }

  /// The sign of a form at a point where it is beyond rounding, else 0.
  private func clearSign(_ form: RoundedForm, at x: [Double]) -> Int {
    var value = form.coefficients[dimension]
    var size = value.magnitude
    var reach = 0.0
    for c in 0..<dimension {
      let term = form.coefficients[c] * x[c]
      value += term
      size += term.magnitude
      reach = max(reach, x[c].magnitude)
    }
    let bound =
      (form.errorX * reach + form.errorT + size * Double(dimension + 4) * 0x1p-52) * (1 + 0x1p-40) + 0x1p-900
    return value > bound ? 1 : value < -bound ? -1 : 0
  }

  /// Settles the open neurons whose form has one sign on the cell.
  private mutating func settle(_ node: inout Node) {
    let layer = compiled.layers[node.layer - 1]
    var kept: [Int] = []
    for j in node.open {
      let form = form(j, of: node)
      let number = layer.firstNeuron + j
      let signs = node.points.map { clearSign(form, at: $0) }
      var hasPositive = signs.contains(1)
      var hasNegative = signs.contains(-1)
      if !hasNegative { hasNegative = isNegativeSomewhere(form, number, isPositive: true, &node) }
      if !hasPositive { hasPositive = isNegativeSomewhere(-form, number, isPositive: false, &node) }
      if hasPositive, hasNegative {
        kept.append(j)
      } else if hasPositive {
        node.pattern[number >> 6] |= 1 << UInt64(number & 63)
        add(j, to: &node)
      } else {
        node.pattern[number >> 6] &= ~(1 << UInt64(number & 63))
      }
    }
    node.open = kept
  }

  /// Whether a form is negative somewhere on the cell; a point that shows it is kept.
  private mutating func isNegativeSomewhere(
    _ form: RoundedForm, _ constraint: Int, isPositive: Bool, _ node: inout Node
  ) -> Bool {
    var exact = exactForms
    let rows = rows
    let answer = node.pattern.withElements { pattern in
      func coefficients(_ constraint: Int, _ isPositive: Bool) -> [Dyadic] {
        let form = exact.form(constraint, pattern: pattern)
        return isPositive ? form : form.map { -$0 }
      }
      return program.answer(
        for: form, interior: node.points.first,
        exactForm: { coefficients(constraint, isPositive) },
        exactRow: { coefficients(rows[$0].constraint, rows[$0].isPositive) })
    }
    exactForms = exact
    guard case .refuted(let witness) = answer else { return false }
    if witness.exact == nil, let position = witness.position, position.allSatisfy(\.isFinite) {
      if node.points.count == ProgramWalker.pointLimit { node.points.remove(at: 1) }
      node.points.append(position)
    }
    return true
  }

  /// Adds the form of an active neuron to the sums of the layers that read it.
  private func add(_ i: Int, to node: inout Node) {
    let d = dimension
    let layer = compiled.layers[node.layer - 1]
    let padded = layer.padded
    let form = (0..<d + 3).map { node.blocks[node.layer - 1][$0 * padded + i] }
    let size = form[..<d].reduce(0) { $0 + $1.magnitude } * (1 + 0x1p-40)
    let alpha = form[d + 1] + layer.rounding * size
    let beta = form[d + 2] + layer.rounding * form[d].magnitude
    for reader in layer.readers {
      let column = reader.columns + 2 * reader.padded * i
      node.blocks[reader.layer - 1].withMutableElements { target in
        for j in 0..<reader.padded {
          for c in 0...d { target[c * reader.padded + j] += form[c] * column[j] }
          target[(d + 1) * reader.padded + j] += alpha * column[reader.padded + j]
          target[(d + 2) * reader.padded + j] += beta * column[reader.padded + j]
        }
      }
    }
  }

  /// Splits the cell by its first open neuron: the inactive side waits, the active one is returned.
  private mutating func split(_ node: Node) -> Node {
    let layer = compiled.layers[node.layer - 1]
    let j = node.open[0]
    let number = layer.firstNeuron + j
    let form = form(j, of: node)
    let signs = node.points.map { clearSign(form, at: $0) }
    var inactive = node
    inactive.open.removeFirst()
    inactive.depth += 1
    inactive.rowCount = rows.count
    var active = inactive
    inactive.row = Row(constraint: number, isPositive: false, form: -form)
    inactive.points = zip(node.points, signs).filter { $0.1 < 0 }.map(\.0)
    inactive.pattern[number >> 6] &= ~(1 << UInt64(number & 63))
    pending.append(inactive)
    active.row = nil
    active.points = zip(node.points, signs).filter { $0.1 > 0 }.map(\.0)
    active.pattern[number >> 6] |= 1 << UInt64(number & 63)
    push(Row(constraint: number, isPositive: true, form: form))
    add(j, to: &active)
    return active
  }

  /// Whether the cell at hand contains a half-line: a direction that all its inequalities allow.
  mutating func isUnbounded(_ node: Node) -> Bool {
    let depth = rows.count
    defer { pop(to: depth) }
    // t ≥ 0 holds always; −t ≥ 0 leaves directions only.
    let infinity = compiled.neuronCount + 2 * dimension
    push(
      Row(
        constraint: infinity, isPositive: false,
        form: RoundedForm(Array(repeating: 0, count: dimension) + [-1])))
    for side in 0..<2 * dimension {
      var coefficients = Array(repeating: 0.0, count: dimension + 1)
      coefficients[side / 2] = side % 2 == 0 ? 1 : -1
      var exact = exactForms
      let rows = rows
      let answer = node.pattern.withElements { pattern in
        program.answer(
          for: RoundedForm(coefficients), exactForm: { coefficients.map { Dyadic($0) } },
          exactRow: { k in
            let form = exact.form(rows[k].constraint, pattern: pattern)
            return rows[k].isPositive ? form : form.map { -$0 }
          })
      }
      exactForms = exact
      if case .refuted = answer { return true }
    }
    return false
  }
}
