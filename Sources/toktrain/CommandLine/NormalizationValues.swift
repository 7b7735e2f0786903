import Primitives
import Tokenization

/// What `--normalization` says: words, or a normalizer as `tokenizer.json` has it.
enum NormalizationChoice: Equatable {
  case steps([Normalizer.Step])
  case json([UInt8])

  /// The normalizer that goes by the given data.
  func normalizer(_ unicode: UnicodeData) throws(UsageError) -> Normalizer {
    switch self {
    case .steps(let steps): return Normalizer(steps, unicode: unicode)
    case .json(let text):
      do throws(FormatError) {
        return Normalizer(try HuggingFaceNormalizer.read(text).steps, unicode: unicode)
      } catch {
        throw .conflict("--normalization: \(error)")
      }
    }
  }

  /// The same, ready to be applied.
  func compiled(_ unicode: UnicodeData) throws(Failure) -> CompiledNormalizer {
    let normalizer: Normalizer
    do throws(UsageError) {
      normalizer = try self.normalizer(unicode)
    } catch {
      throw error.failure
    }
    do throws(TextPreparationError) {
      return try CompiledNormalizer(normalizer)
    } catch {
      throw UsageError.conflict("--normalization: \(error)").failure
    }
  }
}

extension ValueKind where Value == NormalizationChoice {
  /// Names joined by commas, or a JSON object.
  static var normalization: ValueKind { normalization { _ in true } }

  /// The same with the steps that a vocabulary of spelled bytes and its `tokenizer.json` can have.
  static var trainingNormalization: ValueKind {
    normalization { step in
      switch step {
      case .byteLevel, .caseFolding, .form(.nfkcCasefold), .sentencePiece: false
      default: true
      }
    }
  }

  private static func normalization(where isOffered: (Normalizer.Step) -> Bool) -> ValueKind {
    let offered = Normalizer.Step.named.filter { isOffered($0.step) }
    let names = offered.map(\.name)
    return ValueKind(
      "STEPS",
      expected: "none, or steps joined by commas (\(names.joined(separator: ", "))), "
        + "or a normalizer as tokenizer.json has it",
      choices: ["none"] + names
    ) { word in
      if word.bytes.first == UInt8(ascii: "{") { return .json(word.bytes) }
      guard let steps = word.text.flatMap({ Normalizer.steps(named: $0) }),
        steps.allSatisfy({ step in offered.contains { $0.step == step } })
      else { return nil }
      return .steps(steps)
    }
  }
}

/// What helps say of `--unicode`.
enum UnicodeHelp {
  static let detail =
    "huggingface (default): those of the tokenizers library, to whose normalizers characters "
    + "younger than Unicode 9 are unknown and stay; current: those of ICU."
}
