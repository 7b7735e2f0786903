import Primitives
import Tokenization

/// What comes out of looking into a model: which of its tokens text can become, what it can spell, and
/// whether text comes back.
struct ModelFindings {
  private let tokenizer: Tokenizer
  private let listing: VocabularyListing
  /// Tokens of a kind that are listed.
  private let shownCount: Int

  init(_ tokenizer: Tokenizer, shownCount: Int) {
    self.tokenizer = tokenizer
    self.shownCount = shownCount
    listing = VocabularyListing(tokenizer)
  }

  var facts: [(name: String, value: String)] {
    reachFacts + duplicateFacts + [
      ("bytes", bytes), ("unicode", unicode), ("lossless", losslessness),
    ]
  }

  private var reachFacts: [(name: String, value: String)] {
    let reach: VocabularyReach
    do throws(TokenizerError) {
      reach = try VocabularyReach(CompiledTokenizer(tokenizer))
    } catch {
      return [("unreachable", "not known: \(VisibleText.message(error.description))")]
    }
    var facts = [("reachable", Figures.grouped(reach.reachedCount))]
    facts += list("unreachable", reach.unreachable)
    if !reach.doubtful.isEmpty { facts += list("in doubt", reach.doubtful) }
    return facts
  }

  /// A count, and the first of the tokens below.
  private func list(_ name: String, _ ids: [TokenID]) -> [(name: String, value: String)] {
    guard !ids.isEmpty else { return [(name, "none")] }
    let shown = ids.prefix(shownCount).map { ("", "\($0) \(listing.shown($0))") }
    return [(name, Figures.grouped(ids.count))] + shown + more(ids.count)
  }

  private var duplicateFacts: [(name: String, value: String)] {
    let pairs = DuplicateTokens.pairs(of: tokenizer)
    guard !pairs.isEmpty else { return [("duplicates", "none")] }
    let shown = pairs.prefix(shownCount).map { pair in
      ("", "\(pair.second) \(listing.shown(pair.second)), as \(pair.first)")
    }
    return [("duplicates", Figures.grouped(pairs.count))] + shown + more(pairs.count)
  }

  private func more(_ count: Int) -> [(name: String, value: String)] {
    count > shownCount ? [("", "and \(Figures.grouped(count - shownCount)) more")] : []
  }

  private var bytes: String {
    let coverage = ByteCoverage(tokenizer.model)
    let characters = Figures.counted(coverage.characterCount, "character")
    if coverage.coversAllBytes { return "all 256" }
    if coverage.coversUTF8 { return "\(coverage.bytes.count) of 256: all of UTF-8" }
    if coverage.bytes.isEmpty { return "none: \(characters) have tokens, others are unknown" }
    return "\(coverage.bytes.count) of 256: not all of UTF-8"
  }

  private var unicode: String {
    let patterns = "\(UnicodeClasses.version) (patterns)"
    let steps = tokenizer.normalizer.steps
    if steps.isEmpty { return patterns }
    let ownRules = steps.allSatisfy {
      switch $0 {
      case .sentencePiece, .precompiled: true
      default: false
      }
    }
    if ownRules { return "the file's own rules (normalization), " + patterns }
    switch tokenizer.normalizer.unicode {
    case .huggingFace: return "9.0, Hugging Face's (normalization), " + patterns
    case .current:
      return "\(UnicodeLibrary.unicodeVersion), ICU \(UnicodeLibrary.icuVersion)'s "
        + "(normalization), " + patterns
    }
  }

  private var losslessness: String {
    let obstacles = Losslessness(tokenizer).obstacles
    if obstacles.isEmpty { return "yes: every string of bytes comes back" }
    return "no: " + obstacles.map(Self.text).joined(separator: "; ")
  }

  private static func text(_ obstacle: Losslessness.Obstacle) -> String {
    switch obstacle {
    case .normalization: "normalization changes text"
    case .blankMark: "the mark of a blank becomes one"
    case .prefixBlank: "a blank is put before texts"
    case .droppedText: "what stands between pre-tokens is dropped"
    case .unknownText: "some text has no token"
    case .guessedBlanks: "the decoder guesses blanks"
    case .decoding: "the decoder changes tokens"
    case .addedWords: "added words change what is around them"
    case .otherBytes: "bytes that are not UTF-8 are replaced"
    case .merges: "merges do not join texts"
    }
  }
}
