import Crease
import Testing
import _TestSupport

@testable import Identifiability

@Suite("Constructions: hypotheses, disguises, second parameters, certificates")
struct ConstructionFamilyTests {
  @Test("An architecture that a theorem does not cover is told the hypothesis it fails")
  func hypotheses() throws {
    let cases: [(ConstructionMethod, [Int], String)] = [
      (.phuongLampert, [2, 3, 2, 1], "hidden layers that do not widen; found 3 neurons in layer 1 after 2"),
      (.phuongLampert, [3, 3, 1, 1], "two or more neurons in every hidden layer; found 1 in layer 2"),
      (.depthHierarchy, [3, 2, 3, 1], "hidden layers that do not widen; found 3 neurons in layer 2 after 2"),
      (.grigsbyLindseyRolnick, [1, 3, 1], "two or more inputs; found 1"),
      (.grigsbyLindseyRolnick, [3, 3, 2, 1], "no hidden layer narrower than the input"),
      (.grilloMontufar, [2, 1, 1, 1, 1], "two or more neurons in every hidden layer; found 1 in layer 1"),
      (.grilloMontufar, [2, 1], "one or more hidden layers"),
      (.minimalRedundant, [2, 3, 3, 1], "widths 2,3,2"),
      (.hiddenSymmetry(.narrow), [2, 1, 1, 3, 1], "three consecutive hidden layers of one neuron"),
      (.hiddenSymmetry(.outgoingSpan), [2, 3, 1], "two hidden layers"),
    ]
    for (method, widths, part) in cases {
      let failure = #expect(throws: ConstructionFailure.self) { try Construction(method, widths: widths) }
      #expect(failure.map { "\($0)".contains(part) } == true, "\(method.name) \(widths): \(failure as Any)")
    }
  }

  @Test("Names read back")
  func names() {
    for method in ConstructionMethod.allCases { #expect(ConstructionMethod(method.name) == method) }
    #expect(ConstructionMethod("hidden-symmetry:none") == nil)
  }

  @Test("A disguised construction is the same function")
  func disguised() throws {
    for item in ConstructionTests.small {
      var rng = SplitMix64(seed: 5)
      let network = try Construction(item.method, widths: item.widths, seed: 3).network
      let disguise = Disguise(permutes: true, logRange: 2, powersOfTwo: true, twins: 1, dead: 1)
      let other = network.disguised(by: disguise, using: &rng)
      let compared = try network.compared(with: other)
      #expect(compared.verdict == .equivalent(.identical), "\(item)")
    }
  }

  @Test(
    "Every planted mechanism has second parameters, proved, and no rescaling",
    arguments: PlantedSymmetry.allCases)
  func planted(_ kind: PlantedSymmetry) throws {
    let architectures = [
      [2, 3, 2, 1], [3, 4, 3, 2], [2, 3, 1], [3, 3, 4, 3, 1], [2, 1, 1, 1, 1], [2, 2, 1, 1, 1, 2], [1, 4, 2],
    ].filter { kind.need(of: $0) == nil }
    #expect(!architectures.isEmpty)
    for widths in architectures {
      try forEachSeed(0..<(TestData.longTests ? 20 : 2)) { seed, _ in
        let built = try Construction(.hiddenSymmetry(kind), widths: widths, seed: seed)
        let proof = try ConstructionProof(of: built)
        #expect(proof.isProved, "\(kind) \(widths), seed \(seed): \(proof.findings)")
        if let dimension = proof.functionalDimension, kind != .orientation {
          let network = built.network
          #expect(
            dimension < network.parameterCount - network.hiddenNeuronCount, "\(kind) \(widths), seed \(seed)")
        }
      }
    }
  }

