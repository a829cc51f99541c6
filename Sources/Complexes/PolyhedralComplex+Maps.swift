import ExactArithmetic
import LinearAlgebra
import Networks

extension PolyhedralComplex {
  /// The affine map of an output on a region: the gradient, then the constant; rounded.
  public func map(ofOutput output: Int, on region: Int) -> ArraySlice<Double> {
    let width = dimension + 1
    let start = (region * network.outputCount + output) * width
    return buffer.maps[start..<start + width]
  }

  /// The exact affine map of every output on a region: the gradient, then the constant.
  public func exactMaps(on region: Int) -> [[Dyadic]] {
    var forms = ExactForms(network, sides: [])
    return Array(pattern(of: region)).withElements { pattern in
      (0..<network.outputCount).map { forms.output($0, pattern: pattern) }
    }
  }

  /// The jump of the gradient of each output across a wall, from its first region to its second; rounded.
  ///
  /// - Shapes: a row for each output, a column for each coordinate.
  public func gradientJump(across wall: Int) -> Matrix<Double> {
    let outputs = network.outputCount
    guard case (let first, let second?) = regions(of: wall) else {
      return Matrix(repeating: 0, rows: outputs, columns: dimension)
    }
    var elements: [Double] = []
    for output in 0..<outputs {
      let a = map(ofOutput: output, on: first).dropLast()
      let b = map(ofOutput: output, on: second).dropLast()
      elements += zip(a, b).map { $1 - $0 }
    }
    return Matrix(rows: outputs, columns: dimension, elements: elements)
  }

  /// Whether a wall can be seen in the function: whether the affine map of some output changes across it.
  ///
  /// - Exactness: exact: by the rounded maps where they differ by more than their errors, or where no active path
  ///   leads from the neurons that switch to an output; else by the exact maps.
  func visibility() -> [Bool] {
    var decided: [Bool] = []
    var exact: [Int32: [[Dyadic]]] = [:]
    decided.reserveCapacity(wallCount)
    for wall in 0..<wallCount {
      guard case (let first, let second?) = regions(of: wall) else {
        decided.append(false)
        continue
      }
      if differsClearly(first, second) {
        decided.append(true)
      } else if !reachesOutput(wall, first, second) {
        decided.append(false)
      } else {
        // Neighbours share regions: their exact maps are worth keeping, within reason.
        if exact.count > 4096 { exact.removeAll() }
        let maps = [first, second].map { region in
          let known = exact[Int32(region)] ?? exactMaps(on: region)
          exact[Int32(region)] = known
          return known
        }
        decided.append(maps[0] != maps[1])
      }
    }
    return decided
  }

  /// Whether the rounded maps of two regions differ by more than their errors.
  private func differsClearly(_ first: Int, _ second: Int) -> Bool {
    let outputs = network.outputCount
    for output in 0..<outputs {
      let errorA = (first * outputs + output) * 2
      let errorB = (second * outputs + output) * 2
      let gradientError = (buffer.mapErrors[errorA] + buffer.mapErrors[errorB]) * (1 + 0x1p-40)
      let a = map(ofOutput: output, on: first)
      let b = map(ofOutput: output, on: second)
      for (x, y) in zip(a, b).dropLast() {
        let difference = (x - y).magnitude
        if difference - difference * 0x1p-50 > gradientError { return true }
      }
    }
    return false
  }

  /// Whether a path of active neurons with nonzero weights leads from a switching neuron to an output, on either side.
  private func reachesOutput(_ wall: Int, _ first: Int, _ second: Int) -> Bool {
    let switching = zip(pattern(of: first), pattern(of: second)).map { $0 ^ $1 }
    var live = network.hiddenLayers.map { Array(repeating: false, count: $0.width) }
    var number = 0
    var firsts: [Int] = []
    for layer in network.hiddenLayers {
      firsts.append(number)
      number += layer.width
    }
    func bit(_ words: some RandomAccessCollection<UInt64>, _ number: Int) -> Bool {
      words[words.index(words.startIndex, offsetBy: number >> 6)] >> UInt64(number & 63) & 1 == 1
    }
    let patternA = pattern(of: first)
    let patternB = pattern(of: second)
    for (position, layer) in network.layers.enumerated() {
      let isOutput = position == network.layers.count - 1
      for j in 0..<layer.width {
        if !isOutput {
          let neuron = firsts[position] + j
          if bit(switching, neuron) {
            live[position][j] = true
            continue
          }
          if !bit(patternA, neuron), !bit(patternB, neuron) { continue }
        }
        let reads = layer.blocks.contains { block in
          block.source > 0
            && (0..<block.weights.columns).contains {
              live[block.source - 1][$0] && block.weights.sign(j, $0) != 0
            }
        }
        if isOutput, reads { return true }
        if !isOutput { live[position][j] = reads }
      }
    }
    return false
  }
}
