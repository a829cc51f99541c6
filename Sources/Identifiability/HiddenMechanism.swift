/// Why a network has a direction of parameters that moves neither its function, to first order, nor its scales only.
///
/// - Reference: [GLR23] hidden symmetries.
public enum HiddenMechanism: String, Hashable, Sendable, CaseIterable {
  /// H1: a neuron that is never active: its parameters, and the weights of its readers on it, are free.
  case inactive
  /// H10: a neuron whose weights are all zero: its signal is constant.
  case zeroRow
  /// H5: a neuron whose signal reaches no output: its weights and its bias are free.
  case unread
  /// H2: always active neurons: they act linearly, so biases trade with those of readers, and neurons mix.
  case stablyActive
  /// H4: neurons on one half-space: outgoing weights may be redistributed.
  case twin
  /// H4': neurons on opposite half-spaces: together they are linear.
  case opposite
  /// An input that the domain holds fixed: its weights trade with biases.
  case fixedInput
  /// H3a: two neurons that are never active together: the weight between them is free on one side.
  case neverCoactive
  /// H3: where a neuron is active and seen, what it reads spans too little to pin its weights down.
  case incomingSpan
  /// H3', the dual: where a neuron is active, its readers' effects on the outputs are linearly dependent.
  case outgoingSpan
  /// H7: three or more consecutive layers of width 1.
  case narrow
  /// H6: the fold of a neuron is invisible: the output has no kink there.
  case hiddenFold
  /// None of the others.
  case unexplained

  /// The number of the mechanism: `H1`, …, or `-` for what has none.
  public var code: String {
    switch self {
    case .inactive: "H1"
    case .zeroRow: "H10"
    case .unread: "H5"
    case .stablyActive: "H2"
    case .twin: "H4"
    case .opposite: "H4'"
    case .neverCoactive: "H3a"
    case .incomingSpan: "H3"
    case .outgoingSpan: "H3'"
    case .narrow: "H7"
    case .hiddenFold: "H6"
    case .fixedInput, .unexplained: "-"
    }
  }
}
