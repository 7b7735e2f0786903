/// The rank of each pair that a merge joins: what loops look at of a `MergeTable`, and valid as long
/// as that lives.
///
/// A slot is one word with pair and rank, so that the table of a usual vocabulary nearly fits into the
/// second-level cache: most of the time of a new word goes into waiting for its lines.
struct MergeRanks: BitwiseCopyable {
  /// The rank of a pair that no merge joins: above all others.
  static let none = UInt32.max

  /// Rank in the low bits, above them the pair and 1; 0 where the slot is free. A power of two, four
  /// fifths of them in use at most.
  let slots: UnsafeMutablePointer<UInt64>
  /// By slot, where pair and rank do not fit into one; else `nil`.
  let otherRanks: UnsafeMutablePointer<UInt32>?
  /// A bit for each id that some merge has on its left, and on its right: many tokens have neither.
  let lefts: UnsafeMutablePointer<UInt8>
  let rights: UnsafeMutablePointer<UInt8>
  /// By rank, what the merge makes.
  let results: UnsafeMutablePointer<TokenID>
  /// What the first merge makes, if each makes the id that follows that of the one before.
  var firstResult: TokenID?
  /// Ids in merges are below 2^`idBits`; a pair takes twice `pairBits`.
  let idBits: UInt32
  let pairBits: UInt64
  let rankBits: UInt64
  let slotShift: UInt64
  let slotMask: Int

  /// The rank of a pair's merge, or `none`: the smallest is merged first.
  @inline(__always)
  func rank(left: TokenID, right: TokenID) -> UInt32 {
    // Ids above those of all merges would look like another pair.
    if ((left | right) &>> (idBits &- 1)) &>> 1 != 0 { return Self.none }
    if (Self.bit(left, of: lefts) & Self.bit(right, of: rights)) == 0 { return Self.none }
    let wanted = pair(left, right) &+ 1
    var index = Int(truncatingIfNeeded: Self.hash(of: wanted &- 1) &>> slotShift)
    while true {
      let slot = slots[index]
      if slot &>> rankBits == wanted {
        if let otherRanks { return otherRanks[index] }
        return UInt32(truncatingIfNeeded: slot & (1 &<< rankBits &- 1))
      }
      if slot == 0 { return Self.none }
      index = (index &+ 1) & slotMask
    }
  }

  /// The token that the merge of a rank makes.
  @inline(__always)
  func result(of rank: UInt32) -> TokenID {
    if let firstResult { return firstResult &+ rank }
    return results[Int(rank)]
  }

  /// Where the search for a pair begins.
  @inline(__always)
  func home(left: TokenID, right: TokenID) -> UnsafeMutablePointer<UInt64> {
    slots + Int(truncatingIfNeeded: Self.hash(of: pair(left, right)) &>> slotShift)
  }

  /// Adds a pair, or gives another rank to one.
  func insert(left: TokenID, right: TokenID, rank: UInt32) {
    let pair = self.pair(left, right)
    var index = Int(truncatingIfNeeded: Self.hash(of: pair) &>> slotShift)
    while slots[index] != 0 && slots[index] >> rankBits != pair + 1 {
      index = (index + 1) & slotMask
    }
    if let otherRanks {
      slots[index] = pair + 1
      otherRanks[index] = rank
    } else {
      slots[index] = (pair + 1) << rankBits | UInt64(rank)
    }
    lefts[Int(left >> 3)] |= 1 << UInt8(left & 7)
    rights[Int(right >> 3)] |= 1 << UInt8(right & 7)
  }

  @inline(__always)
  private static func bit(_ id: TokenID, of bits: UnsafeMutablePointer<UInt8>) -> UInt8 {
    bits[Int(id &>> 3)] &>> UInt8(truncatingIfNeeded: id & 7) & 1
  }

  @inline(__always)
  private func pair(_ left: TokenID, _ right: TokenID) -> UInt64 {
    UInt64(left) &<< pairBits | UInt64(right)
  }

  @inline(__always)
  private static func hash(of pair: UInt64) -> UInt64 { pair &* 0x9E37_79B9_7F4A_7C15 }
}
