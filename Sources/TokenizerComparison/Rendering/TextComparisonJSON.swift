import Primitives
import Tokenization

/// A compared text as a JSON object.
public struct TextComparisonJSON {
  private let comparison: TextComparison

  public init(_ comparison: TextComparison) { self.comparison = comparison }

  /// One line, with its end.
  public var written: [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { json in
      json.key("schema")
      json.string("toktrain/compared-text/1")
      json.key("text")
      json.string(comparison.text)
      json.key("models")
      json.array { json in
        for side in comparison.models.indices { write(side, to: &json) }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ side: Int, to json: inout JSONWriter) {
    let (model, result) = (comparison.models[side], comparison.results[side])
    json.object { json in
      json.key("name")
      json.string(model.name)
      json.key("family")
      json.string(model.family)
      json.key("vocabulary")
      json.integer(model.tokenCount)
      json.key("bytes_per_token")
      json.number(comparison.bytesPerToken[side] ?? .nan)
      json.key("round_trip")
      json.boolean(result.comesBack)
      json.key("agreement")
      write(comparison.alignment.agreement(0, side), to: &json)
      json.key("tokens")
      json.array { json in
        for token in comparison.alignment.sides[side] { write(token, of: side, to: &json) }
      }
    }
  }

  /// With the first model.
  private func write(_ agreement: BoundaryAgreement, to json: inout JSONWriter) {
    json.object { json in
      json.key("shared_boundaries")
      json.integer(agreement.sharedBoundaries)
      json.key("boundaries")
      json.integer(agreement.allBoundaries)
      json.key("shared_spans")
      json.integer(agreement.sharedSpans)
      json.key("spans")
      json.integer(agreement.allSpans)
    }
  }

  private func write(_ token: SampleToken, of side: Int, to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.integer(token.id)
      json.key("start")
      json.integer(token.start)
      json.key("end")
      json.integer(token.end)
      json.key("token")
      json.string(token.bytes)
      json.key("bytes")
      json.array { json in for byte in token.bytes { json.integer(byte) } }
      json.key("shared")
      json.boolean(comparison.alignment.isShared(token))
      json.key("unknown")
      json.boolean(comparison.isUnknown(token, of: side))
    }
  }
}
