import ExactArithmetic
import Networks
import Testing
import _TestSupport

@testable import Equivalence

extension Network {
  /// Compares on all of ℝⁿ with the checks of the method below.
  func checkedComparison(with other: Network, _ note: Comment) throws -> Comparison {
    try checkedComparison(with: other, ComparisonOptions(), note)
  }

  /// Compares, and checks that the certificate survives JSON and is accepted, and that the verdict fits it.
  func checkedComparison(
    with other: Network, _ options: ComparisonOptions, _ note: Comment
  ) throws -> Comparison {
    let comparison = try compared(with: other, options: options)
    if let certificate = comparison.certificate {
      let read = try Certificate(json: certificate.json(version: "test"))
      #expect(read == certificate, note)
      #expect(read.verify(self, other) == .accepted, note)
      // Digests name the order of the networks too.
      if digest != other.digest, case .rejected(let failure) = read.verify(other, self) {
        #expect(failure.step == "digest", note)
      } else {
        #expect(digest == other.digest, note)
      }
    }
    switch (comparison.verdict, comparison.certificate?.claim) {
    case (.equivalent(.identical), .identical), (.equivalent(.identical), .identicalOnRegions): break
    case (.equivalent(.sameLargest(let margin)), .sameLargest(let claimed, _)):
      #expect(margin == claimed, note)
    case (.equivalent(.withinEpsilon(let bound, let lower)), .withinEpsilon(let claimed, _)):
      #expect(bound == claimed && lower <= bound, note)
    case (.different(let witness), .different(let x, let gap)):
      #expect(witness.x == x && witness.gap == gap && gap > 0, note)
      #expect(exactGap(to: other, at: x) >= Dyadic(gap), note)
      #expect(options.domain.map { $0.contains(x) } ?? true, note)
    case (.undecided(let bounds), nil):
      #expect(bounds.lower <= bounds.upper && !bounds.reason.isEmpty, note)
    default: Issue.record("\(note): the verdict \(comparison.verdict) has another certificate")
    }
    return comparison
  }

  /// Checks a verdict against the exact outputs at some inputs; those outside the domain are left out.
  func expectSound(_ comparison: Comparison, with other: Network, at points: [[Double]], _ note: Comment) {
    for x in points where comparison.domain.map({ $0.contains(x) }) ?? true {
      let gap = exactGap(to: other, at: x)
      switch comparison.verdict {
      case .equivalent(.identical): #expect(gap.isZero, note)
      case .equivalent(.sameLargest): break
      case .equivalent(.withinEpsilon(let bound, _)):
        let size = comparison.domain == nil ? x.reduce(1) { max($0, $1.magnitude) } : 1
        #expect(gap <= Dyadic(bound) * Dyadic(size), note)
      case .undecided(let bounds):
        let size = comparison.domain == nil ? x.reduce(1) { max($0, $1.magnitude) } : 1
        if bounds.upper.isFinite { #expect(gap <= Dyadic(bounds.upper) * Dyadic(size), note) }
      case .different: break
      }
    }
  }
}
