import Primitives
import Tokenization

/// What `--normalization` says: words and files of rules, or a normalizer as `tokenizer.json` has it.
enum NormalizationChoice: Equatable {
  case parts([Part])
  case json([UInt8])

  enum Part: Equatable {
    case step(Normalizer.Step)
    /// A user's own rules: see `Charsmap.init(rules:)`.
    case rules(path: [UInt8])
  }

  static func steps(_ steps: [Normalizer.Step]) -> NormalizationChoice {
    .parts(steps.map { .step($0) })
  }

  /// The normalizer that goes by the given data; files of rules are read.
  func normalizer(_ unicode: UnicodeData) throws(Failure) -> Normalizer {
    switch self {
    case .parts(let parts):
      var normalizer = Normalizer(unicode: unicode)
      for part in parts { normalizer.steps.append(try part.step()) }
      return normalizer
    case .json(let text):
      do throws(FormatError) {
        return Normalizer(try HuggingFaceNormalizer.read(text).steps, unicode: unicode)
      } catch {
        throw UsageError.conflict("--normalization: \(error)").failure
      }
    }
  }

  /// The same, ready to be applied.
  func compiled(_ unicode: UnicodeData) throws(Failure) -> CompiledNormalizer {
    let normalizer = try normalizer(unicode)
    do throws(TextPreparationError) {
      return try CompiledNormalizer(normalizer)
    } catch {
      throw UsageError.conflict("--normalization: \(error)").failure
    }
  }
}

extension NormalizationChoice.Part {
  /// What stands before the path of a file of rules.
  private static let rulesMark = Array("rules:".utf8)

  /// - Parameter offered: the steps that words can name.
  fileprivate init?(
    _ word: ArraySlice<UInt8>, offered: [(name: String, step: Normalizer.Step)],
    takesRules: Bool
  ) {
    if takesRules, word.starts(with: Self.rulesMark), word.count > Self.rulesMark.count {
      self = .rules(path: Array(word.dropFirst(Self.rulesMark.count)))
      return
    }
    guard let step = offered.first(where: { word.elementsEqual($0.name.utf8) })?.step else {
      return nil
    }
    self = .step(step)
  }

  fileprivate func step() throws(Failure) -> Normalizer.Step {
    switch self {
    case .step(let step): return step
    case .rules(let path):
      let file = try Failure.mapping { () throws(FileError) in try WholeFile.read(path) }
      do throws(CharsmapError) {
        return .sentencePiece(.rulesOnly(.charsmap(try Charsmap(rules: file))))
      } catch {
        throw Failure(.badData, "\(VisibleText.path(path)): \(error)")
      }
    }
  }
}

extension ValueKind where Value == NormalizationChoice {
  /// Words and `rules:FILE`, joined by commas, or a JSON object.
  static var normalization: ValueKind { normalization(takesRules: true) { _ in true } }

  /// The same with the steps that a vocabulary of spelled bytes and its `tokenizer.json` can have.
  static var trainingNormalization: ValueKind {
    normalization(takesRules: false) { step in
      switch step {
      case .byteLevel, .caseFolding, .form(.nfkcCasefold), .sentencePiece: false
      default: true
      }
    }
  }

  /// SentencePiece's rules by the names that it has for them, or a user's own.
  static var pieceRules: ValueKind {
    let names = NamedCharsmap.allCases.map(\.rawValue)
    return ValueKind(
      "RULES", expected: names.joined(separator: ", ") + ", none or rules:FILE",
      choices: names + ["none", "rules:"]
    ) { word in
      if word.bytes.elementsEqual("none".utf8) { return .parts([]) }
      if let text = word.text, let name = NamedCharsmap(rawValue: text) {
        return .steps([.sentencePiece(.rulesOnly(.named(name)))])
      }
      let mark = Array("rules:".utf8)
      guard word.bytes.starts(with: mark), word.bytes.count > mark.count else { return nil }
      return .parts([.rules(path: Array(word.bytes.dropFirst(mark.count)))])
    }
  }

  private static func normalization(
    takesRules: Bool, where isOffered: (Normalizer.Step) -> Bool
  ) -> ValueKind {
    let offered = Normalizer.Step.named.filter { isOffered($0.step) }
    let names = offered.map(\.name)
    let all = names + (takesRules ? ["rules:FILE"] : [])
    return ValueKind(
      "STEPS",
      expected: "none, or steps joined by commas (\(all.joined(separator: ", "))), "
        + "or a normalizer as tokenizer.json has it",
      choices: ["none"] + names
    ) { word in
      if word.bytes.first == UInt8(ascii: "{") { return .json(word.bytes) }
      // SentencePiece's word for it.
      if word.bytes.elementsEqual("none".utf8) || word.bytes.elementsEqual("identity".utf8) {
        return .parts([])
      }
      var parts: [NormalizationChoice.Part] = []
      for word in word.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        guard
          let part = NormalizationChoice.Part(word, offered: offered, takesRules: takesRules)
        else { return nil }
        parts.append(part)
      }
      return .parts(parts)
    }
  }
}

/// What helps say of `--unicode`.
enum UnicodeHelp {
  static let detail =
    "huggingface (default): those of the tokenizers library, to whose normalizers characters "
    + "younger than Unicode 9 are unknown and stay; current: those of ICU."
}
