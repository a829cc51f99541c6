import Crease
import Testing

@testable import Complexes

@Suite struct FoldExampleTests {
  private func neuron(_ layer: Int, _ index: Int) -> Neuron { Neuron(layer: layer, index: index) }

  @Test func `The second neuron of the minimal network bends once on each line of the first layer`() throws {
    let folds = try FoldExamples.folds(FoldExamples.minimal(t: 0.3), size: 30)
    let bent = folds.bentHyperplanes()[4]
    #expect(bent.neuron == neuron(2, 1))
    #expect(bent.componentCount == 1)
    #expect(!bent.isBounded)
    var places: [Neuron: [Rational]] = [:]
    for bend in bent.bends {
      #expect(bend.earlier.count == 1)
      let vertices = folds.ridges.vertices(of: bend.ridge)
      #expect(vertices.count == 1)
      places[bend.earlier[0]] = folds.complex.exactVertex(Int(vertices[0]))
    }
    let expected: [Neuron: [Double]] = [
      neuron(1, 0): [0, 3], neuron(1, 1): [23, 0], neuron(1, 2): [3.5, 6.5],
    ]
    #expect(places == expected.mapValues { $0.map { Rational(Dyadic($0)) } })
  }

  @Test func `The first neuron of the minimal network never meets the third line`() throws {
    let folds = try FoldExamples.folds(FoldExamples.minimal(t: 0.3), size: 30)
    let dependencies = folds.dependencies()
    let pairs = dependencies.map { [$0.earlier, $0.later] }
    #expect(
      pairs == [
        [neuron(1, 0), neuron(2, 0)], [neuron(1, 0), neuron(2, 1)], [neuron(1, 1), neuron(2, 0)],
        [neuron(1, 1), neuron(2, 1)], [neuron(1, 2), neuron(2, 1)],
      ])
    #expect(dependencies.allSatisfy { $0.meetings == 1 && $0.bends == 1 && $0.isEdge })
    #expect(!folds.complex.isTransparent)
    #expect(!folds.complex.opaqueRegions(ofLayer: 2).isEmpty)
    // No line of the first layer is visible all along, so nothing can be peeled.
    #expect(folds.layering().order == nil)
    #expect(folds.layering().unexplained == folds.foldSet)
  }

  @Test func `A fold hidden by a later layer has no weight`() throws {
    let folds = try FoldExamples.folds(FoldExamples.hiddenFold, size: 3)
    let bent = folds.bentHyperplanes()
    #expect(bent.map(\.visibility) == [.nothing, .everything])
    #expect(bent.map(\.isBounded) == [true, true])
    #expect(folds.foldSet == bent[1].walls)
    let weights = folds.weights()
    #expect(weights[bent[0].walls[0], 0] == 0)
    #expect(weights[bent[1].walls[0], 0] == 1)
    #expect(folds.layering().order == 1)
    #expect(folds.linearRegions.count == 2)
    // Where x < 0 the second neuron is −1; nothing is active there.
    #expect(!folds.complex.isTransparent)
  }

  @Test func `The absolute value has one convex fold of weight two`() throws {
    let folds = try FoldExamples.folds(FoldExamples.absolute, size: 1)
    #expect(folds.foldSet.count == 1)
    #expect(folds.weights()[folds.foldSet[0], 0] == 2)
    #expect(folds.weights().norm(of: folds.foldSet[0]) == 2)
    #expect(folds.ridges.count == 0)
    #expect(folds.complex.isTransparent)
    let table = folds.neuronTable()
    #expect(table.map(\.wallCount) == [1, 1])
    #expect(table.map(\.volume) == [1, 1])
    #expect(folds.bentHyperplanes().map(\.componentCount) == [1, 1])
  }

  @Test func `The maximum of two numbers is one fold, whatever crosses it unseen`() throws {
    let folds = try FoldExamples.folds(FoldExamples.maximumOfTwo, size: 1)
    let weights = folds.weights()
    let merged = weights.merged()
    #expect(folds.foldSet.count == 2)
    #expect(merged.pieces.count == 1)
    #expect(merged.pieces[0].walls == folds.foldSet)
    #expect((merged.pieces[0].weights[0] - 2.0.squareRoot()).magnitude < 1e-15)
    #expect(merged.corners.isEmpty)
    #expect(folds.linearRegions.count == 2)
    #expect(folds.bentHyperplanes().map(\.visibility) == [.everything, .nothing, .nothing])
    let layering = folds.layering()
    #expect(layering.order == 1)
    #expect(layering.pieces.count == 1)
    let table = folds.neuronTable()
    #expect((table[0].visibleVolume - 8.0.squareRoot()).magnitude < 1e-14)
    #expect(table[1].volume == 2)
    #expect(table[1].visibleVolume == 0)
  }

  @Test func `The folds of the maximum of three numbers have no order`() throws {
    let folds = try FoldExamples.folds(FoldExamples.maximumOfThree, size: 1)
    let merged = folds.weights().merged()
    #expect(merged.pieces.count == 3)
    #expect(merged.corners.count == 1)
    #expect(merged.pieces.allSatisfy { $0.weights[0] > 0 })
    #expect(folds.linearRegions.count == 3)
    #expect(folds.layering().order == nil)
    #expect(folds.firstBalanceViolation() == nil)
    #expect(folds.weights().balancingResidual < 1e-15)
  }

  @Test func `Dead and stable neurons have no bent hyperplane`() throws {
    let empty = { (network: Network) in
      try FoldExamples.folds(network, size: 6).bentHyperplanes().filter(\.isEmpty).map(\.neuron)
    }
    #expect(try empty(FoldExamples.general) == [])
    #expect(try empty(FoldExamples.dead) == [neuron(2, 1)])
    #expect(try empty(FoldExamples.stable) == [neuron(2, 1)])
    #expect(try empty(FoldExamples.twoStable) == [neuron(2, 0), neuron(2, 1)])
    #expect(try empty(FoldExamples.minimal(t: 1)) == [])
  }

  @Test func `Neurons on one line share its walls`() throws {
    let parallel = FoldExamples.shallow(
      [[1, 0.5], [2, 1], [0.8, -0.9]], [0.125, 0.25, -0.3], [1, -0.8, 0.5])
    let opposite = FoldExamples.shallow(
      [[1, 0.3], [-1, -0.3], [0.8, -0.9]], [0.1, -0.1, -0.3], [1, -0.8, 0.5])
    for network in [parallel, opposite] {
      let folds = try FoldExamples.folds(network, size: 6)
      let bent = folds.bentHyperplanes()
      #expect(bent[0].walls == bent[1].walls)
      #expect(folds.hyperplanes.count == 2)
      #expect(folds.layering().pieces.count == 2)
      #expect(bent.allSatisfy { $0.bends.isEmpty && $0.componentCount == 1 })
    }
    // 0.8 · (x + 0.3 y …) against 1 · (…): across the opposite pair the jumps 1 and −0.8 of the two add up.
    let folds = try FoldExamples.folds(opposite, size: 6)
    let wall = folds.bentHyperplanes()[0].walls[0]
    #expect((folds.weights()[wall, 0] - 0.2 * 1.09.squareRoot()).magnitude < 1e-14)
  }

  @Test func `Changing the signs of all neurons changes no fold when their weights sum to zero`() throws {
    let weights: [[Double]] = [[1, 0], [0, 1], [-1, -1]]
    let one = FoldExamples.shallow(weights, [0.5, -0.25, 0.125], [1, 1, 1])
    let other = FoldExamples.shallow(weights.map { $0.map { -$0 } }, [-0.5, 0.25, -0.125], [1, 1, 1], 0.375)
    var known: [[String]] = []
    for network in [one, other] {
      let folds = try FoldExamples.folds(network, size: 2)
      known.append(
        folds.weights().merged().pieces.map { piece in
          "\(folds.hyperplanes.forms[piece.hyperplane]) \(piece.weights)"
        }.sorted())
    }
    #expect(known[0] == known[1])
    #expect(known[0].count == 9)
  }

  @Test func `A neuron that the output does not read is hidden`() throws {
    let network = FoldExamples.shallow([[1, 0.3], [-0.4, 1]], [0, 0], [1, 0])
    let folds = try FoldExamples.folds(network, size: 6)
    #expect(folds.bentHyperplanes().map(\.visibility) == [.everything, .nothing])
    #expect(folds.weights().merged().pieces.count == 1)
  }

  @Test func `A fold of the second layer ends on the first`() throws {
    // A neuron that is always active keeps every layer transparent. The first of layer 2 is zero on the rays
    // 3x − y = 2 above the axis y = 0, and 3x + y = 2 below.
    let network = Network(
      weights: [[[1, 0], [0, 1], [1, 1]], [[1, -1, 0.5], [0.5, 0.5, 1]], [[1, 1]]],
      biases: [[0, 0, 40], [-21, 100], [0]])
    let folds = try FoldExamples.folds(network, size: 8)
    let layering = folds.layering()
    #expect(folds.complex.isTransparent)
    #expect(layering.order == 2)
    #expect(layering.pieces.map(\.layer) == [1, 1, 2, 2])
    let axis = try #require(layering.edges.first?.lower)
    #expect(folds.hyperplanes.forms[layering.pieces[axis].hyperplane] == [.zero, .one, .zero])
    #expect(layering.edges == [2, 3].map { FoldLayering.Edge(lower: axis, higher: $0) })
    #expect(layering.pathLengths == [0, 1, 2, 3].map { $0 == axis ? 1 : 0 })
  }
}
