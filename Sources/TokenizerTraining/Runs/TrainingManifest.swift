import Primitives
import Tokenization

/// What `training.json` says of a trained model: what was asked, what was read, what came out, by
/// which versions. Nothing in it changes from run to run: no dates, paths, durations or threads.
///
/// It stands here and not in the command line because whoever trains through the library owes the
/// readers of a model the same account.
public struct TrainingManifest: Sendable {
  /// Name of the file in a trained directory.
  public static let fileName = TrainingRecord.fileName

  /// Names the layout of the file; the number grows when a reader of the old one would be misled.
  static let format = "toktrain/training/1"

  /// How a directory that toktrain trained is told from others.
  public static func signature(fileNames: [String]) -> AtomicDirectory.Signature {
    AtomicDirectory.Signature(
      marker: fileName, markerPrefix: Array("{\n  \"format\": \"toktrain/training/".utf8),
      fileNames: fileNames + [fileName])
  }

  let options: BPETrainingRun.Options
  let corpusOptions: CorpusOptions
  let summary: CorpusSummary
  let tokenCount: Int
  let mergeCount: Int
  let corpusTokens: UInt64
  /// The other files of the directory.
  let files: [HuggingFaceDirectory.File]

  /// The file.
  var bytes: [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.object { json in
      json.member("format", Self.format)
      json.member("algorithm", "bpe")
      json.member("toktrain", ToolkitVersion.current)
      json.key("unicode")
      json.object { json in
        json.member("patterns", UnicodeClasses.version)
        json.member("normalization", UnicodeLibrary.unicodeVersion)
        json.member("icu", UnicodeLibrary.icuVersion)
      }
      json.key("options")
      json.object { writeOptions(to: &$0) }
      json.key("corpus")
      json.object { json in
        json.member("files", summary.files)
        json.member("bytes", summary.bytes)
        json.member("documents", summary.documents)
        json.member("pre_tokens", summary.preTokens)
        json.member("distinct_pre_tokens", summary.distinctPreTokens)
        json.member("xxh3_128", summary.fingerprint.description)
      }
      json.key("not_counted")
      json.object { json in
        json.member("ill_formed_sequences", summary.illFormedSequences)
        json.member("special_tokens", summary.specialTokens)
      }
      json.key("result")
      json.object { json in
        json.member("tokens", tokenCount)
        json.member("merges", mergeCount)
        json.member("corpus_tokens", corpusTokens)
      }
      json.key("files")
      json.object { json in
        for file in files {
          json.key(Array(file.name.utf8))
          json.object { json in
            json.member("bytes", file.bytes.count)
            json.member("xxh3_128", Fingerprint(of: file.bytes).description)
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private func writeOptions(to json: inout JSONWriter) {
    let training = options.training
    json.member("vocab_size", training.vocabularySize)
    json.member("min_frequency", training.minimumFrequency)
    json.member("max_token_length", training.maximumTokenLength)
    json.key("special_tokens")
    json.array { json in for token in training.specialTokens { json.string(token) } }
    json.key("initial_alphabet")
    if training.initialAlphabet.count == 256 {
      json.string("all")
    } else {
      json.array { json in for byte in training.initialAlphabet { json.integer(byte) } }
    }
    json.member("limit_alphabet", training.alphabetLimit)
    json.member("tie_break", training.tieBreak.rawValue)
    json.key("pattern")
    if let pattern = options.pattern {
      json.object { json in
        json.member("regex", pattern.text)
        json.member("dialect", pattern.dialect.rawValue)
      }
    } else {
      json.null()
    }
    json.key("word_breaks")
    json.boolean(options.breaksWords)
    json.key("normalization")
    if let words = options.normalizer.words {
      json.string(words)
    } else {
      HuggingFaceNormalizer.write(options.normalizer, to: &json)
    }
    json.member("unicode", options.normalizer.unicode.rawValue)
    switch corpusOptions.documents {
    case .file: json.member("documents", "file")
    case .line: json.member("documents", "line")
    case .separator(let text):
      json.key("documents")
      json.object { json in
        json.key("separator")
        if String(validating: text, as: UTF8.self) != nil {
          json.string(text)
        } else {
          json.array { json in for byte in text { json.integer(byte) } }
        }
      }
    }
    json.member("invalid_utf8", corpusOptions.invalidUTF8.rawValue)
    json.member("jsonl_field", corpusOptions.jsonlField?.joined(separator: "."))
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  fileprivate mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
    key(name)
    if let value { integer(value) } else { null() }
  }
}
