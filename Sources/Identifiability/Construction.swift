import ExactArithmetic
import Networks

/// A network written down for a property, with what is promised of it; nothing is proved yet.
///
///     let built = try Construction(.grilloMontufar, widths: [2, 3, 2, 1], seed: 1)
///     let proof = try ConstructionProof(of: built)        // functional dimension 15 = D − N, by a certificate
///
/// - Exactness: the weights are dyadic numbers that doubles hold; the promises are about exactly these.
public struct Construction: Sendable {
  /// A property that a construction promises.
  public enum Promise: Hashable, Sendable {
    /// The functional dimension is D − N: only rescalings move no function.
    case noHiddenSymmetry
    /// On the domain every hidden layer has an active neuron everywhere.
    case transparent
    /// The folds of any two neurons of neighbouring hidden layers cross.
    case crossingFolds
    /// The fold set has this order: as many layers show in it.
    case foldOrder(Int)
    /// The second network is the same function, and no permutation and rescaling of the first.
    case secondParameters
  }

  /// The construction.
  public let method: ConstructionMethod
  /// The network.
  public let network: Network
  /// Where the promises hold; nil for all of ℝⁿ.
  public let domain: InputDomain?
  /// What is promised.
  public let promises: [Promise]
  /// Other parameters of the same function, where these are promised.
  public let second: Network?
  /// The inputs on which the two functions agree, where it is not the whole domain.
  public let batch: [[Double]]?
  /// Where folds of all layers come together.
  let places: [ConstructionPlace]
  /// The proof of the functional dimension, where it is promised and was found.
  let certificate: DimensionCertificate?

  init(
    method: ConstructionMethod, network: Network, domain: InputDomain? = nil, promises: [Promise],
    second: Network? = nil, batch: [[Double]]? = nil, places: [ConstructionPlace] = [],
    certificate: DimensionCertificate? = nil
  ) {
    self.method = method
    self.network = network.with(domain: domain)
    self.domain = domain
    self.promises = promises
    self.second = second?.with(domain: domain)
    self.batch = batch
    self.places = places
    self.certificate = certificate
  }

  /// Writes down a network; draws again where the functional dimension that is promised is not attained.
  ///
  /// - Parameters:
  ///   - method: The construction.
  ///   - widths: The architecture n₀, …, n_L.
  ///   - seed: The same network for the same seed.
  /// - Throws: ``ConstructionFailure``, naming the hypothesis that the architecture fails; `CancellationError`.
  public init(
    _ method: ConstructionMethod, widths: [Int], seed: UInt64 = 1, progress: Progress = Progress()
  ) throws {
    if let failure = method.failure(for: widths) { throw failure }
    var rng = SplitMix64(seed: seed)
    var built = try Construction.draw(method, widths, using: &rng, progress: progress)
    for draw in 0..<Construction.drawLimit where built.promises.contains(.noHiddenSymmetry) {
      if draw > 0 { built = try Construction.draw(method, widths, using: &rng, progress: progress) }
      let certificate = try DimensionCertificate.attaining(
        built.network, on: built.domain, around: built.places, seed: seed, progress: progress)
      guard let certificate else { continue }
      self.init(
        method: method, network: built.network, domain: built.domain, promises: built.promises,
        places: built.places, certificate: certificate)
      return
    }
    self = built
  }

  /// How often a network is drawn before the construction gives up proving its functional dimension.
  private static let drawLimit = 16

  private static func draw(
    _ method: ConstructionMethod, _ widths: [Int], using rng: inout SplitMix64, progress: Progress
  ) throws -> Construction {
    switch method {
    case .phuongLampert, .depthHierarchy:
      let cells = NestedCells(widths: widths, using: &rng)
      let box = InputDomain.Box(Array(repeating: Interval(-1, 1), count: widths[0]))
      return Construction(
        method: method, network: cells.network, domain: .box(box),
        promises: [.noHiddenSymmetry, .transparent, .foldOrder(widths.count - 2)], places: cells.places)
    case .grilloMontufar:
      let cells = NestedCells(widths: widths, using: &rng)
      return Construction(
        method: method, network: cells.network, promises: [.noHiddenSymmetry], places: cells.places)
    case .grigsbyLindseyRolnick:
      let axes = PositiveAxes(widths: widths, using: &rng)
      return Construction(
        method: method, network: axes.network, promises: [.noHiddenSymmetry, .crossingFolds],
        places: axes.places)
    case .minimalRedundant:
      let pair = MinimalRedundant(outputs: widths[3], using: &rng)
      return Construction(
        method: method, network: pair.network, promises: [.secondParameters], second: pair.second)
    case .hiddenSymmetry(let kind):
      let plant = try kind.plant(widths: widths, using: &rng, progress: progress)
      return Construction(
        method: method, network: plant.network, domain: plant.domain, promises: [.secondParameters],
        second: plant.second, batch: plant.batch)
    }
  }
}

/// A place where folds of a layer come together, and how large the cells around it are.
struct ConstructionPlace: Hashable, Sendable {
  /// The place.
  let centre: [Double]
  /// The size of the cells.
  let scale: Double
}
