import Primitives
import TokenEmbeddings
import Tokenization

/// Says where the rows of a transfer come from.
struct TransferReport {
  let transfer: VocabularyTransfer
  let tokenizer: Tokenizer

  private static let kinds: [StaticString] = [
    "copied", "pieces", "weighted", "mean", "drawn", "absent",
  ]

  private static func kind(of origin: RowOrigin) -> Int {
    switch origin {
    case .copied: 0
    case .pieces: 1
    case .weighted: 2
    case .mean: 3
    case .drawn: 4
    case .absent: 5
    }
  }

  private var counts: [Int] {
    var counts = [Int](repeating: 0, count: Self.kinds.count)
    for origin in transfer.origins { counts[Self.kind(of: origin)] += 1 }
    return counts
  }

  /// How many rows of each kind there are.
  var lines: [String] {
    let told = [
      "copied from the old vocabulary", "means of the old tokens of their text",
      "sums of tokens that are used alike", "means of all old rows",
      "drawn about the mean of all old rows", "without a token, zeros",
    ]
    return zip(counts, told).compactMap { count, text in
      count > 0 ? "\(Figures.counted(count, "row")) \(text)" : nil
    }
  }

  /// The method, how many rows of each kind there are, and each row.
  var json: [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { object in
      object.key("format")
      object.string("toktrain/transfer/1")
      object.key("method")
      object.string(transfer.method.rawValue)
      object.key("counts")
      object.object { object in
        for (kind, count) in zip(Self.kinds, counts) {
          object.key(kind)
          object.integer(count)
        }
      }
      object.key("rows")
      object.array { rows in
        for (id, origin) in transfer.origins.enumerated() { append(id, origin, to: &rows) }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func append(_ id: Int, _ origin: RowOrigin, to rows: inout JSONWriter) {
    rows.object { row in
      row.key("id")
      row.integer(id)
      row.key("token")
      if let spelling = tokenizer.spelling(of: TokenID(id)) {
        row.string(spelling)
      } else {
        row.null()
      }
      row.key("origin")
      row.string(Self.kinds[Self.kind(of: origin)])
      switch origin {
      case .copied(let old):
        row.key("from")
        row.array { $0.integer(old) }
      case .pieces(let ids):
        row.key("from")
        row.array { list in for id in ids { list.integer(id) } }
      case .weighted(let weights):
        row.key("from")
        row.array { list in for weight in weights { list.integer(weight.id) } }
        row.key("weights")
        row.array { list in for weight in weights { list.number(Double(weight.weight)) } }
      case .mean, .drawn, .absent: break
      }
    }
  }
}
