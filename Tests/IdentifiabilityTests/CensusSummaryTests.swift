import Crease
import Testing

/// Records written by hand: D = 20, N = 5, so that the full dimension is 15.
enum CensusExamples {
  static func record(
    _ index: Int, lower: Int, upper: Int, gaussian: Int? = nil, multiScale: Int? = nil
  ) -> CensusRecord {
    func sample(_ rank: Int?) -> SampleRank {
      SampleRank(points: 200, rank: rank ?? lower, regions: 9, kinks: 0)
    }
    return CensusRecord(
      origin: CensusOrigin(.he, seed: 1, budget: 100), architecture: [2, 3, 2, 1], index: index,
      parameterCount: 20, hiddenNeuronCount: 5, lowerBound: lower, upperBound: upper, mechanisms: [],
      regions: 12, gaussian: sample(gaussian), multiScale: sample(multiScale), seconds: 0)
  }
}

@Suite("Summary of a census")
struct CensusSummaryTests {
  @Test("Counts, means and what samples miss")
  func summary() throws {
    let records = [
      CensusExamples.record(0, lower: 15, upper: 15, gaussian: 13),
      CensusExamples.record(1, lower: 15, upper: 15),
      CensusExamples.record(2, lower: 11, upper: 11, gaussian: 11, multiScale: 10),
      CensusExamples.record(3, lower: 12, upper: 14, gaussian: 8),
      CensusExamples.record(4, lower: 14, upper: 15),
    ]
    let summary = CensusSummary(records)
    #expect(summary.networks == 5 && summary.parameters == 20 && summary.fullDimension == 15)
    #expect(summary.certified == 3 && summary.full == 2 && summary.notFull == 2)
    #expect(summary.fullShare == Proportion(2, of: 5))
    #expect(summary.deficit.mean == 1.6 && summary.deficit.median == 1 && summary.deficit.maximum == 4)
    #expect(summary.deficit.meanLower < 1.6 && summary.deficit.meanUpper > 1.6)
    #expect(summary.provedDeficitMean == 1)
    #expect(summary.gaussian.deficit.mean == 2.8 && summary.gaussian.missed.mean == 1.2)
    #expect(summary.gaussian.fullShare.value == 0.2 && summary.gaussian.missingShare.value == 0.4)
    #expect(summary.multiScale.missed.maximum == 1 && summary.multiScale.deficit.mean == 1.8)
    let shuffled = CensusSummary.summaries(records.reversed(), architectures: [[1, 1], [2, 3, 2, 1]])
    #expect(shuffled == [summary])
  }

  /// Computed from the formula by another program.
  @Test(
    "Wilson's interval",
    arguments: [
      (10, 100, 0.05522914, 0.17436566), (0, 10, 0, 0.27753279), (10, 10, 0.72246721, 1),
      (1, 2, 0.09453121, 0.90546879),
    ])
  func wilson(_ successes: Int, _ trials: Int, _ lower: Double, _ upper: Double) {
    let found = Proportion(successes, of: trials)
    #expect(found.value == Double(successes) / Double(trials))
    #expect(abs(found.lower - lower) < 1e-6 && abs(found.upper - upper) < 1e-6, "\(found)")
  }

  @Test("The interval of a mean holds it, shrinks with the number of counts, and ignores their order")
  func mean() {
    let counts = (0..<40).map { $0 * $0 % 17 }
    let few = CountStatistics(counts)
    let many = CountStatistics((0..<25).flatMap { _ in counts })
    #expect(few.meanLower < few.mean && few.mean < few.meanUpper)
    #expect((many.meanUpper - many.meanLower) * 4 < few.meanUpper - few.meanLower)
    #expect(CountStatistics(counts.reversed()) == few)
    let constant = CountStatistics([3, 3, 3, 3])
    #expect(constant.mean == 3 && constant.meanLower == 3 && constant.meanUpper == 3 && constant.median == 3)
    #expect(CountStatistics([1, 2]).median == 1.5)
  }
}
