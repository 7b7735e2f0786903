import Primitives

/// The post-processor `TemplateProcessing` of `tokenizer.json`.
enum TemplateProcessing {
  static func read(_ field: ModelField) throws(FormatError) -> PostProcessor.Template {
    var definitions: [(name: [UInt8], tokens: [[UInt8]], ids: [TokenID])] = []
    if let special = field.optional("special_tokens") {
      for (key, value) in try special.members() {
        let name = key.string ?? []
        let entry = ModelField(value: value, path: "\(special.path)[\(quoted(name))]")
        var ids: [TokenID] = []
        for id in try entry.required("ids").fields() {
          ids.append(try ModelLimits.id(try id.integer(), of: name))
        }
        var tokens: [[UInt8]] = []
        for token in try entry.required("tokens").fields() { tokens.append(try token.string()) }
        definitions.append((name, tokens, ids))
      }
    }
    func pieces(_ field: ModelField) throws(FormatError) -> [PostProcessor.Piece] {
      var pieces: [PostProcessor.Piece] = []
      for piece in try field.fields() {
        if let sequence = piece.optional("Sequence") {
          let text = try sequence.required("id")
          guard text.value.isString("A") || text.value.isString("B") else {
            throw text.expected("A or B")
          }
          pieces.append(
            .sequence(text.value.isString("B") ? 1 : 0, typeID: try typeID(sequence)))
        } else {
          let special = try piece.required("SpecialToken")
          let name = try special.required("id").string()
          guard let definition = definitions.first(where: { $0.name == name }) else {
            throw .undefinedSpecialToken(name: name)
          }
          pieces.append(
            .special(
              name: name, tokens: definition.tokens, ids: definition.ids,
              typeID: try typeID(special)))
        }
      }
      return pieces
    }
    var template = PostProcessor.Template(
      single: try pieces(try field.required("single")),
      pair: try pieces(try field.required("pair")))
    let used = Self.definitions(of: template).map(\.name)
    template.unused = definitions.filter { !used.contains($0.name) }.map {
      .special(name: $0.name, tokens: $0.tokens, ids: $0.ids, typeID: 0)
    }
    return template
  }

  private static func typeID(_ field: ModelField) throws(FormatError) -> UInt32 {
    guard let id = UInt32(exactly: try field.required("type_id").integer()) else {
      throw field.expected("a type id from 0 to \(UInt32.max)")
    }
    return id
  }

  static func write(_ template: PostProcessor.Template, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("TemplateProcessing")
      file.key("single")
      write(template.single, to: &file)
      file.key("pair")
      write(template.pair, to: &file)
      file.key("special_tokens")
      file.object { file in
        for (name, tokens, ids) in definitions(of: template) {
          file.key(name)
          file.object { file in
            file.key("id")
            file.string(name)
            file.key("ids")
            file.array { list in for id in ids { list.integer(id) } }
            file.key("tokens")
            file.array { list in for token in tokens { list.string(token) } }
          }
        }
      }
    }
  }

  private static func write(_ pieces: [PostProcessor.Piece], to file: inout JSONWriter) {
    file.array { list in
      for piece in pieces {
        list.object { entry in
          switch piece {
          case .sequence(let index, let typeID):
            entry.key("Sequence")
            entry.object { body in
              body.key("id")
              body.string(index == 0 ? "A" : "B")
              body.key("type_id")
              body.integer(typeID)
            }
          case .special(let name, _, _, let typeID):
            entry.key("SpecialToken")
            entry.object { body in
              body.key("id")
              body.string(name)
              body.key("type_id")
              body.integer(typeID)
            }
          }
        }
      }
    }
  }

  /// Special tokens of a template, each once, by name.
  private static func definitions(
    of template: PostProcessor.Template
  ) -> [(name: [UInt8], tokens: [[UInt8]], ids: [TokenID])] {
    var definitions: [(name: [UInt8], tokens: [[UInt8]], ids: [TokenID])] = []
    for case .special(let name, let tokens, let ids, _) in template.single + template.pair
      + template.unused
    where !definitions.contains(where: { $0.name == name }) {
      definitions.append((name, tokens, ids))
    }
    return definitions.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }
}
