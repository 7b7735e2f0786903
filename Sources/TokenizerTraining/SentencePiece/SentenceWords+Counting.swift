import NativeBridges
import Tokenization

/// From counted words to those that pieces are learned from.
extension SentenceWords {
  /// - Parameters:
  ///   - counted: words as `SentenceCounter` leaves them.
  ///   - rules: what it was told.
  ///   - order: of sentences, where that matters.
  ///   - metaPieces: texts that no piece reaches into: the longest at each place from left to right
  ///     becomes one boundary.
  init(
    counted: consuming PreTokenCounts, _ rules: SentenceRules, _ order: SentenceOrder? = nil,
    metaPieces: [[UInt8]]
  ) {
    let needles = Needles(metaPieces)
    if let order, order.isComplete, rules.whitespace == .free {
      self.init(order, needles)
      return
    }
    guard rules.marksFollowers || Self.occurs(needles, in: counted) else {
      self.init(words: counted, endCounts: [])
      return
    }
    var table = WordMerging(expected: counted.wordCount, bytes: counted.bytes.count)
    var followers: [WordFollower] = []
    let hasFollowers = rules.marksFollowers && rules.whitespace == .ends
    var begin = 0
    var changed: [UInt8] = []
    counted.bytes.withUnsafeBufferPointer { bytes in
      for number in 0..<counted.wordCount {
        var end = counted.ends[number]
        let isLast = rules.marksFollowers && bytes[end - 1] == SentenceRules.endMark
        var follower: UInt32?
        if isLast {
          end -= 1
        } else if hasFollowers {
          repeat { end -= 1 } while bytes[end] & 0xC0 == 0x80
          follower = CharacterSymbols.scalar(bytes, at: end).value
        }
        let word = Self.word(begin..<end, of: bytes, needles, &changed) {
          table.add($0, counted.counts[number], endsSentence: isLast)
        }
        if let follower, let word {
          followers.append(WordFollower(word: UInt32(word), scalar: follower))
        }
        begin = counted.ends[number]
      }
    }
    var endFollowers: [WordFollower] = []
    if let order {
      endFollowers = Self.endFollowers(order) { bytes in
        Self.word(0..<bytes.count, of: bytes, needles, &changed) { table.number(of: $0) } ?? nil
      }
    }
    let (words, endCounts, numbers) = table.words()
    self.init(words: words, endCounts: rules.marksFollowers ? endCounts : [])
    for index in followers.indices {
      followers[index].word = numbers[Int(followers[index].word)]
    }
    for index in endFollowers.indices {
      endFollowers[index].word = numbers[Int(endFollowers[index].word)]
    }
    self.followers = followers
    self.endFollowers = endFollowers
    hasAllEndFollowers = order?.isComplete ?? false
  }

  /// Sentences that are not cut, one by one.
  private init(_ order: SentenceOrder, _ needles: Needles) {
    var (bytes, ends): ([UInt8], [Int]) = ([], [])
    var followers: [WordFollower] = []
    var changed: [UInt8] = []
    order.words.bytes.withUnsafeBufferPointer { text in
      for (index, number) in order.sentences.enumerated() {
        let begin = number == 0 ? 0 : order.words.ends[Int(number) - 1]
        _ = Self.word(begin..<order.words.ends[Int(number)], of: text, needles, &changed) {
          bytes += $0
        }
        ends.append(bytes.count)
        followers.append(
          WordFollower(
            word: UInt32(index), scalar: Self.character(order, behind: index)))
      }
    }
    let ones = [UInt64](repeating: 1, count: ends.count)
    self.init(words: PreTokenCounts(bytes: bytes, ends: ends, counts: ones), endCounts: ones)
    endFollowers = followers
    hasAllEndFollowers = true
    isInOrder = true
  }

  /// Calls `body` with a word, boundaries in place of the meta pieces; `nil` for an empty one.
  private static func word<Value>(
    _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>, _ needles: Needles,
    _ changed: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Value
  ) -> Value? {
    guard let base = text.baseAddress, !range.isEmpty else { return nil }
    guard needles.next(in: base, from: range.lowerBound, to: range.upperBound) != nil else {
      return body(text.extracting(range))
    }
    replace(needles, in: base, range, into: &changed)
    return changed.withUnsafeBufferPointer(body)
  }

  /// Each pair of a last word and what the sentence behind it begins with, once.
  private static func endFollowers(
    _ order: SentenceOrder, _ number: (UnsafeBufferPointer<UInt8>) -> Int?
  ) -> [WordFollower] {
    var pairs: Set<UInt64> = []
    for (index, word) in order.sentences.enumerated() {
      pairs.insert(UInt64(word) << 32 | UInt64(character(order, behind: index)))
    }
    return order.words.bytes.withUnsafeBufferPointer { bytes in
      pairs.sorted().compactMap { pair in
        let word = Int(pair >> 32)
        let begin = word == 0 ? 0 : order.words.ends[word - 1]
        guard let found = number(bytes.extracting(begin..<order.words.ends[word])) else {
          return nil
        }
        return WordFollower(
          word: UInt32(found), scalar: UInt32(truncatingIfNeeded: pair))
      }
    }
  }

  private static func character(_ order: SentenceOrder, behind sentence: Int) -> UInt32 {
    sentence + 1 < order.firstCharacters.count
      ? order.firstCharacters[sentence + 1] : WordFollower.nothing
  }

  private static func occurs(_ needles: Needles, in counted: borrowing PreTokenCounts) -> Bool {
    // Words stand side by side here: what is found may reach across two, which costs time only.
    counted.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { needles.next(in: $0, from: 0, to: bytes.count) != nil } ?? false
    }
  }

  private static func replace(
    _ needles: Needles, in text: UnsafePointer<UInt8>, _ range: Range<Int>,
    into changed: inout [UInt8]
  ) {
    changed.removeAll(keepingCapacity: true)
    var place = range.lowerBound
    while let found = needles.next(in: text, from: place, to: range.upperBound) {
      changed += UnsafeBufferPointer(start: text + place, count: found.lowerBound - place)
      changed.append(UInt8(PieceRules.boundary))
      place = found.upperBound
    }
    changed += UnsafeBufferPointer(start: text + place, count: range.upperBound - place)
  }
}
