import Complexes
import ExactArithmetic
import Networks
import Testing

extension SubdivisionDomain {
  /// The box of the same interval in every coordinate.
  static func cube(_ dimension: Int, _ lower: Double, _ upper: Double) -> SubdivisionDomain {
    SubdivisionDomain(box: Array(repeating: Interval(lower, upper), count: dimension))
  }
}

/// Compares the complex and the counts of a network with those found by trying all signs.
@discardableResult
func expectSlowRegions(
  _ network: Network, on domain: SubdivisionDomain, _ comment: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> PolyhedralComplex {
  let slow = SlowSubdivision(network, on: domain)
  let complex = try PolyhedralComplex(network, on: domain, threads: 1)
  let regions = (0..<complex.regionCount).map { complex.signs(of: $0) }
  #expect(Set(regions) == slow.regions, "\(comment)", sourceLocation: sourceLocation)
  #expect(Set(regions).count == regions.count, "twice: \(comment)", sourceLocation: sourceLocation)
  let unbounded = (0..<complex.regionCount).count { !complex.isBounded($0) }
  #expect(unbounded == slow.unboundedRegions, "unbounded: \(comment)", sourceLocation: sourceLocation)
  let counted = try Subdivision(network, on: domain).count(algorithm: .programs)
  #expect(
    counted.activationRegions == slow.regions.count, "by programs: \(comment)", sourceLocation: sourceLocation
  )
  // Directions that nothing depends on are left out of a count, and make every region unbounded.
  if Subdivision(network, on: domain).coordinates.count == network.inputCount {
    #expect(
      counted.unboundedRegions == slow.unboundedRegions, "unbounded, by programs: \(comment)",
      sourceLocation: sourceLocation)
  }
  return complex
}
