import Primitives
import Tokenization

/// A tokenizer and what it is called in a comparison.
public struct NamedTokenizer: Sendable {
  public var name: [UInt8]
  public var tokenizer: Tokenizer
  /// What was said of it when it was loaded, for the report.
  public var notes: [String]

  public init(name: [UInt8], tokenizer: Tokenizer, notes: [String] = []) {
    self.name = name
    self.tokenizer = tokenizer
    self.notes = notes
  }

  /// Whether its file says that merges are left out by chance.
  var leavesOutMerges: Bool {
    if case .bpe(let model) = tokenizer.model, let dropout = model.dropout {
      dropout > 0
    } else {
      false
    }
  }

  /// The Unicode whose data normalization goes by; `nil` where it needs none of them.
  var unicodeVersion: String? {
    let usesData = tokenizer.normalizer.steps.contains { step in
      switch step {
      case .form, .lowercase, .caseFolding, .stripAccents, .strip, .bert, .nmt: true
      case .replace, .prepend, .byteLevel, .sentencePiece, .precompiled: false
      }
    }
    guard usesData else { return nil }
    switch tokenizer.normalizer.unicode {
    case .huggingFace: return "9.0"
    case .current: return UnicodeLibrary.unicodeVersion
    }
  }
}
