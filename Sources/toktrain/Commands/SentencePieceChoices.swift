import Primitives
import Tokenization
import TokenizerTraining

/// What the trainers that follow SentencePiece can be asked for, with its defaults.
struct SentencePieceChoices: Equatable {
  var characterCoverage = 0.9995
  var maximumPieceLength = 16
  var splitsByScript = true
  var splitsByNumber = true
  var splitsByWhitespace = true
  var splitsDigits = false
  var putsSpacesBehindWords = false
  var allowsWhitespaceOnly = false
  var fallsBackToBytes = false
  var addsDummyPrefix = true
  var removesExtraSpaces = true
  var userSymbols: [[UInt8]] = []
  var controlSymbols: [[UInt8]] = []
  var requiredCharacters: String?
  var unknownID = 0
  var beginID = 1
  var endID = 2
  var paddingID = -1
  var unknownPiece = "<unk>"
  var beginPiece = "<s>"
  var endPiece = "</s>"
  var paddingPiece = "<pad>"
  var maximumLineBytes: Int?
  var compatibility: Compatibility?

  /// Whose rules hold where ours lose less.
  enum Compatibility: String, CaseIterable {
    case sentencepiece
  }

  /// Bytes of a line that SentencePiece still reads.
  private static let usualLineBytes = 4192

  func options(
    vocabularySize: Int, _ choices: TrainerChoices
  ) throws(Failure) -> SentencePieceOptions {
    var options = SentencePieceOptions()
    options.vocabularySize = vocabularySize
    options.normalization = SentencePieceNormalization(try Self.rules(choices.normalization))
    options.normalization.addsDummyPrefix = addsDummyPrefix
    options.normalization.removesExtraSpaces = removesExtraSpaces
    options.normalization.putsSpacesBehindWords = putsSpacesBehindWords
    options.characterCoverage = characterCoverage
    options.requiredCharacters = (requiredCharacters ?? "").unicodeScalars.map(\.value)
    options.metaPieces.unknown = MetaPieces.Fixed(
      unknownPiece, id: unknownID < 0 ? nil : unknownID)
    options.metaPieces.begin = MetaPieces.Fixed(beginPiece, id: beginID < 0 ? nil : beginID)
    options.metaPieces.end = MetaPieces.Fixed(endPiece, id: endID < 0 ? nil : endID)
    options.metaPieces.padding = MetaPieces.Fixed(
      paddingPiece, id: paddingID < 0 ? nil : paddingID)
    options.metaPieces.control = controlSymbols
    options.metaPieces.userDefined = userSymbols
    options.metaPieces.fallsBackToBytes = fallsBackToBytes
    options.pieces.cuts = SentencePieceCuts(
      whitespace: !splitsByWhitespace ? .free : putsSpacesBehindWords ? .ends : .begins,
      splitsScripts: splitsByScript, splitsNumbers: splitsByNumber, splitsDigits: splitsDigits)
    options.pieces.maximumLength = maximumPieceLength
    options.pieces.allowsWhitespaceOnly = allowsWhitespaceOnly
    options.pieces.putsSpacesBehindWords = putsSpacesBehindWords
    options.maximumSentenceBytes = maximumLineBytes
    options.sample = choices.sample
    if compatibility == .sentencepiece {
      options.maximumSentenceBytes = maximumLineBytes ?? Self.usualLineBytes
      options.skipsReservedCharacter = true
    }
    return options
  }

  /// One set of rules: by a name, from a file, or none.
  private static func rules(
    _ choice: NormalizationChoice?
  ) throws(Failure) -> SentencePieceNormalization.Rules {
    let steps = try (choice ?? .steps([.sentencePiece(.rulesOnly(.named(.nmtNFKC)))]))
      .normalizer(.current).steps
    switch (steps.count, steps.first) {
    case (0, _): return .named(.identity)
    // The name is SentencePiece's here.
    case (1, .form(.nfkc)): return .named(.nfkc)
    case (1, .sentencePiece(let normalization)): return normalization.rules
    default:
      throw UsageError.conflict(
        "--normalization: pieces take one set of rules: nmt_nfkc, nfkc, nmt_nfkc_cf, nfkc_cf, "
          + "identity or rules:FILE"
      ).failure
    }
  }
}

/// A command that trains pieces.
protocol PieceTrainerCommand: TrainerCommand {
  var pieces: SentencePieceChoices { get set }
}

extension Option where C: PieceTrainerCommand {
  /// What may be a piece, and which pieces there are besides. SentencePiece's own spellings are
  /// understood, too.
  static var pieces: [Option] {
    validity + cutsAtBlanks + symbols + fixedPieces + sentences
  }

  /// What decides which words there are.
  static var sentenceText: [Option] { cutsAtBlanks + sentences }

