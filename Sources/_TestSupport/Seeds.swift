import Crease

/// Runs `body` once for each seed, with a generator of that seed; name the seed in every failure message.
public func forEachSeed(
  _ seeds: Range<UInt64>, _ body: (_ seed: UInt64, _ rng: inout SplitMix64) throws -> Void
) rethrows {
  for seed in seeds {
    var rng = SplitMix64(seed: seed)
    try body(seed, &rng)
  }
}
