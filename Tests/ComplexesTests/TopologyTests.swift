import ExactArithmetic
import Networks
import Polyhedra
import Testing
import _TestSupport

@testable import Complexes

@Suite("Topology of level sets")
struct TopologyTests {
  @Test("a diamond: a circle, a disc, and an annulus around it")
  func diamond() throws {
    let levels = try TopologyExamples.levels(
      of: TopologyExamples.cross(2), at: [1, 0, -1, 4], on: TopologyExamples.box(2, 2))
    let circle = levels.levelSet(0).topology()
    #expect(circle.bettiNumbers == [1, 1])
    #expect(circle.fVector[2] == 0)
    #expect(circle.eulerCharacteristic == 0)
    #expect(circle.components[0].dimension == 1)
    #expect(!circle.components[0].touchesBoundary)
    #expect(levels.sublevelSet(0).topology().bettiNumbers == [1, 0])
    let outside = levels.superlevelSet(0).topology()
    #expect(outside.bettiNumbers == [1, 1])
    #expect(outside.components[0].touchesBoundary)
    // The level 0 is taken at one vertex; above 0, everything.
    let point = levels.levelSet(1).topology()
    #expect(point.fVector == [1, 0, 0])
    #expect(point.components[0].dimension == 0)
    #expect(levels.superlevelSet(1).topology().bettiNumbers == [1, 0])
    #expect(levels.levelSet(2).topology().isEmpty)
    // The level 4 is taken at the four corners of the box.
    #expect(levels.levelSet(3).topology().bettiNumbers == [4, 0])
  }

  @Test("a square annulus and two diamonds")
  func annulusAndDiamonds() throws {
    let square = try TopologyExamples.levels(
      of: TopologyExamples.square, at: [0.5], on: TopologyExamples.box(2, 2))
    #expect(square.superlevelSet(0).topology().bettiNumbers == [1, 1])
    #expect(square.levelSet(0).topology().bettiNumbers == [1, 1])
    let two = try TopologyExamples.levels(
      of: TopologyExamples.twoDiamonds, at: [1, 2, 0.5], on: TopologyExamples.box(2, 4))
    #expect(two.sublevelSet(0).topology().bettiNumbers == [2, 0])
    #expect(two.levelSet(2).topology().components.map(\.bettiNumbers) == [[1, 1], [1, 1]])
    // At level 2 the diamonds touch in a vertex: a figure eight.
    #expect(two.levelSet(1).topology().bettiNumbers == [1, 2])
    #expect(two.openComponents(where: [(1, .negative)]).count == 2)
    #expect(two.sublevelSet(1).topology().bettiNumbers == [1, 0])
  }

  @Test("an octahedron and a torus")
  func surfaces() throws {
    let sphere = try TopologyExamples.levels(
      of: TopologyExamples.cross(3), at: [1], on: TopologyExamples.box(3, 2))
    let surface = sphere.levelSet(0).topology()
    #expect(surface.bettiNumbers == [1, 0, 1])
    #expect(surface.fVector == [6, 12, 8, 0])
    #expect(sphere.superlevelSet(0).topology().bettiNumbers == [1, 0, 1])
    let torus = try TopologyExamples.levels(
      of: TopologyExamples.torus, at: [1], on: TopologyExamples.box(3, 4))
    #expect(torus.levelSet(0).topology().bettiNumbers == [1, 2, 1])
    #expect(torus.sublevelSet(0).topology().bettiNumbers == [1, 1, 0])
    #expect(torus.superlevelSet(0).topology().bettiNumbers == [1, 1, 1])
  }

