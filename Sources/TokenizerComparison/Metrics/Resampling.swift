import Primitives

/// Paired bootstrap: how far metrics would differ had other documents of the same kind been compared
/// (Efron and Tibshirani 1993, chapter 13: percentile intervals).
///
/// Each resampling draws as many units as there are, with replacement, and all models are measured on the
/// same ones. The draws of a resampling follow from the seed and its number alone.
struct Resampling: Sendable {
  private let tallies: [Tally]

  /// - Parameter rows: the tallies of the units, one behind the other.
  init(rows: [Int], modelCount: Int, replicates: Int, seed: UInt64, threads: Int) {
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
          let target = UnsafeMutableBufferPointer(rebasing: sums[start..<start + width])
          Self.draw(rows, RandomSequence(seed: seed, place: UInt64(replicate)), into: target)
        }
      }
    }
    tallies = stride(from: 0, to: count, by: width).map { Tally(sums[$0..<$0 + width]) }
  }

  private static func draw(
    _ rows: [Int], _ sequence: RandomSequence, into sums: UnsafeMutableBufferPointer<Int>
  ) {
    var chance = sequence
    let width = sums.count
    let units = rows.count / width
    rows.withUnsafeBufferPointer { rows in
      for _ in 0..<units {
        // 32 random bits for at most 2^12 units: no unit is more likely than another by a part of 2^-20.
        let unit = Int((UInt64(chance.next()) &* UInt64(units)) >> 32)
        let start = unit &* width
        for place in 0..<width { sums[place] &+= rows[start &+ place] }
      }
    }
  }

  /// Where the differences of a model to the first one lie in 95 of 100 resamplings; `nil` where less than
  /// two have a value.
  func intervals(
    of metric: Metric, model: Int
  ) -> (absolute: MetricInterval?, relative: MetricInterval?) {
    var (absolute, relative): ([Double], [Double]) = ([], [])
    for tally in tallies {
      guard let value = tally.value(of: metric, model: model),
        let first = tally.value(of: metric, model: 0)
      else { continue }
      absolute.append(value - first)
      if first != 0 { relative.append((value - first) / first) }
    }
    return (Self.interval(of: absolute), Self.interval(of: relative))
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
