import Networks

/// The walls of a complex as folds: what lies around each ridge, which walls lie in one hyperplane, and which can be
/// seen in the function.
///
///     let folds = Folds(complex)
///     folds.linearRegions.count            // affine pieces of the function
///     folds.weights().balancingResidual    // about 1e-16
///     folds.layering().order               // a lower bound of the depth
///
/// Definition: a *fold* is a wall across which the function changes its affine map; all other walls are *hidden*.
///
/// - Exactness: exact.
public struct Folds: Sendable {
  /// The ridges of the complex.
  public let ridges: Ridges
  /// The hyperplanes of the walls.
  public let hyperplanes: WallHyperplanes
  /// The linear regions, and which walls are visible.
  public let linearRegions: LinearRegions

  /// The complex.
  public var complex: PolyhedralComplex { ridges.complex }

  /// The walls of a complex as folds.
  public init(_ complex: PolyhedralComplex, threads: Int = Concurrency.coreCount) {
    ridges = Ridges(complex)
    hyperplanes = WallHyperplanes(complex, threads: threads)
    linearRegions = complex.linearRegions()
  }

  /// Whether a wall can be seen in the function.
  public func isVisible(_ wall: Int) -> Bool { linearRegions.isVisible[wall] }

  /// The fold set F(f) within the domain: the visible walls, by number.
  public var foldSet: [Int] { linearRegions.isVisible.indices.filter { linearRegions.isVisible[$0] } }
}