  @Test(
    "The mechanism planted is the one that is found",
    arguments: [
      (PlantedSymmetry.inactive, HiddenMechanism.inactive, [2, 4, 3, 1]),
      (.stablyActive, .stablyActive, [2, 4, 3, 1]),
      (.twin, .twin, [2, 4, 1]), (.opposite, .opposite, [2, 4, 1]), (.unread, .unread, [2, 4, 1]),
      (.zeroRow, .zeroRow, [2, 4, 1]), (.neverCoactive, .neverCoactive, [2, 4, 2, 1]),
      (.fixedInput, .fixedInput, [3, 4, 1]), (.narrow, .narrow, [2, 1, 1, 1, 1]),
      (.incomingSpan, .incomingSpan, [2, 4, 2, 1]),
    ])
  func mechanism(_ kind: PlantedSymmetry, _ mechanism: HiddenMechanism, _ widths: [Int]) throws {
    let built = try Construction(.hiddenSymmetry(kind), widths: widths, seed: 2)
    let found = try HiddenSymmetries(of: built.network, on: built.domain)
    #expect(found.causes.contains { $0.mechanism == mechanism }, "\(kind): \(found.causes)")
  }

  @Test("The worked minimal network has dimension 14 = B − 1, for every t of the ray")
  func minimal() throws {
    for seed in 0..<4 {
      let built = try Construction(.minimalRedundant, widths: [2, 3, 2, 1], seed: UInt64(seed))
      let proof = try ConstructionProof(of: built)
      #expect(proof.functionalDimension == 14 && proof.isProved, "seed \(seed): \(proof.findings)")
    }
    let wide = try Construction(.minimalRedundant, widths: [2, 3, 2, 3])
    #expect(try ConstructionProof(of: wide).isProved)
  }

  @Test("Three layers of one neuron lose a dimension; one or two do not")
  func narrow() throws {
    for (widths, target) in [
      ([2, 1, 3, 1], 9), ([2, 1, 1, 1], 5), ([1, 2, 2, 2, 1], 13), ([3, 2, 1, 2, 1], 13),
    ] {
      #expect(try ConstructionFamilyTests.attained(widths, target) == target, "\(widths)")
    }
    #expect(try ConstructionFamilyTests.attained([2, 1, 1, 1, 1], 6) == 5)
    guard TestData.longTests else { return }
    for (widths, target) in [([1, 3, 3, 1], 16), ([2, 3, 1, 3, 1], 16)] {
      #expect(try ConstructionFamilyTests.attained(widths, target) == target, "\(widths)")
    }
    #expect(try ConstructionFamilyTests.attained([2, 3, 1, 1, 1, 1], 13) == 12)
  }

  /// The largest rank found over random networks, up to a target.
  private static func attained(_ widths: [Int], _ target: Int) throws -> Int {
    var best = 0
    for seed in 0..<(TestData.longTests ? 300 : 100) where best < target {
      var rng = SplitMix64(seed: UInt64(seed))
      let network = Initialisation(.he, biasDeviation: 1).network(widths: widths, using: &rng)
      let places = [1.0, 8].map {
        ConstructionPlace(centre: Array(repeating: 0, count: widths[0]), scale: $0)
      }
      let witness = try RankWitness(
        of: network, target: target, around: places, on: nil, lines: 24, seed: UInt64(seed))
      best = max(best, witness.rank)
    }
    return best
  }

  @Test("A certificate reads back, and is refused once anything in it or in the network changes")
  func certificate() throws {
    let built = try Construction(.phuongLampert, widths: [2, 2, 2, 1])
    let network = built.network
    let good = try #require(try ConstructionProof(of: built).dimension)
    let bytes = try good.json(version: "0")
    #expect(try DimensionCertificate(json: bytes) == good)
    #expect(good.verify(network) == nil)
    #expect(good.inputs.count == good.functionalDimension)
    func step(
      _ inputs: [[Double]], dimension: Int = good.functionalDimension, domain: InputDomain? = good.domain
    )
      -> String?
    {
      DimensionCertificate(
        digest: good.digest, domain: domain, functionalDimension: dimension, inputs: inputs
      ).verify(network)?.step
    }
    #expect(step(Array(good.inputs.dropLast())) == "rank")
    #expect(step(good.inputs + [[0, 0]]) == nil)
    #expect(step(good.inputs, dimension: good.functionalDimension - 1) == "bound")
    #expect(step(good.inputs, dimension: good.functionalDimension + 1) == "bound")
    #expect(step([[2, 0]] + good.inputs) == "input 0")
    #expect(step([[0]] + good.inputs) == "input 0")
    #expect(step([[.nan, 0]] + good.inputs) == "input 0")
    #expect(step(good.inputs, domain: .box(InputDomain.Box([Interval(-1, 1)]))) == "domain")
    var rng = SplitMix64(seed: 1)
    #expect(good.verify(network.changingOneEntry(using: &rng) { $0 + 1 })?.step == "digest")
    // A network of less dimension, under its own digest.
    let dead = network.changing { weights, _ in weights[2][0][0] = 0 }.with(domain: good.domain)
    let claim = DimensionCertificate(
      digest: dead.digest, domain: good.domain, functionalDimension: good.functionalDimension,
      inputs: good.inputs)
    #expect(claim.verify(dead)?.step == "rank")
  }

