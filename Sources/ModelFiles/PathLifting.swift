import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The paths of a model as its file writes it down, for the path norms of the literature.
///
/// ReLU normal form folds what is linear, and makes a maximum of ReLUs; both change the paths, though not the function.
/// Here the graph is kept: the weights on the paths are those of the file, convolutions and batch normalisations stay
/// apart, and
///
/// - a maximum over a window has one path for each element of the window,
/// - an average over k elements multiplies each by 1/k,
/// - batch normalisation multiplies by γ/√(σ² + ε) and has the bias β − μγ/√(σ² + ε),
/// - skip connections add up paths.
///
/// ``network`` has these paths and weights, so that the norms of its path embedding are those of the file: ‖Φ‖_q is one
/// pass of |θ|^q on an input of ones. Where a window has a maximum it computes the sum, so it is *not* the function of
/// the file.
///
///     let lifting = try PathLifting(contentsOf: url)
///     try PathEmbedding(of: lifting.network).norm(1).total
///
/// Formats without a graph are lifted as they are read. Operators that are not positively homogeneous, such as Clip, or
/// that need more than one path through an element, such as LeakyRelu, are refused.
///
/// - Reference: [GBRG24] section 3 and its code.
public struct PathLifting: Sendable {
  /// A network with the paths of the file; not its function where there are maxima.
  public let network: Network
  /// For each node that takes maxima the largest number of elements it takes one of.
  public let maximumSizes: [Int]

  /// The paths of the model in a file.
  ///
  /// - Throws: `ModelFileError`, as ``Networks/Network/init(contentsOf:options:)``, and for operators without a rule.
  public init(contentsOf url: URL, options: ReadingOptions = .init()) throws(ModelFileError) {
    let file = FileBytes.name(url)
    do throws(ModelFileError.Cause) {
      let bytes = try FileBytes.read(url)
      if try ModelFormat(of: bytes, fileExtension: url.pathExtension.lowercased()) == .onnx {
        do throws(ONNXFailure) {
          (network, maximumSizes) = try ONNXReader.walk(
            bytes, folder: url.deletingLastPathComponent(), limits: ONNXLowering.Limits(), isLifting: true)
        } catch {
          throw error.cause
        }
        return
      }
    } catch {
      throw ModelFileError(file: file, cause: error)
    }
    network = try Network(contentsOf: url, options: options)
    maximumSizes = []
  }
}
