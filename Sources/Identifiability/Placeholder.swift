import Complexes
import Symmetry
