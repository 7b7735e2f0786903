extension CorpusOptions {
  /// What `training.json` and count files say of them.
  var entries: [TrainingAccount.Entry] {
    [
      ("documents", documents.value),
      ("invalid_utf8", .text(invalidUTF8.rawValue)),
      ("jsonl_field", jsonlField.map { .text($0.joined(separator: ".")) } ?? .none),
    ]
  }
}

extension DocumentBoundary {
  fileprivate var value: TrainingAccount.Value {
    switch self {
    case .file: return .text("file")
    case .line: return .text("line")
    case .separator(let text):
      let isText = String(validating: text, as: UTF8.self) != nil
      return .object([
        ("separator", isText ? .text(text) : .list(text.map { .count($0) }))
      ])
    }
  }
}

extension DocumentSample {
  /// What `training.json` and count files say of it.
  var value: TrainingAccount.Value {
    let limit: TrainingAccount.Entry =
      switch size {
      case .documents(let most): ("documents", .count(most))
      case .bytes(let most): ("bytes", .count(most))
      }
    return .object([limit, ("seed", .text("\(seed)"))])
  }
}
