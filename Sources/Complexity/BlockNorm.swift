import Networks

/// The spectral norm of the weights with which a layer reads one earlier layer.
public struct BlockNorm: Hashable, Sendable {
  /// The layer, from 1.
  public let layer: Int
  /// The layer that is read, 0 for the input.
  public let source: Int
  /// The number of rows of the block.
  public let rows: Int
  /// The number of columns of the block.
  public let columns: Int
  /// The norm between proved bounds.
  public let spectral: SpectralNorm
}

extension Network {
  /// The spectral norms of all blocks of weights, layer by layer; skip blocks are no obstacle.
  ///
  /// - Exactness: proved bounds, see ``SpectralNorm``.
  /// - Throws: `CancellationError`.
  public func blockNorms(
    gramLimit: Int = SpectralNorm.gramLimit, progress: Progress = Progress()
  ) throws -> [BlockNorm] {
    var norms: [BlockNorm] = []
    for (position, layer) in layers.enumerated() {
      try progress.step("bounding norms, layer", done: position, of: layers.count)
      for block in layer.blocks {
        norms.append(
          BlockNorm(
            layer: position + 1, source: block.source, rows: block.weights.rows,
            columns: block.weights.columns,
            spectral: SpectralNorm(of: block.weights, gramLimit: gramLimit)))
      }
    }
    return norms
  }
}
