import Primitives
import Tokenization

/// All that the counts of a corpus depend on besides its text: count files carry it, since only counts
/// that were made alike can be added up or trained from.
public struct CountingConfiguration: Sendable, Equatable {
  /// A setting and its value as JSON.
  struct Field: Sendable, Equatable {
    var name: String
    var value: [UInt8]
  }

  /// A setting in which two configurations differ, with both values as JSON; `nil` where one has it not.
  public struct Difference: Sendable, Equatable {
    public var name: String
    public var found: [UInt8]?
    public var expected: [UInt8]?
  }

  let fields: [Field]

  init(_ options: CountingOptions, _ corpus: CorpusOptions) {
    var fields: [Field] = []
    func add(_ name: String, _ write: (inout JSONWriter) -> Void) {
      var writer = JSONWriter(layout: .compact)
      write(&writer)
      fields.append(Field(name: name, value: writer.bytes))
    }
    func add(_ name: String, _ value: TrainingAccount.Value) { add(name) { $0.write(value) } }
    for (name, value) in corpus.entries { add("\(name)", value) }
    add("normalization") { Self.write(options.normalizer, to: &$0) }
    add("unicode", .text(options.normalizer.unicode.rawValue))
    add("pre_tokenizer") { HuggingFacePreTokenizer.write(options.preTokenizer, to: &$0) }
    add("pattern_dialects", .list(options.preTokenizer.dialects.map { .text($0.rawValue) }))
    add("word_breaks", .flag(options.breaksWords))
    add("special_tokens", .list(options.specialTokens.map { .text($0) }))
    add("sentences", options.sentences?.value ?? .none)
    add("sample", options.sample?.value ?? .none)
    add("patterns_unicode", .text(UnicodeClasses.version))
    // What ICU does depends on its data; SentencePiece's rules and patterns do not.
    let asksICU =
      options.breaksWords || options.sentences == nil && !options.normalizer.steps.isEmpty
    add("icu", asksICU ? .text(UnicodeLibrary.icuVersion) : .none)
    self.fields = fields
  }

  private static func write(_ normalizer: Normalizer, to json: inout JSONWriter) {
    guard case .sentencePiece(let step) = normalizer.steps.first else {
      return HuggingFaceNormalizer.write(normalizer, to: &json)
    }
    let rules: TrainingAccount.Value =
      switch step.rules {
      case .named(let name): .text(name.rawValue)
      case .charsmap(let map): .text(Fingerprint(of: map.precompiled).description)
      }
    json.object { json in
      json.members([
        ("rules", rules),
        ("add_dummy_prefix", .flag(step.addsDummyPrefix)),
        ("remove_extra_whitespaces", .flag(step.removesExtraSpaces)),
        ("escape_whitespaces", .flag(step.escapesSpaces)),
        ("treat_whitespace_as_suffix", .flag(step.putsSpacesBehindWords)),
      ])
    }
  }

  /// What a count file says; `nil` if that is no object.
  init?(_ json: JSONValue) {
    guard let members = json.members else { return nil }
    fields = members.map { key, value in
      var writer = JSONWriter(layout: .compact)
      writer.copy(value)
      return Field(name: String(decoding: key.string ?? [], as: UTF8.self), value: writer.bytes)
    }
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      for field in fields {
        json.key(Array(field.name.utf8))
        json.verbatim(field.value)
      }
    }
  }

  /// The first setting in which this differs from what is expected; `nil` if none does.
  public func difference(from expected: CountingConfiguration) -> Difference? {
    for field in expected.fields {
      let found = fields.first { $0.name == field.name }?.value
      if found != field.value {
        return Difference(name: field.name, found: found, expected: field.value)
      }
    }
    return fields.first { field in !expected.fields.contains { $0.name == field.name } }.map {
      Difference(name: $0.name, found: $0.value, expected: nil)
    }
  }
}

extension SentenceRules {
  /// As a count file has it.
  fileprivate var value: TrainingAccount.Value {
    .object([
      ("whitespace", .text(whitespace.rawValue)),
      ("keeps_rows_of_blanks", .flag(keepsRowsOfBlanks)),
      ("max_line_bytes", .count(maximumBytes)),
      ("skip_reserved_character", .flag(skipsReservedCharacter)),
      ("marks_followers", .flag(marksFollowers)),
    ])
  }
}

extension PreTokenizer {
  /// Of its patterns, in order.
  fileprivate var dialects: [PatternDialect] {
    steps.compactMap { step in
      if case .split(.pattern(let pattern), _, _) = step { pattern.dialect } else { nil }
    }
  }
}
