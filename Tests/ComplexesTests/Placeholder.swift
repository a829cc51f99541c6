import Testing
@testable import Complexes
