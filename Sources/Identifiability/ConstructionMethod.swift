/// A way to write down a network with a property that a theorem promises.
///
/// - Reference: [PL20] nested cells; [GLR23] positive axes and hidden symmetries; [GM26] arbitrary widths of 2 or more.
public enum ConstructionMethod: Hashable, Sendable {
  /// Layers that do not widen, on a box: transparent, a chain of folds through all layers, no hidden symmetry.
  case phuongLampert
  /// No layer narrower than the input: folds of neighbouring layers all cross, no hidden symmetry.
  case grigsbyLindseyRolnick
  /// Any layers of two or more neurons: no hidden symmetry.
  case grilloMontufar
  /// A minimal network with a ray of other parameters for its function.
  case minimalRedundant
  /// A network whose fold set shows its depth.
  case depthHierarchy
  /// A random network in which one mechanism of hidden symmetries is planted.
  case hiddenSymmetry(PlantedSymmetry)

  /// All methods.
  public static let allCases: [ConstructionMethod] =
    [.phuongLampert, .grigsbyLindseyRolnick, .grilloMontufar, .minimalRedundant, .depthHierarchy]
    + PlantedSymmetry.allCases.map { .hiddenSymmetry($0) }

  /// The name: `phuong-lampert`, …, `hidden-symmetry:twin`.
  public var name: String {
    switch self {
    case .phuongLampert: "phuong-lampert"
    case .grigsbyLindseyRolnick: "grigsby-lindsey-rolnick"
    case .grilloMontufar: "grillo-montufar"
    case .minimalRedundant: "minimal-redundant"
    case .depthHierarchy: "depth-hierarchy"
    case .hiddenSymmetry(let kind): "hidden-symmetry:\(kind.rawValue)"
    }
  }

  /// The method of a name; nil where there is none.
  public init?(_ name: String) {
    guard let method = ConstructionMethod.allCases.first(where: { $0.name == name }) else { return nil }
    self = method
  }

  /// The hypothesis of the theorem that widths fail; nil where it covers them.
  public func failure(for widths: [Int]) -> ConstructionFailure? {
    func failed(_ hypothesis: String, _ found: String) -> ConstructionFailure {
      ConstructionFailure(method: self, hypothesis: hypothesis, found: found)
    }
    guard widths.count >= 3, widths.allSatisfy({ $0 >= 1 }) else {
      return failed("an input, one or more hidden layers and an output", "\(widths)")
    }
    let hidden = widths[1..<widths.count - 1]
    switch self {
    case .phuongLampert, .depthHierarchy, .grigsbyLindseyRolnick, .grilloMontufar:
      if widths[0] < 2 { return failed("two or more inputs", "\(widths[0])") }
      if let layer = hidden.firstIndex(where: { $0 < 2 }) {
        return failed("two or more neurons in every hidden layer", "\(widths[layer]) in layer \(layer)")
      }
      if self == .phuongLampert || self == .depthHierarchy,
        let layer = hidden.indices.first(where: { widths[$0] > widths[$0 - 1] })
      {
        return failed(
          "hidden layers that do not widen",
          "\(widths[layer]) neurons in layer \(layer) after \(widths[layer - 1])")
      }
      if self == .grigsbyLindseyRolnick, let layer = hidden.firstIndex(where: { $0 < widths[0] }) {
        return failed(
          "no hidden layer narrower than the input",
          "\(widths[layer]) neurons in layer \(layer) for \(widths[0]) inputs")
      }
      return nil
    case .minimalRedundant:
      return widths.count == 4 && widths[...2] == [2, 3, 2]
        ? nil
        : failed("widths 2,3,2 and any number of outputs", widths.map(String.init).joined(separator: ","))
    case .hiddenSymmetry(let kind):
      return kind.need(of: widths).map { failed($0, widths.map(String.init).joined(separator: ",")) }
    }
  }
}

/// An architecture that a construction does not cover.
public struct ConstructionFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The construction.
  public let method: ConstructionMethod
  /// What it needs.
  public let hypothesis: String
  /// What there is instead.
  public let found: String

  /// One line for people.
  public var description: String { "\(method.name) needs \(hypothesis); found \(found)" }
}
