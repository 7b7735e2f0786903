/// Places in texts where a pre-tokenizer cuts whatever stands around them.
struct CertainCuts {
  private let preTokenizer: CompiledPreTokenizer
  /// Characters that are always pieces of their own.
  private let isolated: CodePointSet
  private let isolatesIdeographs: Bool

  /// `nil` where tokens are not texts as they are cut: a later step may join or change what an earlier
  /// one has cut.
  init?(_ compiled: CompiledTokenizer) {
    let steps = compiled.tokenizer.preTokenizer.steps
    for (index, step) in steps.enumerated() {
      switch step {
      case .metaspace:
        guard steps.count == 1 else { return nil }
      case .byteLevel(let settings):
        guard compiled.tokenizer.model.holdsBytes, index == steps.count - 1,
          !settings.addsPrefixSpace || steps.count == 1
        else { return nil }
      default: break
      }
    }
    preTokenizer = compiled.preTokenizer
    isolated = steps.reduce(.empty) { set, step in
      switch step {
      case .bert, .punctuation(.isolated): set.union(.punctuation)
      case .digits(individually: true): set.union(.numeric)
      default: set
      }
    }
    isolatesIdeographs = Self.isolatesIdeographs(compiled.tokenizer)
  }

  /// BERT puts blanks around ideographs, at which words end.
  private static func isolatesIdeographs(_ tokenizer: Tokenizer) -> Bool {
    switch tokenizer.preTokenizer.steps.first {
    case .bert, .whitespace, .whitespaceSplit: break
    default: return false
    }
    if case .bert(let cleaning) = tokenizer.normalizer.steps.last {
      return cleaning.spacesIdeographs
    }
    return false
  }

  /// Whether no piece has a text in it, since a cut goes through it.
  ///
  /// Bytes at its ends that are only parts of characters are not looked at.
  func separate(_ text: ArraySlice<UInt8>) -> Bool {
    let whole = WholeCharacters.inside(text)
    guard whole.count > 1 else { return false }
    let scalars = WholeCharacters.scalars(of: whole)
    guard !scalars.isEmpty else { return false }
    if scalars.count > 1 && scalars.contains(where: isIsolated) { return true }
    let padded = Array(whole) + [UInt8](repeating: 0, count: PieceCutter.padding)
    return padded.withUnsafeBufferPointer { padded in
      padded.baseAddress.map {
        preTokenizer.nextCut(in: $0, count: whole.count, from: 1, to: whole.count) != nil
      } ?? false
    }
  }

  /// Whether a text can only begin a piece.
  func isolatesFirst(of text: ArraySlice<UInt8>) -> Bool {
    WholeCharacters.scalars(of: text).first.map(isIsolated) ?? false
  }

  private func isIsolated(_ scalar: UInt32) -> Bool {
    isolated.contains(scalar) || isolatesIdeographs && CharacterMap.isIdeograph(scalar)
  }
}

/// The part of a token that is text by itself.
enum WholeCharacters {
  /// A token without the bytes at its ends that belong to characters that reach beyond it.
  static func inside(_ token: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let text = token.drop { $0 & 0xC0 == 0x80 }
    return text.withUnsafeBufferPointer { text.prefix(UTF8Decoding.completeEnd(of: $0)) }
  }

  /// Its characters; none where it is not UTF-8.
  static func scalars(of text: ArraySlice<UInt8>) -> [UInt32] {
    String(validating: text, as: UTF8.self)?.unicodeScalars.map(\.value) ?? []
  }
}
