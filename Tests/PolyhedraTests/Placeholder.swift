import Testing
@testable import Polyhedra
