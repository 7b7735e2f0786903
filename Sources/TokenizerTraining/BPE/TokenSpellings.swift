import Tokenization

/// The bytes of tokens by id, and which strings have an id before anything is merged.
struct TokenSpellings {
  private(set) var bytes: [UInt8] = []
  /// Where each token's bytes start, by id; `nil` bytes have length 0.
  private(set) var starts: [Int] = []
  private(set) var lengths: [Int] = []
  /// Ids that strings own already (special tokens spelled like them).
  private let reserved: [[UInt8]: TokenID]

  /// Bytes at the start of a right token that the token made of two does not have.
  private let prefixLength: Int

  /// - Parameters:
  ///   - base: bytes by id for all ids given away so far; empty for those without.
  ///   - prefixLength: bytes that every token which is ever the right one begins with, and which
  ///     the token made of two does not have between them.
  init(base: [[UInt8]], reserved: [[UInt8]: TokenID], prefixLength: Int = 0) {
    self.reserved = reserved
    self.prefixLength = prefixLength
    for token in base {
      starts.append(bytes.count)
      lengths.append(token.count)
      bytes.append(contentsOf: token)
    }
  }

  var count: Int { starts.count }

  /// Takes back the tokens from an id on, and the spellings of some before it.
  mutating func limit(to count: Int, forgetting ids: [TokenID]) {
    starts.removeLast(starts.count - count)
    lengths.removeLast(lengths.count - count)
    for id in ids { lengths[Int(id)] = 0 }
  }

  /// All tokens; a hole where nothing but a special token is.
  var vocabulary: Vocabulary {
    Vocabulary(tokens: (0..<count).map { lengths[$0] == 0 ? nil : bytes(of: $0) })
  }

  func bytes(of id: Int) -> [UInt8] { Array(bytes[starts[id]..<starts[id] + lengths[id]]) }

  /// Names the token made of two others and returns its id: the next one, or the one that its string
  /// has already (Hugging Face's `word_to_id` reuse; the vocabulary then does not grow).
  mutating func merge(_ left: Int, _ right: Int) -> Int {
    let start = bytes.count
    let length = lengths[left] + lengths[right] - prefixLength
    // Slicing the array and appending it to itself would copy it whole each time.
    bytes.reserveCapacity(max(start + length, bytes.capacity < start + length ? 2 * start : 0))
    for (token, skipped) in [(left, 0), (right, prefixLength)] {
      var i = starts[token] + skipped
      let end = starts[token] + lengths[token]
      while i < end {
        bytes.append(bytes[i])
        i += 1
      }
    }
    if !reserved.isEmpty, let id = reserved[Array(bytes[start...])] {
      starts[Int(id)] = start
      lengths[Int(id)] = length
      return Int(id)
    }
    starts.append(start)
    lengths.append(length)
    return starts.count - 1
  }

  /// Whether the bytes of one token come before another's, byte by byte, a prefix first.
  func precedes(_ lhs: Int, _ rhs: Int) -> Bool {
    bytes[starts[lhs]..<starts[lhs] + lengths[lhs]]
      .lexicographicallyPrecedes(bytes[starts[rhs]..<starts[rhs] + lengths[rhs]])
  }

  /// Whether one token made of two comes before another in SentencePiece's order
  /// (`bpe_model_trainer.h`): fewer characters first, then smaller bytes.
  func joined(_ left: Int, _ right: Int, precedes other: (left: Int, right: Int)) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      let mine = Joined(bytes, starts, lengths, left, right)
      let theirs = Joined(bytes, starts, lengths, other.left, other.right)
      let characters = (mine.characterCount, theirs.characterCount)
      if characters.0 != characters.1 { return characters.0 < characters.1 }
      for index in 0..<min(mine.count, theirs.count) {
        let (a, b) = (mine[index], theirs[index])
        if a != b { return a < b }
      }
      return mine.count < theirs.count
    }
  }

  /// The bytes of two tokens as if they stood side by side.
  private struct Joined {
    let left: UnsafeBufferPointer<UInt8>
    let right: UnsafeBufferPointer<UInt8>
    var count: Int { left.count &+ right.count }

    @inline(__always)
    init(
      _ bytes: UnsafeBufferPointer<UInt8>, _ starts: [Int], _ lengths: [Int], _ left: Int,
      _ right: Int
    ) {
      self.left = bytes.extracting(starts[left]..<starts[left] + lengths[left])
      self.right = bytes.extracting(starts[right]..<starts[right] + lengths[right])
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
      index < left.count ? left[index] : right[index &- left.count]
    }

    var characterCount: Int {
      var count = 0
      for byte in left where byte & 0xC0 != 0x80 { count &+= 1 }
      for byte in right where byte & 0xC0 != 0x80 { count &+= 1 }
      return count
    }
  }
}
