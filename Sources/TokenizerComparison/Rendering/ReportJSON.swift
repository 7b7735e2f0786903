import Primitives
import Tokenization

/// A report as one JSON object with all that it holds.
///
/// Foreign bytes are strings, in which what is not UTF-8 shows as U+FFFD; tokens have their bytes, too.
public struct ReportJSON {
  private let report: ComparisonReport

  public init(_ report: ComparisonReport) { self.report = report }

  /// With the end of the last line.
  public var written: [UInt8] {
    var json = JSONWriter(layout: .pretty)
    json.object { json in
      json.member("schema", "toktrain/compare/1")
      json.list("models", report.models) { model, json in
        json.member("name", bytes: model.name)
        json.member("family", model.family)
        json.member("vocabulary", model.tokenCount)
        json.member("vocabulary_fingerprint", model.vocabularyFingerprint)
      }
      json.key("corpus")
      json.object { write(report.corpus, to: &$0) }
      json.list("metrics", report.metrics) { write($0, to: &$1) }
      json.list("languages", report.languages) { write($0, to: &$1) }
      json.list("files", report.files) { write($0, to: &$1) }
      json.list("vocabularies", report.vocabularies) { write($0, to: &$1) }
      json.list("overlaps", report.overlaps) { write($0, to: &$1) }
      json.list("samples", report.samples) { write($0, to: &$1) }
      json.key("warnings")
      json.array { json in
        for warning in report.warnings { json.string(warning.description) }
      }
      json.key("resampling")
      json.object { json in
        json.member("seed", report.resampling.seed)
        json.member("replicates", report.resampling.replicates)
        json.member("units", report.resampling.units)
        json.member("token_units", report.resampling.tokenUnits)
      }
      json.key("versions")
      json.object { json in
        json.member("toktrain", report.versions.toolkit)
        json.member("icu", report.versions.icu)
        json.member("icu_unicode", report.versions.icuUnicode)
        json.member("pattern_unicode", report.versions.patternUnicode)
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ corpus: ComparedCorpus, to json: inout JSONWriter) {
    json.member("documents", corpus.documents)
    json.member("bytes", corpus.bytes)
    json.member("characters", corpus.characters)
    json.member("words", corpus.words)
    json.key("parallel")
    json.boolean(corpus.isParallel)
    json.member("fingerprint", corpus.fingerprint)
  }

  private func write(_ row: MetricRow, to json: inout JSONWriter) {
    json.member("name", row.metric.rawValue)
    json.member("unit", row.metric.unit.rawValue)
    json.member("better", row.metric.direction.rawValue)
    json.member("definition", row.metric.definition)
    json.numbers("values", row.values)
    json.key("differences")
    json.array { json in
      for difference in row.differences {
        guard let difference else {
          json.null()
          continue
        }
        json.object { json in
          json.member("absolute", difference.absolute)
          json.member("interval", difference.interval)
          json.member("relative", difference.relative)
          json.member("relative_interval", difference.relativeInterval)
        }
      }
    }
    json.key("intervals")
    json.array { json in for interval in row.intervals { json.interval(interval) } }
  }

  private func write(_ group: TextGroup, to json: inout JSONWriter) {
    json.member("name", bytes: group.name)
    json.member("documents", group.documents)
    json.member("bytes", group.bytes)
    json.member("characters", group.characters)
    json.member("words", group.words)
    json.key("tokens")
    json.array { json in for count in group.tokens { json.integer(count) } }
    json.numbers("bytes_per_token", group.bytesPerToken)
    json.numbers("tokens_per_word", group.tokensPerWord)
    json.numbers("parity", group.parity)
    json.key("reference")
    json.boolean(group.isReference)
  }

  private func write(_ vocabulary: VocabularyUse, to json: inout JSONWriter) {
    json.member("used", vocabulary.usedCount)
    json.member("used_once", vocabulary.usedOnceCount)
    json.member("unused", vocabulary.unusedCount)
    json.list("ranks", vocabulary.ranks) { rank, json in
      json.member("rank", rank.rank)
      json.member("count", rank.count)
    }
    json.list("lengths", vocabulary.lengths) { length, json in
      json.member("bytes", length.bytes)
      json.member("tokens", length.tokens)
      json.member("uses", length.uses)
    }
    json.list("longest", vocabulary.longest) { write($0, to: &$1) }
  }

  private func write(_ overlap: VocabularyOverlap, to json: inout JSONWriter) {
    json.member("model", overlap.model)
    json.member("shared", overlap.sharedCount)
    json.member("only_first", overlap.onlyFirstCount)
    json.member("only_other", overlap.onlyOtherCount)
    json.member("only_first_uses", overlap.onlyFirstUses)
    json.member("only_other_uses", overlap.onlyOtherUses)
    json.list("commonest_only_first", overlap.onlyFirst) { write($0, to: &$1) }
    json.list("commonest_only_other", overlap.onlyOther) { write($0, to: &$1) }
  }

  private func write(_ token: TokenUse, to json: inout JSONWriter) {
    json.member("id", token.id)
    json.member("text", bytes: token.text)
    json.member("bytes", Hexadecimal.text(token.text))
    json.member("count", token.count)
  }

  private func write(_ sample: ComparisonSample, to json: inout JSONWriter) {
    json.member("file", sample.file)
    json.member("number", sample.number)
    json.member("text", bytes: sample.text)
    json.member("bytes", sample.byteCount)
    json.key("counts")
    json.array { json in for count in sample.tokenCounts { json.integer(count) } }
    json.key("tokens")
    json.array { json in
      for tokens in sample.tokens {
        json.array { json in
          for token in tokens {
            json.object { json in
              json.member("id", token.id)
              json.member("token", bytes: token.bytes)
              json.member("bytes", Hexadecimal.text(token.bytes))
              json.member("start", token.start)
              json.member("end", token.end)
            }
          }
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  fileprivate mutating func member(_ name: StaticString, bytes: [UInt8]) {
    key(name)
    string(bytes)
  }

  fileprivate mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  /// `null` where there is none.
  fileprivate mutating func member(_ name: StaticString, _ value: Double?) {
    key(name)
    if let value { number(value) } else { null() }
  }

  fileprivate mutating func member(_ name: StaticString, _ interval: MetricInterval?) {
    key(name)
    self.interval(interval)
  }

  /// Both ends in an array; `null` where there are none.
  fileprivate mutating func interval(_ interval: MetricInterval?) {
    guard let interval else { return null() }
    array { json in
      json.number(interval.lower)
      json.number(interval.upper)
    }
  }

  fileprivate mutating func numbers(_ name: StaticString, _ values: [Double?]) {
    key(name)
    array { json in
      for value in values { if let value { json.number(value) } else { json.null() } }
    }
  }

  /// An array of objects.
  fileprivate mutating func list<Element>(
    _ name: StaticString, _ elements: [Element], _ body: (Element, inout JSONWriter) -> Void
  ) {
    key(name)
    array { json in
      for element in elements { json.object { body(element, &$0) } }
    }
  }
}