  @Test("degenerate levels: crossing lines, and whole regions")
  func degenerate() throws {
    // |x| − |y|: an X in the box.
    let saddle = Network(
      weights: [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[1, 1, -1, -1]]], biases: [[0, 0, 0, 0], [0]])
    let cross = try TopologyExamples.levels(of: saddle, at: [0], on: TopologyExamples.box(2, 1))
    let topology = cross.levelSet(0).topology()
    #expect(topology.bettiNumbers == [1, 0])
    #expect(topology.fVector == [5, 4, 0])
    #expect(topology.components[0].touchesBoundary)
    #expect(cross.openComponents(where: [(0, .positive)]).count == 2)
    // relu(x) = 0 on the half of the box where x ≤ 0.
    let ramp = Network(weights: [[[1, 0]], [[1]]], biases: [[0], [0]])
    let half = try TopologyExamples.levels(of: ramp, at: [0], on: TopologyExamples.box(2, 1))
    #expect(half.levelSet(0).fVector == [4, 4, 1])
    #expect(half.levelSet(0).topology().components[0].dimension == 2)
    #expect(half.superlevelSet(0).topology().bettiNumbers == [1, 0])
    #expect(half.superlevelSet(0).fVector[2] == 2)
  }

  @Test("on a line and on an interval")
  func onALine() throws {
    // | |x| − 1 | at ½: four points.
    let network = Network(
      weights: [[[1], [-1]], [[1, 1], [-1, -1]], [[1, 1]]], biases: [[0, 0], [-1, 1], [0]])
    for domain in [TopologyExamples.box(1, 2), SubdivisionDomain(space: 1)] {
      let levels = try TopologyExamples.levels(of: network, at: [0.5], on: domain)
      #expect(levels.levelSet(0).topology().bettiNumbers == [4])
      #expect(levels.sublevelSet(0).topology().bettiNumbers == [2])
      let above = levels.superlevelSet(0).topology()
      #expect(above.bettiNumbers == [3])
      #expect(above.components.count { !$0.isBounded } == (domain.isBounded ? 0 : 2))
      #expect(above.components.count { $0.touchesBoundary } == (domain.isBounded ? 2 : 0))
      #expect(levels.openComponents(where: [(0, .positive)]).count == 3)
    }
  }

  @Test("sets that reach infinity")
  func unbounded() throws {
    let levels = try TopologyExamples.levels(
      of: TopologyExamples.cross(2), at: [1], on: SubdivisionDomain(space: 2))
    let outside = levels.superlevelSet(0).topology()
    #expect(outside.bettiNumbers == [1, 1])
    #expect(!outside.components[0].isBounded)
    #expect(!outside.components[0].touchesBoundary)
    #expect(levels.levelSet(0).topology().components[0].isBounded)
    // A slab between two half-spaces: parallel walls meet at infinity only.
    let space = try TopologyExamples.levels(
      of: Network(
        weights: [[[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 0, 0]]],
        biases: [[0, 0, 0, 0], [0]]),
      at: [1], on: SubdivisionDomain(space: 3))
    #expect(space.superlevelSet(0).topology().components.map(\.bettiNumbers) == [[1, 0, 0], [1, 0, 0]])
    #expect(space.levelSet(0).topology().bettiNumbers == [2, 0, 0])
    #expect(space.sublevelSet(0).topology().bettiNumbers == [1, 0, 0])
    #expect(space.openComponents(where: [(0, .positive)]).isBounded == [false, false])
  }

  @Test("a box cut by a half-space, coordinates held fixed, a network without hidden neurons")
  func otherDomains() throws {
    // The right half of the diamond is an arc that ends on the boundary.
    let half = SubdivisionDomain(
      box: [Interval(-2, 2), Interval(-2, 2)], halfSpaces: [HalfSpace(normal: [1, 0.25], offset: 0.125)])
    let arc = try TopologyExamples.levels(of: TopologyExamples.cross(2), at: [1], on: half).levelSet(0)
      .topology()
    #expect(arc.bettiNumbers == [1, 0])
    #expect(arc.components[0].touchesBoundary)
    // The slice of the octahedron at z = ½ is a diamond.
    let slice = SubdivisionDomain(box: [Interval(-2, 2), Interval(-2, 2), Interval(0.5)])
    let diamond = try TopologyExamples.levels(of: TopologyExamples.cross(3), at: [1, 0.5], on: slice)
    #expect(diamond.levelSet(0).topology().bettiNumbers == [1, 1])
    #expect(diamond.levelSet(1).topology().fVector == [1, 0, 0])
    let linear = Network(weights: [[[1, -2]]], biases: [[0.25]])
    let line = try TopologyExamples.levels(of: linear, at: [0], on: TopologyExamples.box(2, 1))
    #expect(line.levelSet(0).topology().fVector == [2, 1, 0])
    // On the whole plane the network depends on one direction only: the line is a point of it.
    let point = try TopologyExamples.levels(of: linear, at: [0], on: SubdivisionDomain(space: 2))
    #expect(point.levelSet(0).topology().bettiNumbers == [1])
    #expect(throws: UnsupportedDimension(dimension: 4)) {
      try TopologyExamples.levels(of: TopologyExamples.cross(4), at: [1], on: TopologyExamples.box(4, 1))
    }
  }

  @Test("the decision regions of XOR")
  func xor() throws {
    let decision = try DecisionRegions(
      of: TopologyExamples.xor, on: SubdivisionDomain(box: [Interval(0, 1), Interval(0, 1)]), threads: 1)
    #expect(decision.region(of: 0).topology().bettiNumbers == [2, 0])
    #expect(decision.region(of: 1).topology().bettiNumbers == [1, 0])
    #expect(decision.boundary.topology().components.map(\.touchesBoundary) == [true, true])
    #expect(decision.openRegion(of: 0).count == 2)
  }

  @Test("three classes that meet in a point")
  func threeClasses() throws {
    // 0, x + y and x − y on a box: three sectors, and boundaries that end where the third class wins.
    let network = Network(
      weights: [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[0, 0, 0, 0], [1, -1, 1, -1], [1, -1, -1, 1]]],
      biases: [[0, 0, 0, 0], [0, 0, 0]])
    let decision = try DecisionRegions(of: network, on: TopologyExamples.box(2, 1), threads: 1)
    #expect(decision.boundary.topology().fVector == [4, 3, 0])
    #expect(decision.boundary(between: 0, and: 1).fVector == [2, 1, 0])
    #expect(decision.boundary(between: 2, and: 1).fVector == [2, 1, 0])
    for class_ in 0..<3 { #expect(decision.openRegion(of: class_).count == 1) }
  }
}
