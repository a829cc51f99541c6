/// How the keys of faces are laid out.
///
/// A face of the complex is known by the signs of all hidden neurons in its relative interior, and by the sides of the
/// domain it lies on: words of the neurons that are 0, words of those that are positive, words of the sides.
struct FaceKey: Sendable {
  /// The number of hidden neurons.
  let neuronCount: Int
  /// The number of words for a bit for each neuron.
  let neuronWords: Int
  /// The number of words for a bit for each side.
  let sideWords: Int

  init(neuronCount: Int, sideCount: Int) {
    self.neuronCount = neuronCount
    neuronWords = max(1, (neuronCount + 63) / 64)
    sideWords = max(1, (sideCount + 63) / 64)
  }

  /// The number of words of a key.
  var width: Int { 2 * neuronWords + sideWords }

  /// Where the words of the sides begin.
  var sideStart: Int { 2 * neuronWords }

  /// Writes the key of the face of a region on which the constraints of a mask are tight.
  func write(
    _ mask: UnsafePointer<UInt64>, of cell: Cell, pattern: UnsafePointer<UInt64>,
    vanishing: UnsafePointer<UInt64>, to key: UnsafeMutablePointer<UInt64>
  ) {
    for word in 0..<neuronWords { key[word] = vanishing[word] }
    for word in 0..<sideWords { key[sideStart + word] = 0 }
    for word in 0..<cell.words {
      var bits = mask[word]
      while bits != 0 {
        let constraint = Int(cell.slots[word * 64 + bits.trailingZeroBitCount])
        bits &= bits - 1
        if constraint < neuronCount {
          key[constraint >> 6] |= 1 << UInt64(constraint & 63)
        } else {
          let side = constraint - neuronCount
          key[sideStart + side >> 6] |= 1 << UInt64(side & 63)
        }
      }
    }
    for word in 0..<neuronWords { key[neuronWords + word] = pattern[word] & ~key[word] }
  }
}

/// The numbers of the bits set in a range of words.
func bitNumbers(_ words: some Sequence<UInt64>) -> [Int] {
  var numbers: [Int] = []
  for (position, word) in words.enumerated() {
    var bits = word
    while bits != 0 {
      numbers.append(position * 64 + bits.trailingZeroBitCount)
      bits &= bits - 1
    }
  }
  return numbers
}
