import Primitives

/// How wide a symbol is: `UInt16` where the vocabulary allows, `UInt32` otherwise.
typealias SymbolInteger = FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable

/// Words as one row of symbols with a separator before, between and after them, merged in place.
///
/// First and last slot of a token hold its id, so the neighbours of a token at `p` are
/// `symbols[p - 1]` and `symbols[p + length]`. Slots never move: positions stay good for ever.
struct SymbolSequence<Symbol: SymbolInteger>: ~Copyable {
  /// A weight below this stands in `blocks` itself.
  static var mixedBit: UInt32 { 1 << 31 }
  static var blockShift: Int { 5 }

  let symbols: PageBuffer<Symbol>
  /// Weight by 32 positions: the count of all words there, or the mixed bit and a row of `mixed`.
  let blocks: PageBuffer<UInt32>
  /// Weights by position for blocks where words of several counts meet, 32 a row.
  private(set) var mixed: [UInt64] = []
  /// Slots in use, separators included.
  private(set) var count = 0
  let separator: Symbol

  /// The same words in wider symbols, those that are no token renamed; `nil` without memory.
  consuming func widened(separator wide: UInt32) -> SymbolSequence<UInt32>? {
    guard let symbols = PageBuffer<UInt32>(count: self.symbols.count) else { return nil }
    let shift = wide - UInt32(separator)
    for slot in 0..<count {
      let symbol = UInt32(self.symbols[slot])
      symbols[slot] = symbol < UInt32(separator) ? symbol : symbol + shift
    }
    return SymbolSequence<UInt32>(
      symbols: symbols, blocks: blocks, mixed: mixed, count: count, separator: wide)
  }

  /// Adds one symbol of the word that stands at the end.
  @inline(__always)
  mutating func append(_ symbol: Symbol) {
    symbols[count] = symbol
    count &+= 1
  }

  /// Ends the word that began at `start` and occurs `weight` times.
  mutating func endWord(from start: Int, weight: UInt64) {
    append(separator)
    let first = start >> Self.blockShift
    let last = (count - 1) >> Self.blockShift
    var block = first
    while block <= last {
      let blockStart = block << Self.blockShift
      // The slot before a word is a separator, whose weight is never asked for.
      let isFresh = start <= max(1, blockStart + 1)
      setWeight(weight, block: block, from: max(start, blockStart), isFresh: isFresh)
      block += 1
    }
  }

  private mutating func setWeight(_ weight: UInt64, block: Int, from start: Int, isFresh: Bool) {
    let known = blocks[block]
    if isFresh && weight < UInt64(Self.mixedBit) {
      blocks[block] = UInt32(weight)
      return
    }
    if !isFresh && known & Self.mixedBit == 0 && UInt64(known) == weight { return }
    var row = Int(known & ~Self.mixedBit) << Self.blockShift
    if isFresh || known & Self.mixedBit == 0 {
      row = mixed.count
      mixed.append(contentsOf: repeatElement(isFresh ? weight : UInt64(known), count: 32))
      blocks[block] = Self.mixedBit | UInt32(row >> Self.blockShift)
    }
    var slot = start & 31
    while slot < 32 {
      mixed[row + slot] = weight
      slot += 1
    }
  }
}

extension SymbolSequence {
  /// Room for words of so many slots, separators included; `nil` without memory.
  init?(capacity: Int, separator: Symbol) {
    guard let symbols = PageBuffer<Symbol>(count: capacity + 1),
      let blocks = PageBuffer<UInt32>(count: capacity >> Self.blockShift + 2)
    else { return nil }
    symbols[0] = separator
    self.init(symbols: symbols, blocks: blocks, count: 1, separator: separator)
  }
}
