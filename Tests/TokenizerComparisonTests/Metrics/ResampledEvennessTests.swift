import Primitives
import Testing
import Tokenization

@testable import TokenizerComparison

@Suite("Evenness in resamplings")
struct ResampledEvennessTests {
  private static let replicates = 400
  private static let idCount = 7

  /// Documents of tokens of which some are more frequent than others, and more so in some documents.
  private static func documents(_ count: Int, seed: UInt64) -> [[TokenID]] {
    var random = RandomSequence(seed: seed, place: 0)
    return (0..<count).map { _ in
      let most = 2 + random.next() % UInt32(idCount - 1)
      return (0..<20 + random.next() % 60).map { _ in random.next() % (1 + random.next() % most) }
    }
  }

  private static func distribution(_ documents: [[TokenID]]) -> TokenDistribution {
    var uses = [Int](repeating: 0, count: idCount)
    for id in documents.joined() { uses[Int(id)] += 1 }
    return TokenDistribution(uses: uses, tokenCount: 40)
  }

  private static func resampled(_ models: [[[TokenID]]]) -> ResampledEvenness {
    let groups = models.map { documents in
      var groups = TokenGroups(idCount: idCount, seed: 2)
      for (number, ids) in documents.enumerated() { groups.add(ids, to: number) }
      return groups
    }
    return ResampledEvenness(groups, models.map(distribution), replicates: replicates, seed: 6)
  }

  /// Of the same draws, with everything computed anew from the tokens that are drawn.
  private static func anew(_ documents: [[TokenID]]) -> [TokenDistribution] {
    (0..<replicates).map { replicate in
      var drawn: [[TokenID]] = []
      UnitDraws.forEach(
        of: documents.count, RandomSequence(seed: 6, place: UInt64(replicate))
      ) { drawn.append(documents[$0]) }
      return distribution(drawn)
    }
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
      .squareRoot()
  }

  @Test("Where all tokens are frequent, values are close to those computed anew")
  func close() {
    let documents = Self.documents(100, seed: 1)
    let resampled = Self.resampled([documents, Self.documents(100, seed: 2)])
    let anew = Self.anew(documents)
    for (linear, plain) in [
      (resampled.shannonEfficiencies(of: 0), anew.map(\.shannonEfficiency)),
      (resampled.renyiEfficiencies(of: 0), anew.map(\.renyiEfficiency)),
    ] {
      let (linear, plain) = (linear.compactMap { $0 }, plain.compactMap { $0 })
      #expect(linear.count == Self.replicates && plain.count == Self.replicates)
      let width = Self.deviation(plain)
      #expect(abs(Self.deviation(linear) / width - 1) < 0.1)
      for (a, b) in zip(linear, plain) { #expect(abs(a - b) < width / 2) }
    }
  }

  @Test("Where documents are all alike, there is nothing to vary")
  func alike() {
    let documents = [[TokenID]](repeating: [0, 0, 0, 1, 2, 2, 5], count: 30)
    let resampled = Self.resampled([documents])
    let distribution = Self.distribution(documents)
    for value in resampled.shannonEfficiencies(of: 0) {
      #expect(abs((value ?? 0) - (distribution.shannonEfficiency ?? 1)) < 1e-14)
    }
    for value in resampled.renyiEfficiencies(of: 0) {
      #expect(abs((value ?? 0) - (distribution.renyiEfficiency ?? 1)) < 1e-14)
    }
  }

  @Test("Values are centered where every document has tokens of its own, which others never are")
  func rareTokens() {
    var random = RandomSequence(seed: 5, place: 0)
    let documents = (0..<100).map { number -> [TokenID] in
      let common = (0..<10 + random.next() % 20).map { _ in random.next() % 4 }
      return common + [TokenID(10 + number)]
    }
    var uses = [Int](repeating: 0, count: 110)
    for id in documents.joined() { uses[Int(id)] += 1 }
    let distribution = TokenDistribution(uses: uses, tokenCount: 110)
    var groups = TokenGroups(idCount: 110, seed: 0)
    for (number, ids) in documents.enumerated() { groups.add(ids, to: number) }
    let values = ResampledEvenness([groups], [distribution], replicates: 400, seed: 1)
      .shannonEfficiencies(of: 0).compactMap { $0 }
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(
      abs(mean - (distribution.shannonEfficiency ?? 0)) < Self.deviation(values) / 5)
  }

  @Test("Without tokens there are no values")
  func nothing() {
    let resampled = Self.resampled([[[], []]])
    #expect(resampled.shannonEfficiencies(of: 0).allSatisfy { $0 == nil })
    #expect(resampled.renyiEfficiencies(of: 0).allSatisfy { $0 == nil })
  }
}
