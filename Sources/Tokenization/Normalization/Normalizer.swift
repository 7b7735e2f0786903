/// What happens to text before it is cut into pre-tokens: steps, applied in order.
public struct Normalizer: Sendable, Equatable {
  public enum Step: Sendable, Equatable {
    case form(NormalizationForm)
  }

  public var steps: [Step]

  public init(_ steps: [Step] = []) { self.steps = steps }

  /// Text as it is.
  public static let none = Normalizer()

  /// The text after all steps; bytes that are not UTF-8 pass as they are.
  ///
  /// Convenient for single texts. `UnicodeNormalizer` keeps its caches between texts and can map
  /// offsets back.
  public func normalize(_ bytes: [UInt8]) -> [UInt8] {
    steps.reduce(bytes) { text, step in
      switch step {
      case .form(let form): Self.normalize(text, form)
      }
    }
  }

  private static func normalize(_ bytes: [UInt8], _ form: NormalizationForm) -> [UInt8] {
    var normalizer = UnicodeNormalizer(form)
    var output = NormalizedText()
    let isUnchanged = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map {
        normalizer.normalize($0, count: buffer.count, into: &output, recordingEdits: false)
      }
    }
    return isUnchanged ?? true ? bytes : output.withBytes { Array($0) }
  }
}
