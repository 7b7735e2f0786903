import Primitives

/// `decoder` of `tokenizer.json`: every step of tokenizers 0.23.
enum HuggingFaceDecoder {
  private static let types = [
    "BPEDecoder", "ByteFallback", "ByteLevel", "CTC", "Fuse", "Metaspace", "Replace", "Sequence",
    "Strip", "WordPiece",
  ]

  /// Most steps, sequences among them: each costs time for every token.
  private static let mostSteps = 64

  /// - Throws: `FormatError.unknownType` for a step that does not exist, naming those that do.
  static func read(_ field: ModelField) throws(FormatError) -> Detokenizer {
    var count = 0
    return try read(field, depth: 0, &count)
  }

  private static func read(
    _ field: ModelField, depth: Int, _ count: inout Int
  ) throws(FormatError) -> Detokenizer {
    count += 1
    guard count <= mostSteps else {
      throw field.unsupported("a row of more than \(mostSteps) decoders")
    }
    let type = try field.type()
    switch type {
    case "BPEDecoder": return .bpe(suffix: try field.required("suffix").string())
    case "ByteFallback": return .byteFallback
    case "ByteLevel": return .byteLevel(try HuggingFacePreTokenizer.byteLevel(field))
    case "CTC":
      return .ctc(
        Detokenizer.CTC(
          padding: try field.required("pad_token").string(),
          wordDelimiter: try field.required("word_delimiter_token").string(),
          cleansUp: try field.required("cleanup").boolean()))
    case "Fuse": return .fuse
    case "Metaspace": return .metaspace(try HuggingFacePreTokenizer.metaspace(field))
    case "Replace": return try replacement(field)
    case "Sequence":
      guard depth < 16 else { throw field.unsupported("a sequence so deep in others") }
      var steps: [Detokenizer] = []
      for step in try field.required("decoders").fields() {
        steps.append(try read(step, depth: depth + 1, &count))
      }
      return .sequence(steps)
    case "Strip":
      return .strip(
        character: try field.required("content").scalar(),
        start: try field.required("start").count(), stop: try field.required("stop").count())
    case "WordPiece":
      return .wordPiece(
        prefix: try field.required("prefix").string(),
        cleansUp: try field.required("cleanup").boolean())
    default: throw .unknownType(field: field.path, found: type, supported: types)
    }
  }

  /// A pattern is tried here, where its place in the file is known.
  private static func replacement(_ field: ModelField) throws(FormatError) -> Detokenizer {
    let searched = try HuggingFaceNormalizer.searched(field)
    let content = try field.required("content").string()
    if case .pattern(let pattern) = searched {
      do throws(PatternError) {
        _ = try MatchReplacement(of: pattern, by: content)
      } catch {
        throw .pattern(field: "\(field.path).pattern", error)
      }
    }
    return .replace(searched, replacement: content)
  }

  /// The decoder as files can say it.
  static func writable(_ tokenizer: Tokenizer) -> Detokenizer {
    guard case .sentencePiece(let shown, let front) = tokenizer.detokenizer else {
      return tokenizer.detokenizer
    }
    return .ofSentencePiece(
      unknownToken: tokenizer.model.unknownToken, shown: shown, front: front)
  }

  /// Writes what `writable` returned.
  static func write(_ detokenizer: Detokenizer, to file: inout JSONWriter) {
    switch detokenizer {
    case .none, .sentencePiece: file.null()
    case .byteLevel(let settings): HuggingFacePreTokenizer.write(settings, to: &file)
    case .metaspace(let settings): HuggingFacePreTokenizer.write(settings, to: &file)
    default: file.object { members(of: detokenizer, to: &$0) }
    }
  }

  private static func members(of detokenizer: Detokenizer, to file: inout JSONWriter) {
    file.key("type")
    switch detokenizer {
    case .none, .byteLevel, .metaspace, .sentencePiece: file.null()
    case .wordPiece(let prefix, let cleansUp):
      file.string("WordPiece")
      file.key("prefix")
      file.string(prefix)
      file.key("cleanup")
      file.boolean(cleansUp)
    case .bpe(let suffix):
      file.string("BPEDecoder")
      file.key("suffix")
      file.string(suffix)
    case .ctc(let settings):
      file.string("CTC")
      file.key("pad_token")
      file.string(settings.padding)
      file.key("word_delimiter_token")
      file.string(settings.wordDelimiter)
      file.key("cleanup")
      file.boolean(settings.cleansUp)
    case .byteFallback: file.string("ByteFallback")
    case .fuse: file.string("Fuse")
    case .strip(let character, let start, let stop):
      file.string("Strip")
      file.key("content")
      file.string(scalar: character)
      file.key("start")
      file.integer(start)
      file.key("stop")
      file.integer(stop)
    case .replace(let searched, let replacement):
      file.string("Replace")
      HuggingFaceNormalizer.writeReplacement(of: searched, by: replacement, to: &file)
    case .sequence(let steps):
      file.string("Sequence")
      file.key("decoders")
      file.array { list in
        for step in steps { write(step, to: &list) }
      }
    }
  }
}
