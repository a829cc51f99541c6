import Networks
import Polyhedra
