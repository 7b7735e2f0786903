import Testing

@testable import TokenEmbeddings

@Suite("Types of numbers")
struct ElementTypeTests {
  /// Value of a number of `exponentBits` and `fractionBits`, from its definition.
  private static func value(_ bits: UInt16, exponentBits: Int, fractionBits: Int) -> Double {
    let fraction = Double(Int(bits) & (1 << fractionBits - 1)) / Double(1 << fractionBits)
    let exponent = Int(bits) >> fractionBits & (1 << exponentBits - 1)
    let bias = 1 << (exponentBits - 1) - 1
    let magnitude =
      exponent == 0
      ? fraction * power(1 - bias) : (1 + fraction) * power(exponent - bias)
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1.0) { result, _ in exponent < 0 ? result / 2 : result * 2 }
  }

  struct Reduced: Sendable, CustomTestStringConvertible {
    let type: ElementType
    let exponentBits: Int
    let fractionBits: Int
    let infinity: UInt16
    let bits: @Sendable (Float) -> UInt16
    let value: @Sendable (UInt16) -> Float
    var testDescription: String { type.rawValue }
  }

  static let reduced = [
    Reduced(
      type: .f16, exponentBits: 5, fractionBits: 10, infinity: 0x7C00,
      bits: { HalfFloat.bits($0) }, value: { HalfFloat.value($0) }),
    Reduced(
      type: .bf16, exponentBits: 8, fractionBits: 7, infinity: 0x7F80,
      bits: { BrainFloat.bits($0) }, value: { BrainFloat.value($0) }),
  ]

  @Test(
    "Each bit pattern has the value of its definition, and becomes itself again", arguments: reduced
  )
  func values(_ reduced: Reduced) {
    for bits in UInt16.min ... .max {
      let value = reduced.value(bits)
      let magnitude = bits & 0x7FFF
      if magnitude > reduced.infinity {
        #expect(value.isNaN)
        // Quiet, with the rest of its bits.
        #expect(reduced.bits(value) == bits | 1 << UInt16(reduced.fractionBits - 1))
        continue
      }
      #expect(reduced.bits(value) == bits)
      if magnitude == reduced.infinity {
        #expect(value == (bits & 0x8000 == 0 ? .infinity : -.infinity))
      } else {
        let expected = Self.value(
          bits, exponentBits: reduced.exponentBits, fractionBits: reduced.fractionBits)
        #expect(Double(value) == expected && (value.sign == .minus) == (bits & 0x8000 != 0))
      }
    }
  }

  /// Rounding is monotone: what holds at the borders of each pattern holds for all of the 2^32 numbers.
  @Test(
    "Numbers round to the nearest pattern, and in the middle to the even one", arguments: reduced)
  func rounding(_ reduced: Reduced) {
    for bits in 0..<reduced.infinity {
      let lower = Self.value(
        bits, exponentBits: reduced.exponentBits, fractionBits: reduced.fractionBits)
      // Behind the greatest number would stand twice the one whose exponent is less by one.
      let isLast = bits + 1 == reduced.infinity
      let next =
        Self.value(
          isLast ? bits + 1 - 1 << UInt16(reduced.fractionBits) : bits + 1,
          exponentBits: reduced.exponentBits, fractionBits: reduced.fractionBits)
        * (isLast ? 2 : 1)
      let middle = Float((lower + next) / 2)
      #expect(Double(middle) == (lower + next) / 2)
      for sign: UInt16 in [0, 0x8000] {
        let signed = sign == 0 ? middle : -middle
        #expect(reduced.bits(signed) == sign | (bits & 1 == 0 ? bits : bits + 1))
        #expect(reduced.bits(sign == 0 ? middle.nextDown : -middle.nextDown) == sign | bits)
        #expect(reduced.bits(sign == 0 ? middle.nextUp : -middle.nextUp) == sign | (bits + 1))
      }
    }
  }

  @Test("The first number that a type cannot hold is told", arguments: ElementType.allCases)
  func overflow(_ type: ElementType) {
    for (value, types) in [
      (Float.infinity, ElementType.allCases), (.nan, ElementType.allCases),
      (65520, [.f16]), (-65520, [.f16]), (65519.996, []),
      (.greatestFiniteMagnitude, [.f16, .bf16]),
      (3.3e38, [.f16]),
    ] as [(Float, [ElementType])] {
      var values = [Float](repeating: 1, count: 100)
      values[71] = value
      values[90] = value
      var bytes = [UInt8](repeating: 0, count: 400)
      let place = values.withUnsafeBufferPointer { values in
        bytes.withUnsafeMutableBytes { type.encode(values, to: $0) }
      }
      #expect(place == (types.contains(type) ? 71 : nil), "\(value)")
    }
  }

  @Test("What is written is read back", arguments: ElementType.allCases)
  func roundTrip(_ type: ElementType) {
    let values: [Float] = [0, -0.0, 1, -2.5, 0.333251953125, 65504, 6.103515625e-05]
    let kept = type == .bf16 ? Array(values.prefix(4)) : values
    var bytes = [UInt8](repeating: 0, count: kept.count * type.byteCount)
    var back = [Float](repeating: 9, count: kept.count)
    let written = kept.withUnsafeBufferPointer { kept in
      bytes.withUnsafeMutableBytes { type.encode(kept, to: $0) }
    }
    let read = bytes.withUnsafeBytes { bytes in
      back.withUnsafeMutableBufferPointer { type.decode(bytes, to: $0) }
    }
    #expect(written == nil && read == nil)
    #expect(back.map(\.bitPattern) == kept.map(\.bitPattern))
  }
}