  @Test("Malformed certificates are told, and other documents are left alone")
  func malformed() throws {
    #expect(try DimensionCertificate(json: Array("{\"document\":\"certificate\"}".utf8)) == nil)
    #expect(try DimensionCertificate(json: Array("nonsense".utf8)) == nil)
    for text in [
      "{\"document\":\"dimension-certificate\"}",
      "{\"document\":\"dimension-certificate\",\"crease\":\"\",\"schema\":9,\"network\":{\"sha256\":\"\"},"
        + "\"functionalDimension\":1,\"inputs\":[]}",
      "{\"document\":\"dimension-certificate\",\"crease\":\"\",\"schema\":1,\"network\":{\"sha256\":\"\"},"
        + "\"functionalDimension\":1,\"inputs\":[],\"domain\":{\"box\":[[1,0]]}}",
    ] {
      #expect(throws: CertificateFormatError.self) { try DimensionCertificate(json: Array(text.utf8)) }
    }
  }

  @Test("The pairs of a transparency proof are active everywhere, and the complex agrees")
  func transparent() throws {
    let built = try Construction(.phuongLampert, widths: [2, 2, 2, 2, 1], seed: 4)
    #expect(TransparencyProof(built.network, on: built.domain)?.pairs.count == 3)
    let complex = try PolyhedralComplex(
      built.network, on: SubdivisionDomain(built.domain, inputs: 2))
    #expect(complex.isTransparent)
    // Not on all of space, where the first layer may be silent.
    #expect(TransparencyProof(built.network, on: nil) == nil)
    #expect(TransparencyProof(Fixtures.generic, on: built.domain) == nil)
  }

  @Test("Crossings found on lines are those of the complex")
  func crossings() throws {
    let network = try Construction(.grigsbyLindseyRolnick, widths: [2, 3, 4, 1], seed: 2).network
    let complex = try PolyhedralComplex(network, on: SubdivisionDomain(nil, inputs: 2))
    // For each fold of layer 1 which neurons of layer 2 take which signs on it.
    var seen: Set<[Int]> = []
    for wall in 0..<complex.wallCount {
      let zero = complex.neurons(of: wall)
      guard let lower = zero.first, zero.count == 1, lower.layer == 1 else { continue }
      let pattern = ActivationPattern(words: complex.pattern(of: complex.regions(of: wall).0))
      for j in 0..<4 { seen.insert([lower.index, j, pattern[3 + j] ? 1 : -1]) }
    }
    for i in 0..<3 {
      for j in 0..<4 {
        #expect(seen.contains([i, j, 1]) && seen.contains([i, j, -1]), "neuron \(i) and neuron \(j)")
      }
    }
    // A network whose second layer never meets the fold of the first.
    let apart = Network(weights: [[[1, 1]], [[1]], [[1]]], biases: [[0], [1], [0]])
    let place = ConstructionPlace(centre: [0, 0], scale: 1)
    let crossings = try FoldCrossings(apart, around: [place], lines: 50, seed: 1, progress: Progress())
    #expect(crossings.missing.count == 1)
  }
}
