import Crypto
import Networks
import Symmetry

extension CanonicalForm {
  /// The SHA-256 of the canonical form, as lower-case hexadecimal: shared by all exact disguises of a network.
  ///
  /// - Exactness: equal fingerprints mean equal canonical forms, hence equal functions, but for a collision of the
  ///   hash. Networks whose weights were rounded after rescaling are other functions and have other fingerprints.
  public var fingerprint: String {
    var hash = SHA256()
    forEachLine { hash.update(data: Array($0.utf8)) }
    return hash.finalize().hexadecimal
  }
}

extension SHA256.Digest {
  /// The bytes as lower-case hexadecimal.
  var hexadecimal: String {
    map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
