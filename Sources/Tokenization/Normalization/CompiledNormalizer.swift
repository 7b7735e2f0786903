/// A normalizer in the form in which it is applied: immutable, made once, shared by all threads.
///
/// `NormalizationChain` applies it to one text after another.
public final class CompiledNormalizer: Sendable {
  enum Step: Sendable {
    case table(NormalizationTable)
    case strip(left: Bool, right: Bool)
    case replace(TextReplacement)
    case replaceMatches(MatchReplacement)
    case prepend([UInt8])
    case byteLevel
    case sentencePiece(SentencePieceNormalizer)
    case precompiled(PrecompiledNormalizer)
  }

  /// What it was made from.
  public let normalizer: Normalizer
  let steps: [Step]

  /// - Throws: for a pattern that is broken or refused, and rules that cannot be had.
  public init(_ normalizer: Normalizer) throws(TextPreparationError) {
    self.normalizer = normalizer
    let unicode = normalizer.unicode
    var steps: [Step] = []
    for step in normalizer.steps {
      switch step {
      case .form(let form): steps.append(.table(try .table(for: form, unicode: unicode)))
      case .lowercase: steps.append(try Self.map(.lower, unicode))
      // Hugging Face's library does not have it.
      case .caseFolding: steps.append(try Self.map(.fold, .current))
      case .stripAccents: steps.append(try Self.map(.stripMarks, unicode))
      case .nmt: steps.append(try Self.map(.nmt, .current))
      case .bert(let cleaning):
        let rules = CharacterMap.Rules(cleaning)
        if !rules.isEmpty { steps.append(try Self.map(rules, unicode)) }
      case .strip(let left, let right):
        if left || right { steps.append(.strip(left: left, right: right)) }
      case .replace(.text(let text), let replacement):
        if !text.isEmpty { steps.append(.replace(TextReplacement(of: text, by: replacement))) }
      case .replace(.pattern(let pattern), let replacement):
        do throws(PatternError) {
          steps.append(.replaceMatches(try MatchReplacement(of: pattern, by: replacement)))
        } catch {
          throw .pattern(error)
        }
      case .prepend(let text):
        if !text.isEmpty { steps.append(.prepend(text)) }
      case .byteLevel: steps.append(.byteLevel)
      case .sentencePiece(let normalization):
        do throws(CharsmapError) {
          steps.append(.sentencePiece(try SentencePieceNormalizer(normalization)))
        } catch {
          throw .charsmap(error)
        }
      case .precompiled(let charsmap):
        steps.append(.precompiled(PrecompiledNormalizer(charsmap)))
      }
    }
    self.steps = steps
  }

  private static func map(
    _ rules: CharacterMap.Rules, _ unicode: UnicodeData
  ) throws(TextPreparationError) -> Step {
    .table(try .table(for: CharacterMap(rules: rules, unicode: unicode)))
  }

  /// Whether text stays as it is.
  public var isIdentity: Bool { steps.isEmpty }

  /// The normalized text. Convenient for single texts: a chain keeps its caches between texts and
  /// can map offsets back.
  ///
  /// - Throws: `PatternError` where a pattern does not come to an end.
  public func normalize(_ text: [UInt8]) throws(PatternError) -> [UInt8] {
    try text.withUnsafeBufferPointer { (text) throws(PatternError) in
      let chain = NormalizationChain(self)
      return Array(try chain.normalize(text, recordingEdits: false).bytes)
    }
  }
}

extension CharacterMap.Rules {
  init(_ cleaning: Normalizer.BERTCleaning) {
    self = []
    if cleaning.cleansText { insert(.clean) }
    if cleaning.spacesIdeographs { insert(.spaceIdeographs) }
    if cleaning.stripsAccents ?? cleaning.lowercases { insert(.stripAccents) }
    if cleaning.lowercases { insert(.lower) }
  }
}
