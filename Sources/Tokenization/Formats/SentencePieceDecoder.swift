import Primitives

/// The decoder of `tokenizer.json` that gives back text as SentencePiece does: a row of steps.
enum SentencePieceDecoder {
  private static let blank = Array("▁".utf8)

  /// - Throws: `FormatError.unsupported` for any other row.
  static func read(_ field: ModelField) throws(FormatError) -> Detokenizer {
    var front = Detokenizer.FrontBlanks.none
    var unknown: (searched: [UInt8], replacement: [UInt8])?
    for (place, step) in try field.required("decoders").fields().enumerated() {
      switch try step.type() {
      case "Replace":
        let searched = try step.required("pattern").required("String").string()
        let replacement = try step.required("content").string()
        if searched == blank && replacement == [0x20] { continue }
        guard place == 0 else { throw field.unsupported("this row of decoders") }
        unknown = (searched, replacement)
      case "ByteFallback", "Fuse": continue
      case "Strip":
        let content = try step.required("content").string()
        let start = try step.required("start").integer()
        let stop = try step.required("stop").integer()
        guard content == [0x20], start == 1, stop == 0 else {
          throw step.unsupported("stripping other than one blank in front")
        }
        front = .one
      case let type: throw step.unsupported("the decoder \(type) in a row")
      }
    }
    return .sentencePiece(unknown: unknown?.replacement, front: front)
  }

  static func write(
    unknown: (text: [UInt8], shown: [UInt8]?), front: Detokenizer.FrontBlanks,
    to file: inout JSONWriter
  ) {
    file.object { file in
      file.key("type")
      file.string("Sequence")
      file.key("decoders")
      file.array { list in
        if let shown = unknown.shown { replace(unknown.text, by: shown, &list) }
        replace(blank, by: [0x20], &list)
        for type: StaticString in ["ByteFallback", "Fuse"] {
          list.object { step in
            step.key("type")
            step.string("\(type)")
          }
        }
        if front == .none { return }
        list.object { step in
          step.key("type")
          step.string("Strip")
          step.key("content")
          step.string(" ")
          step.key("start")
          step.integer(1)
          step.key("stop")
          step.integer(0)
        }
      }
    }
  }

  private static func replace(_ text: [UInt8], by content: [UInt8], _ list: inout JSONWriter) {
    list.object { step in
      step.key("type")
      step.string("Replace")
      step.key("pattern")
      step.object { pattern in
        pattern.key("String")
        pattern.string(text)
      }
      step.key("content")
      step.string(content)
    }
  }
}
