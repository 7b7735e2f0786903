/// The point of the probability simplex that is nearest to a vector: like softmax, but most shares are
/// zero (Martins, Astudillo 2016, "From softmax to sparsemax", algorithm 1).
enum Sparsemax {
  /// The shares that are not zero, with their places, ascending. They sum up to 1.
  ///
  /// - Complexity: O(n), and O(s log s) for the `s` values within 1 of the largest.
  static func shares(of values: [Float]) -> [(place: Int, share: Double)] {
    guard let largest = values.max() else { return [] }
    // A share is its value less a threshold, and the largest share is 1 at most.
    let candidates = values.indices.filter { values[$0] > largest - 1 }
    let sorted = candidates.map { Double(values[$0]) }.sorted(by: >)
    var sum = 0.0
    var threshold = 0.0
    for (index, value) in sorted.enumerated() {
      guard 1 + Double(index + 1) * value > sum + value else { break }
      sum += value
      threshold = (sum - 1) / Double(index + 1)
    }
    return candidates.compactMap { place in
      let share = Double(values[place]) - threshold
      return share > 0 ? (place, share) : nil
    }
  }
}
