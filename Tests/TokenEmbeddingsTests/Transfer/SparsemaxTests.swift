import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Sparsemax")
struct SparsemaxTests {
  @Test("Known answers")
  func known() {
    func shares(_ values: [Float]) -> [Int: Double] {
      Dictionary(
        uniqueKeysWithValues: Sparsemax.shares(of: values).map { ($0.place, $0.share) })
    }
    #expect(shares([]) == [:])
    #expect(shares([-7]) == [0: 1])
    #expect(shares([2, 0, 1]) == [0: 1])
    #expect(shares([0.5, 0.5]) == [0: 0.5, 1: 0.5])
    #expect(shares([0.75, 0.25, -1]) == [0: 0.75, 1: 0.25])
  }

  @Test("Shares sum up to 1 and are the nearest point: values less one threshold, or zero")
  func optimal() {
    for round in UInt64(0)..<50 {
      var numbers = RandomSequence(seed: 9, place: round)
      let values = (0..<Int(1 + numbers.next() % 60)).map { _ in Float(2 * numbers.unit() - 1) }
      let shares = Sparsemax.shares(of: values)
      #expect(abs(shares.reduce(0) { $0 + $1.share } - 1) < 1e-12)
      let places = shares.map(\.place)
      #expect(places == places.sorted())
      let threshold = Double(values[places[0]]) - shares[0].share
      for (place, share) in shares {
        #expect(share > 0 && abs(Double(values[place]) - share - threshold) < 1e-12)
      }
      for place in values.indices where !places.contains(place) {
        #expect(Double(values[place]) <= threshold + 1e-12)
      }
    }
  }
}
