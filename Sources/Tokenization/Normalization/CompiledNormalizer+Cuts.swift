/// Where documents may be cut before they are normalized.
extension CompiledNormalizer {
  /// Whether the stretches before and after a place, normalized apart, are the stretches of the
  /// whole normalized, with the two characters beside the place as they were.
  ///
  /// - Parameters:
  ///   - before: where the well-formed character that ends at `place` begins.
  ///   - after: where the well-formed character that begins at `place` ends; the one behind it is
  ///     readable, unless the text ends there.
  public func allowsCut(
    in text: UnsafePointer<UInt8>, count: Int, before: Int, place: Int, after: Int
  ) -> Bool {
    let last = UnsafeBufferPointer(start: text + before, count: place - before)
    let first = UnsafeBufferPointer(start: text + place, count: after - place)
    return steps.allSatisfy { step in
      switch step {
      case .table(let table):
        guard table.isStarter(at: text + before, readable: count - before) else { return false }
        if table.isInert(at: text + place, readable: count - place) { return true }
        // What follows the first character is still as in the text only before the first step.
        return steps.count == 1 && table.isStarter(at: text + place, readable: count - place)
          && (after == count || table.hasBoundary(before: text + after, readable: count - after))
      case .strip: return !WhiteSpace.isAll(last) && !WhiteSpace.isAll(first)
      case .replace(let replacement):
        return !replacement.text.contains(last) && !replacement.text.contains(first)
      // A match may reach any distance.
      case .replaceMatches: return false
      case .prepend: return true
      case .byteLevel: return ByteAlphabet.isOwnSpelling(last) && ByteAlphabet.isOwnSpelling(first)
      case .sentencePiece(let normalizer): return normalizer.allowsCut(between: last, and: first)
      case .precompiled(let normalizer): return normalizer.allowsCut(between: last, and: first)
      }
    }
  }

  /// Whether a line feed stays and parts what stands around it, so that lines may be normalized
  /// together though each is a document.
  public var partsAtLineFeeds: Bool {
    let lineFeed = UInt8(ascii: "\n")
    return steps.allSatisfy { step in
      switch step {
      case .table(let table): withUnsafePointer(to: lineFeed) { table.isInert(at: $0, readable: 1) }
      case .replace(let replacement):
        !replacement.text.contains(lineFeed) && !replacement.replacement.contains(lineFeed)
      case .replaceMatches, .strip, .prepend, .byteLevel, .sentencePiece, .precompiled: false
      }
    }
  }
}

extension [UInt8] {
  /// Whether the bytes of a character occur in a row.
  fileprivate func contains(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    count >= character.count
      && (0...count - character.count).contains { start in
        self[start..<start + character.count].elementsEqual(character)
      }
  }
}

extension WhiteSpace {
  fileprivate static func isAll(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    trimmed(character, left: true, right: false).isEmpty
  }
}

extension ByteAlphabet {
  /// Whether a character is spelled by itself.
  fileprivate static func isOwnSpelling(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    spelling(of: character).elementsEqual(character)
  }
}
