@_exported import Complexes
@_exported import Complexity
@_exported import Equivalence
@_exported import ExactArithmetic
@_exported import Identifiability
@_exported import LinearAlgebra
@_exported import ModelFiles
@_exported import Networks
@_exported import Polyhedra
@_exported import Symmetry
@_exported import Training

/// This release of Crease and the engines under it.
public enum Release {
  /// The version of Crease.
  public static let version = "0.1.0"

  /// Names and versions of the engines in use.
  public static var engines: [String] { [ExactEngine.version, BLAS.version] }
}
