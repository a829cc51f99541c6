import Testing
@testable import Identifiability
