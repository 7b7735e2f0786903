/// Puts together what a post-processor makes of one text or two: truncates them, trims their offsets,
/// and puts special tokens around each way of taking a part of each (`Encoding::merge_with` in
/// `tokenizer/encoding.rs` of Hugging Face's library, 0.23).
struct EncodingAssembly {
  /// Texts and special tokens in their order.
  let parts: [PostProcessor.Piece]
  /// Special tokens that truncation leaves room for.
  let addedCount: Int
  let truncation: Truncation?
  let keepsOverflow: Bool
  /// Whether what is cut off is of type 0. Otherwise it is of type 0 or 1 by its text, as in Hugging
  /// Face's library, where a template gives types only to what stays.
  let cutOffIsOfTypeZero: Bool

  /// - Parameters:
  ///   - texts: ids, offsets and words of each text.
  ///   - trimmings: what takes blanks out of the offsets of each; none at all: nothing.
  /// - Throws: as `Truncation.lengths` and `.parts`.
  /// - Complexity: O(ids); with overflow of both texts of a pair O(parts of one × parts of the other).
  func encoding(
    of texts: [Encoding], trimmedBy trimmings: [BlankTrimming]
  ) throws(TokenizerError) -> Encoding {
    var pieces: [[Encoding]] = []
    let lengths = try truncation?.lengths(of: texts.map(\.count), added: addedCount)
    for (index, text) in texts.enumerated() {
      var ranges = [0..<text.count]
      if let truncation, let lengths {
        ranges =
          keepsOverflow
          ? try truncation.parts(of: text.count, length: lengths[index])
          : [try truncation.kept(of: text.count, length: lengths[index])]
      }
      pieces.append(
        ranges.map { range in
          var piece = range.count == text.count ? text : text.part(range)
          if !trimmings.isEmpty { trimmings[index].trim(&piece, from: range.lowerBound) }
          return piece
        })
    }
    return assembled(pieces)
  }

  /// - Parameter pieces: of each text what stays, and then what was cut off; ids, offsets and words.
  private func assembled(_ pieces: [[Encoding]]) -> Encoding {
    var result = Encoding()
    var overflowing: [Encoding] = []
    for part in parts {
      switch part {
      case .special(_, _, let ids, let typeID):
        result.append(added: ids, typeID: typeID)
        for index in overflowing.indices {
          overflowing[index].append(added: ids, typeID: typeID)
        }
      case .sequence(let text, let typeID):
        let (kept, rest) = (pieces[text][0], pieces[text].dropFirst())
        let restType = cutOffIsOfTypeZero ? 0 : UInt32(text)
        var ways: [Encoding] = []
        for way in overflowing {
          ways.append(way.followed(by: kept, text, typeID))
          for piece in rest { ways.append(way.followed(by: piece, text, restType)) }
        }
        for piece in rest { ways.append(result.followed(by: piece, text, restType)) }
        overflowing = ways
        result.append(kept, typeID: typeID, sequence: text)
      }
    }
    result.overflowing = overflowing
    return result
  }
}

extension Encoding {
  /// Ids, offsets and words of a part.
  fileprivate func part(_ range: Range<Int>) -> Encoding {
    var part = Encoding()
    part.ids = Array(ids[range])
    part.offsets = Array(offsets[range])
    part.wordIndices = Array(wordIndices[range])
    return part
  }

  fileprivate func followed(by piece: Encoding, _ text: Int, _ typeID: UInt32) -> Encoding {
    var longer = self
    longer.append(piece, typeID: typeID, sequence: text)
    return longer
  }
}
