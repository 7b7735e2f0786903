import Foundation
import Testing

@testable import TokenEmbeddings

@Suite("Positions")
struct PositionTests {
  /// The paper's formula with the C library's functions.
  private static func expected(
    _ position: Int, _ index: Int, of dimension: Int, _ sinusoids: SinusoidalPositions
  ) -> Double {
    let half = dimension / 2
    let pair = sinusoids.layout == .interleaved ? index / 2 : index % half
    let isSine = sinusoids.layout == .interleaved ? index % 2 == 0 : index < half
    let divisor = Double(sinusoids.spacing == .paper ? half : max(1, half - 1))
    let angle = Double(position) * pow(sinusoids.base, -Double(pair) / divisor)
    return sinusoids.scale * (isSine ? sin(angle) : cos(angle))
  }

  @Test("Sinusoids are the formula's in all layouts and spacings, for any position")
  func sinusoids() {
    for layout in SinusoidalPositions.Layout.allCases {
      for spacing in SinusoidalPositions.Spacing.allCases {
        let sinusoids = SinusoidalPositions(layout: layout, spacing: spacing, scale: 0.25)
        for dimension in [2, 6, 512] {
          for position in [0, 1, 2, 2047, 131_071, 1_048_575] {
            let vector = sinusoids.vector(of: position, dimension: dimension)
            for index in 0..<dimension {
              let value = Self.expected(position, index, of: dimension, sinusoids)
              // A step of single precision, and what an angle of a million loses in double.
              let tolerance = 0x1p-24 * abs(value) + 1e-15 * Double(position) + 1e-12
              #expect(abs(Double(vector[index]) - value) <= tolerance)
            }
          }
        }
      }
    }
    #expect(SinusoidalPositions().vector(of: 0, dimension: 4) == [0, 1, 0, 1])
    #expect(SinusoidalPositions(layout: .halves).vector(of: 0, dimension: 4) == [0, 0, 1, 1])
  }

  @Test("tensor2tensor's last frequency is 1 / base, the paper's is above it")
  func spacings() throws {
    let t2t = SinusoidalPositions(spacing: .t2t).frequencies(dimension: 512)
    #expect(abs(try #require(t2t.last) - 1e-4) < 1e-18 && t2t.first == 1)
    let paper = SinusoidalPositions().frequencies(dimension: 512)
    #expect(abs(try #require(paper.last) - 1.036_632_928_437_698e-4) < 1e-17)
  }

  @Test("Both layouts of rope turn by the same angles")
  func rotary() {
    let frequencies = RotaryPositions(headDimension: 8).frequencies
    for (index, frequency) in frequencies.enumerated() {
      #expect(abs(frequency - pow(10000, -Double(index) / 4)) < 1e-15)
    }
    for layout in RotaryPositions.Layout.allCases {
      let rotary = RotaryPositions(headDimension: 8, layout: layout)
      for part in [RotaryPositions.Part.cosine, .sine] {
        var row = [Float](repeating: 9, count: 8)
        row.withUnsafeMutableBufferPointer { rotary.fill(5, part, frequencies, into: $0) }
        for index in 0..<8 {
          let pair = layout == .halves ? index % 4 : index / 2
          let angle = 5 * frequencies[pair]
          #expect(row[index] == Float(part == .cosine ? cos(angle) : sin(angle)))
        }
      }
    }
  }

  /// `apply_scaling` written as its authors do, by wave lengths.
  @Test("Llama 3's scaling keeps fast angles, slows slow ones, blends between")
  func scaling() {
    let plain = RotaryPositions(headDimension: 128, base: 500_000).frequencies
    let scaled = RotaryPositions(
      headDimension: 128, base: 500_000, scaling: RotaryPositions.Llama3Scaling()
    ).frequencies
    var kinds = [0, 0, 0]
    for (frequency, result) in zip(plain, scaled) {
      let wave = 2 * Double.pi / frequency
      var expected = frequency
      if wave > 8192 {
        expected = frequency / 8
        kinds[0] += 1
      } else if wave >= 8192 / 4 {
        let smooth = (8192 / wave - 1) / 3
        expected = (1 - smooth) * frequency / 8 + smooth * frequency
        kinds[1] += 1
      } else {
        kinds[2] += 1
      }
      #expect(abs(result - expected) <= 1e-15 * expected)
    }
    #expect(kinds.allSatisfy { $0 > 3 })
  }

  @Test("ALiBi's slopes are those of its authors, also for heads that are no power of two")
  func slopes() {
    #expect(
      LinearBias.slopes(headCount: 8) == (1...8).map { Float(pow(2, -Double($0))) })
    let twelve = LinearBias.slopes(headCount: 12)
    #expect(Array(twelve[..<8]) == LinearBias.slopes(headCount: 8))
    for (slope, expected) in zip(twelve[8...], [-0.5, -1.5, -2.5, -3.5]) {
      #expect(slope == Float(pow(2, expected)))
    }
    #expect(LinearBias.slopes(headCount: 1) == [Float(pow(2, -8.0))])
    #expect(LinearBias.slopes(headCount: 3) == [0.0625, 0.00390625, 0.25])
  }
}
