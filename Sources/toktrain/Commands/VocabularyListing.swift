import Primitives
import Tokenization

/// A vocabulary for a person to look at. Nothing in it can act on a terminal.
struct VocabularyListing {
  private static let rowLength = 10
  private static let pageLength = 200
  /// Characters of a token that are shown.
  private static let shownLength = 60

  private let tokenizer: Tokenizer

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// At least 1, so that an empty vocabulary has a page to show.
  var pageCount: Int { max(1, (tokenizer.idCount + Self.pageLength - 1) / Self.pageLength) }

  /// What there is to say of the model in a word or two.
  var facts: [(name: String, value: String)] {
    let special = tokenizer.specialTokens.filter(\.isSpecial).count
    let added = tokenizer.specialTokens.count - special
    var facts = [("model", modelName), ("tokens", Figures.grouped(tokenizer.idCount))]
    switch tokenizer.model {
    case .bpe(let model): facts.append(("merges", Figures.grouped(model.merges.count)))
    case .unigram(let model):
      let unknown = model.unknownID.flatMap { model.vocabulary[$0] }
      facts.append(("unknown", unknown.map { VisibleText.token($0) } ?? "none"))
    case .wordLevel(let model):
      facts.append(("unknown", VisibleText.token(model.unknownToken[...])))
    case .wordPiece(let model):
      facts.append(("unknown", VisibleText.token(model.unknownToken[...])))
      facts.append(("going on", VisibleText.token(model.continuingPrefix[...])))
      facts.append(("longest word", Figures.counted(model.longestWord, "character")))
    }
    facts.append(("normalization", normalization))
    facts.append(("cut by", pattern))
    facts.append(("special", special == 0 ? "none" : Figures.grouped(special)))
    if added > 0 { facts.append(("added", Figures.grouped(added))) }
    for token in tokenizer.specialTokens.prefix(20) {
      facts.append(("", "\(token.id) \(shown(token.id))"))
    }
    let hidden = tokenizer.specialTokens.count - 20
    if hidden > 0 { facts.append(("", "and \(Figures.grouped(hidden)) more")) }
    return facts
  }

  /// The tokens of most bytes: id, bytes, token.
  func longest(_ count: Int) -> [String] {
    let lengths = (0..<tokenizer.idCount).map { tokenizer.bytes(of: TokenID($0))?.count ?? 0 }
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    return order.prefix(count).map { row in
      "\(padded(row))  \(Figures.counted(lengths[row], "byte"))  \(shown(TokenID(row)))"
    }
  }

  /// Rows of ten tokens, with the id of the first in front.
  func rows(ofPage page: Int) -> [String] {
    let first = (page - 1) * Self.pageLength
    let ids = first..<min(first + Self.pageLength, tokenizer.idCount)
    return stride(from: ids.lowerBound, to: ids.upperBound, by: Self.rowLength).map { start in
      let row = start..<min(start + Self.rowLength, ids.upperBound)
      return padded(start) + row.map { "  " + shown(TokenID($0)) }.joined()
    }
  }

  private var modelName: String {
    switch tokenizer.model {
    case .bpe(let model): model.base == .bytes ? "byte-level BPE" : "BPE of characters"
    case .unigram: "Unigram"
    case .wordPiece: "WordPiece"
    case .wordLevel: "whole words"
    }
  }

  private var normalization: String {
    let names = tokenizer.normalizer.steps.map(\.name)
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private var pattern: String {
    let texts = tokenizer.preTokenizer.steps.flatMap { description(of: $0) }
    return texts.isEmpty ? "nothing: a document is whole" : texts.joined(separator: ", then ")
  }

  private func description(of step: PreTokenizer.Step) -> [String] {
    switch step {
    case .split(let delimiter, let behavior, let inverts):
      let text =
        switch delimiter {
        case .pattern(let pattern): name(of: pattern) ?? VisibleText.message(pattern.text)
        case .text(let text): "the text " + VisibleText.token(text[...])
        }
      let kind =
        behavior == .isolated ? "" : " (\(behavior.rawValue)\(inverts ? ", inverted" : ""))"
      return [text + kind]
    case .byteLevel(let settings):
      return (settings.addsPrefixSpace ? ["a blank put first"] : [])
        + (settings.usesPattern ? ["gpt2"] : [])
    case .metaspace(let settings): return [settings.splits ? "blanks" : "nothing at blanks"]
    case .bert: return ["whitespace and punctuation, as BERT"]
    case .whitespace: return ["words and signs"]
    case .whitespaceSplit: return ["whitespace"]
    case .punctuation(let behavior): return ["punctuation (\(behavior.rawValue))"]
    case .digits(let individually): return [individually ? "each digit" : "runs of digits"]
    case .unicodeScripts: return ["scripts"]
    case .characterDelimiter(let character):
      return ["the character U+" + String(character, radix: 16, uppercase: true)]
    case .sentencePiece: return ["what SentencePiece's trainers keep apart"]
    case .fixedLength(let length): return ["every \(length) characters"]
    }
  }

  /// What `--pattern` calls it; files carry the form that Hugging Face's engine reads.
  private func name(of pattern: SplitPattern) -> String? {
    NamedPattern.allCases.first { named in
      named.pattern == pattern
        || pattern.dialect == .huggingFace && named.huggingFaceText == pattern.text
    }?.rawValue
  }

  /// A token in a line; a long one is cut.
  func shown(_ id: TokenID) -> String {
    guard let bytes = tokenizer.bytes(of: id) else { return "(no token)" }
    let text = VisibleText.token(bytes)
    return text.count > Self.shownLength ? text.prefix(Self.shownLength) + "…" : text
  }

  private func padded(_ id: Int) -> String {
    let width = String(max(0, tokenizer.idCount - 1)).count
    let digits = String(id)
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
  }
}
