import Primitives
import Tokenization

/// An explanation for a program.
struct ExplanationJSON {
  let tokenizer: Tokenizer

  func written(_ explanation: Explanation, of text: [UInt8]) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { json in
      json.key("text")
      json.string(text)
      json.key("normalized")
      json.string(explanation.normalized)
      json.key("parts")
      json.array { json in
        for part in explanation.parts { write(part, to: &json) }
      }
      json.key("tokens")
      json.array { json in
        var listed: Set<TokenID> = []
        for id in ids(of: explanation) where listed.insert(id).inserted {
          json.object { json in
            json.key("id")
            json.integer(id)
            json.key("token")
            json.string(tokenizer.spelling(of: id) ?? [])
            writeOrigin(of: id, in: explanation, to: &json)
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func ids(of explanation: Explanation) -> [TokenID] {
    explanation.parts.flatMap { part in
      switch part {
      case .token(let id, _): [id]
      case .word(let word): word.ids
      }
    }
  }

  private func write(_ part: Explanation.Part, to json: inout JSONWriter) {
    json.object { json in
      switch part {
      case .token(let id, let range):
        json.key("special")
        json.integer(id)
        write(range, to: &json)
      case .word(let word):
        json.key("word")
        json.string(word.bytes)
        write(word.range, to: &json)
        write(word.ids, as: "ids", to: &json)
        write(word.reason, to: &json)
      }
    }
  }

  private func write(_ range: Range<Int>, to json: inout JSONWriter) {
    json.key("range")
    json.array { json in
      json.integer(range.lowerBound)
      json.integer(range.upperBound)
    }
  }

  private func write(_ ids: [TokenID], as name: StaticString, to json: inout JSONWriter) {
    json.key(name)
    json.array { json in for id in ids { json.integer(id) } }
  }

  private func write(_ reason: Explanation.Reason, to json: inout JSONWriter) {
    json.key("by")
    switch reason {
    case .whole: json.string("whole")
    case .tooLong: json.string("too-long")
    case .unfollowed: json.string("unfollowed")
    case .merges(let symbols, let merges):
      json.string("merges")
      write(symbols, as: "symbols", to: &json)
      json.key("merges")
      json.array { json in
        for merge in merges {
          json.object { json in
            json.key("rank")
            json.integer(merge.rank)
            write([merge.left, merge.right], as: "pair", to: &json)
            json.key("result")
            json.integer(merge.result)
            write(merge.tokens, as: "ids", to: &json)
          }
        }
      }
    case .ways(let ways):
      json.string("ways")
      json.key("ways")
      json.array { json in
        for way in ways {
          json.object { json in
            json.key("score")
            json.number(way.score)
            json.key("taken")
            json.boolean(way.isTaken)
            json.key("pieces")
            json.array { json in for piece in way.pieces { write(piece, to: &json) } }
          }
        }
      }
    case .matches(let matches):
      json.string("matches")
      json.key("matches")
      json.array { json in
        for match in matches {
          json.object { json in
            json.key("start")
            json.integer(match.start)
            write(match.found.map(\.id), as: "found", to: &json)
          }
        }
      }
    }
  }

  private func write(_ piece: Explanation.Piece, to json: inout JSONWriter) {
    json.object { json in
      json.key("id")
      json.integer(piece.id)
      write(piece.range, to: &json)
      json.key("score")
      json.number(piece.score)
    }
  }

  private func writeOrigin(
    of id: TokenID, in explanation: Explanation, to json: inout JSONWriter
  ) {
    json.key("origin")
    switch tokenizer.origin(of: id, in: explanation) {
    case nil: json.null()
    case .special: json.string("special")
    case .added: json.string("added")
    case .unknown: json.string("unknown")
    case .byte(let byte):
      json.string("byte")
      json.key("byte")
      json.integer(byte)
    case .character: json.string("character")
    case .merge(let rank, let left, let right):
      json.string("merge")
      json.key("rank")
      json.integer(rank)
      write([left, right], as: "pair", to: &json)
    case .unmerged: json.string("unmerged")
    case .piece(let score):
      json.string("piece")
      json.key("score")
      json.number(score)
    case .userDefined: json.string("user-defined")
    case .unused: json.string("unused")
    case .wordStart: json.string("word-start")
    case .wordContinuation: json.string("word-continuation")
    case .word: json.string("word")
    }
  }
}
