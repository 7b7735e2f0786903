import Primitives
import TokenEmbeddings
import Tokenization

/// Vectors of a text for a program, each number with the fewest digits that read back as the same.
struct EmbeddingJSON {
  let tokenizer: Tokenizer

  func written(_ encoding: Encoding, _ parts: EmbeddingLayer.Parts) -> [UInt8] {
    var json = JSONWriter(layout: .compact)
    json.object { json in
      json.key("ids")
      json.array { json in for id in encoding.ids { json.integer(id) } }
      json.key("tokens")
      json.array { json in
        for id in encoding.ids { json.string(tokenizer.spelling(of: id) ?? []) }
      }
      json.key("type_ids")
      json.array { json in for type in encoding.typeIDs { json.integer(type) } }
      for (key, matrix) in [
        ("token", parts.tokens), ("segment", parts.segments), ("position", parts.positions),
        ("sum", parts.sum),
      ] as [(StaticString, EmbeddingMatrix?)] {
        json.key(key)
        Self.write(matrix, to: &json)
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func write(_ matrix: EmbeddingMatrix?, to json: inout JSONWriter) {
    guard let matrix else { return json.null() }
    json.array { json in
      for row in 0..<matrix.rowCount {
        let start = row * matrix.dimension
        json.array { json in
          for value in matrix.values[start..<start + matrix.dimension] {
            json.number(Double(value))
          }
        }
      }
    }
  }
}