  private static var cutsAtBlanks: [Option] {
    [
      .toggle(
        "split-by-whitespace", \.pieces.splitsByWhitespace,
        "keep words apart (default true)",
        detail: "Without it a line is a word; memory then follows the corpus."),
      .toggle(
        "whitespace-suffix", \.pieces.putsSpacesBehindWords,
        "put the mark of a blank behind words (default false)"
      ).also("treat_whitespace_as_suffix"),
      .toggle(
        "allow-whitespace-only", \.pieces.allowsWhitespaceOnly,
        "let blanks alone be pieces (default false)"
      ).also("allow_whitespace_only_pieces"),
      .toggle(
        "dummy-prefix", \.pieces.addsDummyPrefix, "put a blank before a text (default true)"
      ).also("add_dummy_prefix"),
      .toggle(
        "remove-extra-whitespace", \.pieces.removesExtraSpaces,
        "trim a text, and make one of several blanks (default true)"
      ).also("remove_extra_whitespaces"),
    ]
  }

  private static var validity: [Option] {
    [
      .value(
        "character-coverage", \.pieces.characterCoverage, .fraction(0.98...1),
        "part of the text whose characters get a piece (default 0.9995)"),
      .value(
        "max-piece-length", \.pieces.maximumPieceLength, .number(1...512),
        "longest piece, in characters (default 16)"
      ).also("max_sentencepiece_length"),
      .toggle(
        "split-by-script", \.pieces.splitsByScript, "keep scripts apart (default true)",
        detail: "Kana count as Han. Signs and digits are a script of their own."
      ).also("split_by_unicode_script"),
      .toggle(
        "split-by-number", \.pieces.splitsByNumber, "keep digits and letters apart (default true)"),
      .toggle("split-digits", \.pieces.splitsDigits, "make each digit a piece (default false)"),
    ]
  }

  private static var symbols: [Option] {
    [
      .toggle(
        "byte-fallback", \.pieces.fallsBackToBytes,
        "have 256 pieces for bytes of rare characters (default false)"),
      .list(
        "user-symbol", \.pieces.userSymbols, .utf8("TEXT"),
        "a piece that is taken from text wherever it stands (repeatable)"),
      .list(
        "control-symbol", \.pieces.controlSymbols, .utf8("TEXT"),
        "a piece that is never taken from text (repeatable)"),
      .joined("user_defined_symbols", \.pieces.userSymbols, "several user symbols"),
      .joined("control_symbols", \.pieces.controlSymbols, "several control symbols"),
      .optional(
        "required-chars", \.pieces.requiredCharacters, .text("TEXT"),
        "characters that get a piece however rare they are"),
    ]
  }

  private static var fixedPieces: [Option] {
    [
      .value("unk-id", \.pieces.unknownID, .id, "id of the unknown piece (default 0)"),
      .value("bos-id", \.pieces.beginID, .id, "id of the piece before texts (default 1; -1: none)"),
      .value("eos-id", \.pieces.endID, .id, "id of the piece behind texts (default 2; -1: none)"),
      .value("pad-id", \.pieces.paddingID, .id, "id of the padding piece (default -1: none)"),
      .value("unk-piece", \.pieces.unknownPiece, .text("TEXT"), "its text (default <unk>)"),
      .value("bos-piece", \.pieces.beginPiece, .text("TEXT"), "its text (default <s>)"),
      .value("eos-piece", \.pieces.endPiece, .text("TEXT"), "its text (default </s>)"),
      .value("pad-piece", \.pieces.paddingPiece, .text("TEXT"), "its text (default <pad>)"),
    ]
  }

  private static var sentences: [Option] {
    [
      .optional(
        "max-line-bytes", \.pieces.maximumLineBytes, .number(1...Int(Int32.max)),
        "leave out longer lines (default: none)",
        detail: "What is left out is counted and said."
      ).also("max_sentence_length"),
      .optional(
        "compat", \.pieces.compatibility, .choice("LIBRARY"), "keep to all rules of a library",
        detail: "sentencepiece: lines of more than 4192 bytes, or with U+2585 in them, are left "
          + "out, as SentencePiece does."),
    ]
  }

  /// Several texts between commas, as SentencePiece takes them; not listed in help.
  private static func joined(
    _ name: String, _ field: OptionField<C, [[UInt8]]>, _ summary: String
  ) -> Option {
    Option(
      name: name, letter: nil, placeholder: "LIST", summary: summary, detail: nil, choices: [],
      listing: .nowhere
    ) { (command, word) throws(UsageError) in
      let texts = (word?.bytes ?? []).split(separator: UInt8(ascii: ","))
      guard texts.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else {
        throw .badValue(
          option: "--\(name)", value: word?.shown ?? "", expected: "texts in UTF-8 and commas",
          suggestion: nil)
      }
      command[keyPath: field] += texts.map(Array.init)
    }
  }
}

extension ValueKind where Value == Int {
  /// An id, or -1 for none.
  fileprivate static var id: ValueKind {
    ValueKind("ID", expected: "an id, or -1") { word in
      guard let text = word.text, let id = Int(text), id >= -1, id <= Int(Int32.max) else {
        return nil
      }
      return id
    }
  }
}

extension ValueKind where Value == Double {
  /// A decimal number within a range.
  static func fraction(_ range: ClosedRange<Double>) -> ValueKind {
    ValueKind("X", expected: "a number from \(range.lowerBound) to \(range.upperBound)") { word in
      guard let text = word.text, let number = Double(text), range.contains(number) else {
        return nil
      }
      return number
    }
  }
}
