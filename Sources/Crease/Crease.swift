@_exported import Equivalence
@_exported import ExactArithmetic
@_exported import LinearAlgebra
@_exported import ModelFiles
@_exported import Networks
@_exported import Symmetry
