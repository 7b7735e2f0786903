import Primitives

/// `post_processor` of `tokenizer.json`: every step of tokenizers 0.23.
enum HuggingFacePostProcessor {
  private static let types = [
    "BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing",
  ]

  /// Most steps, sequences among them: each can add tokens to all that stands there.
  private static let mostSteps = 64

  /// - Throws: `FormatError.unknownType` for a step that does not exist, naming those that do.
  static func read(_ field: ModelField) throws(FormatError) -> PostProcessor {
    var count = 0
    return try read(field, depth: 0, &count)
  }

  private static func read(
    _ field: ModelField, depth: Int, _ count: inout Int
  ) throws(FormatError) -> PostProcessor {
    count += 1
    guard count <= mostSteps else {
      throw field.unsupported("a row of more than \(mostSteps) post-processors")
    }
    let type = try field.type()
    switch type {
    case "BertProcessing":
      return .bert(
        classifier: try token(field.required("cls")),
        separator: try token(field.required("sep")))
    case "ByteLevel": return .byteLevel(try HuggingFacePreTokenizer.byteLevel(field))
    case "RobertaProcessing":
      return .roberta(
        classifier: try token(field.required("cls")),
        separator: try token(field.required("sep")),
        settings: ByteLevelSettings(
          addsPrefixSpace: try field.required("add_prefix_space").boolean(),
          trimsOffsets: try field.required("trim_offsets").boolean(), usesPattern: true))
    case "Sequence":
      guard depth < 16 else { throw field.unsupported("a sequence so deep in others") }
      var steps: [PostProcessor] = []
      for step in try field.required("processors").fields() {
        steps.append(try read(step, depth: depth + 1, &count))
      }
      return .sequence(steps)
    case "TemplateProcessing": return .template(try TemplateProcessing.read(field))
    default: throw .unknownType(field: field.path, found: type, supported: types)
    }
  }

  /// A pair of text and id.
  private static func token(_ field: ModelField) throws(FormatError) -> SpecialToken {
    let parts = try field.fields()
    guard parts.count == 2 else { throw field.expected("a token and its id") }
    let text = try parts[0].string()
    return SpecialToken(id: try ModelLimits.id(try parts[1].integer(), of: text), content: text)
  }

  static func write(_ postProcessor: PostProcessor, to file: inout JSONWriter) {
    switch postProcessor {
    case .none: file.null()
    case .byteLevel(let settings): HuggingFacePreTokenizer.write(settings, to: &file)
    case .template(let template): TemplateProcessing.write(template, to: &file)
    case .bert(let classifier, let separator):
      file.object { file in
        file.key("type")
        file.string("BertProcessing")
        write(separator, classifier, to: &file)
      }
    case .roberta(let classifier, let separator, let settings):
      file.object { file in
        file.key("type")
        file.string("RobertaProcessing")
        write(separator, classifier, to: &file)
        file.key("trim_offsets")
        file.boolean(settings.trimsOffsets)
        file.key("add_prefix_space")
        file.boolean(settings.addsPrefixSpace)
      }
    case .sequence(let steps):
      file.object { file in
        file.key("type")
        file.string("Sequence")
        file.key("processors")
        file.array { list in
          for step in steps { write(step, to: &list) }
        }
      }
    }
  }

  private static func write(
    _ separator: SpecialToken, _ classifier: SpecialToken, to file: inout JSONWriter
  ) {
    for (key, token) in [("sep", separator), ("cls", classifier)] as [(StaticString, SpecialToken)]
    {
      file.key(key)
      file.array { pair in
        pair.string(token.content)
        pair.integer(token.id)
      }
    }
  }
}
