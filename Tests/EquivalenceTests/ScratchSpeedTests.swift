import ExactArithmetic
import Foundation
import ModelFiles
import Networks
import Testing
import _TestSupport

@testable import Equivalence

@Test(.enabled(if: ProcessInfo.processInfo.environment["SCRATCH"] != nil)) func scratch() throws {
}
