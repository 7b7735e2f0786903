/// What is made of the ids of one text or of two: the post-processors of `tokenizer.json`.
public indirect enum PostProcessor: Sendable, Equatable {
  /// Nothing.
  case none
  /// No tokens: this step moves offsets only, if its settings say so.
  case byteLevel(ByteLevelSettings)
  /// Special tokens around one text, and around two.
  case template(Template)
  /// `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with the second text and its end of type 1.
  case bert(classifier: SpecialToken, separator: SpecialToken)
  /// `<s> A </s>`, and `<s> A </s> </s> B </s>`, all of type 0. Of `settings` only what moves offsets
  /// is used; the rest is kept for writing the file again.
  case roberta(classifier: SpecialToken, separator: SpecialToken, settings: ByteLevelSettings)
  /// One after the other, each on what the one before made.
  case sequence([PostProcessor])

  /// Sequences and special tokens in the order in which they come.
  public struct Template: Sendable, Equatable {
    /// For one text.
    public var single: [Piece]
    /// For a pair of texts.
    public var pair: [Piece]
    /// Special tokens that a file defines and neither uses, kept for writing it again.
    public var unused: [Piece]

    public init(single: [Piece], pair: [Piece], unused: [Piece] = []) {
      self.single = single
      self.pair = pair
      self.unused = unused
    }

    /// `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with the second text and its end of type 1.
    public static func bert(classifier: SpecialToken, separator: SpecialToken) -> Template {
      let single = [.token(classifier, 0), .sequence(0, typeID: 0), Piece.token(separator, 0)]
      return Template(
        single: single, pair: single + [.sequence(1, typeID: 1), .token(separator, 1)])
    }
  }

  /// A part of a template.
  public enum Piece: Sendable, Equatable {
    /// The ids of a text: 0 is the first, 1 the second.
    case sequence(Int, typeID: UInt32)
    /// Special tokens by the name that the file gives them, UTF-8.
    case special(name: [UInt8], tokens: [[UInt8]], ids: [TokenID], typeID: UInt32)

    static func token(_ token: SpecialToken, _ typeID: UInt32) -> Piece {
      .special(name: token.content, tokens: [token.content], ids: [token.id], typeID: typeID)
    }

    /// The same of another type.
    func typed(_ typeID: UInt32) -> Piece {
      switch self {
      case .sequence(let text, _): .sequence(text, typeID: typeID)
      case .special(let name, let tokens, let ids, _):
        .special(name: name, tokens: tokens, ids: ids, typeID: typeID)
      }
    }
  }

  /// Pieces around one text.
  public var single: [Piece] { pieces(isPair: false, addsSpecialTokens: true) ?? [] }

  /// What becomes of one text or of two.
  ///
  /// As in Hugging Face's library, a template orders texts and gives them types even if no special
  /// tokens are added.
  /// - Returns: `nil` where a template asks for a text that is not there, or gets more parts than two
  ///   from a processor before it.
  public func pieces(isPair: Bool, addsSpecialTokens: Bool) -> [Piece]? {
    let texts = (0..<(isPair ? 2 : 1)).map { [Piece.sequence($0, typeID: UInt32($0))] }
    return process(texts, addsSpecialTokens)?.flatMap { $0 }
  }

  /// Special tokens that truncation leaves room for: as in Hugging Face's library those of all steps in
  /// a row, whatever the steps before have made (`added_tokens`).
  func addedCount(isPair: Bool) -> Int {
    switch self {
    case .none, .byteLevel: 0
    case .template(let template): Template.addedCount(isPair ? template.pair : template.single)
    case .bert: isPair ? 3 : 2
    case .roberta: isPair ? 4 : 2
    case .sequence(let processors):
      processors.reduce(0) { $0 + $1.addedCount(isPair: isPair) }
    }
  }

  var isRoBERTa: Bool {
    switch self {
    case .none, .byteLevel, .template, .bert: false
    case .roberta: true
    case .sequence(let processors): processors.last?.isRoBERTa ?? false
    }
  }

  /// How the first step that trims offsets does so.
  var trimming: ByteLevelSettings? {
    switch self {
    case .none, .template, .bert: nil
    case .byteLevel(let settings), .roberta(_, _, let settings):
      settings.trimsOffsets ? settings : nil
    case .sequence(let processors): processors.lazy.compactMap(\.trimming).first
    }
  }

  /// `process_encodings` of Hugging Face's library, on parts in place of their ids.
  private func process(_ parts: [[Piece]], _ adds: Bool) -> [[Piece]]? {
    switch self {
    case .none, .byteLevel: return parts
    case .template(let template): return template.process(parts, adds)
    case .bert(let classifier, let separator):
      guard adds else { return parts }
      return parts.enumerated().map { index, part in
        index == 0
          ? [.token(classifier, 0)] + part + [.token(separator, 0)]
          : part + [.token(separator, 1)]
      }
    case .roberta(let classifier, let separator, _):
      return parts.enumerated().map { index, part in
        let part = part.map { $0.typed(0) }
        guard adds else { return part }
        return [.token(index == 0 ? classifier : separator, 0)] + part + [.token(separator, 0)]
      }
    case .sequence(let processors):
      return processors.reduce(parts) { parts, processor in
        parts.flatMap { processor.process($0, adds) }
      }
    }
  }
}

extension PostProcessor.Template {
  fileprivate static func addedCount(_ pieces: [PostProcessor.Piece]) -> Int {
    pieces.reduce(0) { count, piece in
      if case .special(_, _, let ids, _) = piece { count + ids.count } else { count }
    }
  }

  /// Each part of a template becomes a part of its own.
  fileprivate func process(
    _ parts: [[PostProcessor.Piece]], _ adds: Bool
  ) -> [[PostProcessor.Piece]]? {
    guard parts.count == 1 || parts.count == 2 else { return nil }
    var result: [[PostProcessor.Piece]] = []
    for piece in parts.count == 1 ? single : pair {
      switch piece {
      case .sequence(let index, let typeID):
        guard index < parts.count else { return nil }
        result.append(parts[index].map { $0.typed(typeID) })
      case .special: if adds { result.append([piece]) }
      }
    }
    return result
  }
}
