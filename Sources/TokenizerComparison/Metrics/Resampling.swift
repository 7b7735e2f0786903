import Primitives

/// Paired bootstrap: how far metrics would differ had as many other documents of the same kind been
/// compared (Efron and Tibshirani 1993, chapter 13: percentile intervals).
///
/// Each resampling draws as many units as there are, with replacement, and all models are measured on the
/// same ones. The draws of a resampling follow from the seed and its number alone.
///
/// Two metrics have no intervals. How many tokens of a vocabulary occur cannot be told from resamplings,
/// which always have less of them than the corpus; what vocabularies share depends on no documents.
struct Resampling: Sendable {
  private let tallies: [Tally]
  private let documentCount: Int
  private let evenness: ResampledEvenness?
  /// By resampling and model; empty where languages cannot be drawn from.
  private let ginis: [[Double?]]

  /// - Parameter rows: the tallies of the units, one behind the other.
  init(
    rows: [Int], modelCount: Int, replicates: Int, seed: UInt64, threads: Int,
    evenness: ResampledEvenness? = nil, ginis: [[Double?]] = []
  ) {
    let width = Tally.width(modelCount: modelCount)
    let count = rows.isEmpty ? 0 : replicates * width
    let sums = [Int](unsafeUninitializedCapacity: count) { sums, initialized in
      sums.initialize(repeating: 0)
      initialized = count
      // Each part writes what belongs to its resamplings, read after all have ended.
      nonisolated(unsafe) let sums = sums
      Parts(count / width, size: 16).run(threads: threads) { part in
        for replicate in part {
          let start = replicate * width
          UnitDraws.add(
            rows, RandomSequence(seed: seed, place: UInt64(replicate)),
            to: UnsafeMutableBufferPointer(rebasing: sums[start..<start + width]))
        }
      }
    }
    tallies = stride(from: 0, to: count, by: width).map { Tally(sums[$0..<$0 + width]) }
    documentCount = stride(from: 0, to: rows.count, by: width).reduce(0) { sum, start in
      sum + Tally.count(.documents, in: rows[start..<start + width])
    }
    self.evenness = evenness
    self.ginis = ginis
  }

  /// Where the differences of a model to the first one lie in 95 of 100 resamplings; `nil` where less than
  /// two have a value.
  func intervals(
    of metric: Metric, model: Int
  ) -> (absolute: MetricInterval?, relative: MetricInterval?) {
    var (absolute, relative): ([Double], [Double]) = ([], [])
    for (value, first) in zip(values(of: metric, model: model), values(of: metric, model: 0)) {
      guard let value, let first else { continue }
      absolute.append(value - first)
      if first != 0 { relative.append((value - first) / first) }
    }
    return (Self.interval(of: absolute), Self.interval(of: relative))
  }

  /// Where the value of a model lies in 95 of 100 resamplings; `nil` where less than two have one.
  func interval(of metric: Metric, model: Int) -> MetricInterval? {
    Self.interval(of: values(of: metric, model: model).compactMap { $0 })
  }

  /// By resampling.
  private func values(of metric: Metric, model: Int) -> [Double?] {
    switch metric {
    case .tokens:
      // Groups have not all as many documents: not the sum, but the mean by the number of documents.
      tallies.map { tally in
        let (tokens, documents) = (tally[.tokens, of: model], tally[.documents])
        return documents == 0
          ? nil : Double(tokens) / Double(documents) * Double(documentCount)
      }
    case .shannon: evenness?.shannonEfficiencies(of: model) ?? []
    case .renyi: evenness?.renyiEfficiencies(of: model) ?? []
    case .languageGini: ginis.map { $0[model] }
    default: tallies.map { $0.value(of: metric, model: model) }
    }
  }

  private static func interval(of values: [Double]) -> MetricInterval? {
    guard values.count > 1 else { return nil }
    let sorted = values.sorted()
    return MetricInterval(lower: quantile(0.025, sorted), upper: quantile(0.975, sorted))
  }

  /// Between neighbours on a straight line, as NumPy does by default (Hyndman and Fan 1996, type 7).
  private static func quantile(_ share: Double, _ sorted: [Double]) -> Double {
    let position = share * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
  }
}
