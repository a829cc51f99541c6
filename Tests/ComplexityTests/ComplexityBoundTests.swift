import Complexity
import Testing

@Suite("A bound and its constants")
struct ComplexityBoundTests {
  @Test("A bound keeps what it was made of")
  func parts() {
    let constant = ComplexityBound.Constant(symbol: "K", meaning: "Lipschitz constant", log10: 2)
    let bound = ComplexityBound(
      name: "cover", formula: "K/ε", log10Value: 3, constants: [constant], assumptions: [], reference: "",
      standing: .proved)
    #expect(bound.constants == [constant])
    #expect(bound.log10Value == 3)
  }
}
