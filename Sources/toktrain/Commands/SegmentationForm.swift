import Primitives
import Tokenization

/// How the cuts of a document are written.
struct SegmentationForm {
  let tokenizer: Tokenizer
  let showsTokens: Bool
  let isJSON: Bool

  /// What was not asked for is `nil`.
  func written(_ segmentations: [Segmentation]?, entropy: Double?) -> [UInt8] {
    isJSON ? json(segmentations, entropy: entropy) : lines(segmentations, entropy: entropy)
  }

  private func json(_ segmentations: [Segmentation]?, entropy: Double?) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { json in
      if let segmentations {
        json.key("nbest")
        json.array { json in
          for segmentation in segmentations { write(segmentation, to: &json) }
        }
      }
      if let entropy {
        json.key("entropy")
        json.number(entropy)
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ segmentation: Segmentation, to json: inout JSONWriter) {
    json.object { json in
      json.key("score")
      json.number(segmentation.score)
      json.key("ids")
      json.array { json in for id in segmentation.ids { json.integer(id) } }
      if showsTokens {
        json.key("tokens")
        json.array { json in
          for id in segmentation.ids { json.string(tokenizer.spelling(of: id) ?? []) }
        }
      }
    }
  }

  private func lines(_ segmentations: [Segmentation]?, entropy: Double?) -> [UInt8] {
    var text = ""
    for segmentation in segmentations ?? [] {
      let words = segmentation.ids.map { id in
        showsTokens ? VisibleText.token(tokenizer.bytes(of: id) ?? []) : String(id)
      }
      text += "\(Figures.decimal(segmentation.score, places: 4))\t"
      text += words.joined(separator: " ") + "\n"
    }
    if let entropy { text += "entropy\t\(Figures.decimal(entropy, places: 4))\n" }
    return Array((text + "\n").utf8)
  }
}
