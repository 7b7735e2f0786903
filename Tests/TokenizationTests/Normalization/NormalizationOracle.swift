import NativeBridges
import Testing

@testable import Tokenization

/// A form by one version of its data.
struct TestedForm: CustomTestStringConvertible {
  let form: NormalizationForm
  let unicode: UnicodeData

  init(_ form: NormalizationForm, _ unicode: UnicodeData = .current) {
    (self.form, self.unicode) = (form, unicode)
  }

  static let all =
    NormalizationForm.allCases.map { TestedForm($0) }
    + NormalizationForm.allCases.dropLast().map { TestedForm($0, .huggingFace) }

  var table: NormalizationTable {
    get throws { try .table(for: form, unicode: unicode) }
  }
  var icu: OpaquePointer? { tt_normalizer_for(form.bridged, unicode == .huggingFace) }
  var testDescription: String { "\(form) by \(unicode) data" }
}

/// ICU on whole texts, and the interesting characters of each form.
enum NormalizationOracle {
  static func icu(_ form: TestedForm, _ text: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: text.count * 12 + 64)
    let count = text.withUnsafeBytes { text in
      output.withUnsafeMutableBytes { output in
        tt_normalizer_normalize(
          form.icu,
          text.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(text.count), output.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(output.count))
      }
    }
    return Array(output.prefix(Int(count)))
  }

  /// Characters that a form changes, joins or orders.
  static func activeCharacters(_ form: TestedForm) -> [Unicode.Scalar] {
    var classes = [UInt8](repeating: 0, count: 0x11_0000)
    _ = tt_normalizer_classes(form.icu, 0, 0x11_0000, &classes)
    return classes.indices.filter { classes[$0] != 0 }.compactMap { Unicode.Scalar(UInt32($0)) }
  }

  static func characters(_ text: String) throws -> [UInt8] { Array(text.utf8) }
}

/// Normalizes and maps back, one text after another through the same caches.
struct TestNormalizer: ~Copyable {
  var normalizer: UnicodeNormalizer
  var output = NormalizedText()

  init(_ form: TestedForm) throws { normalizer = UnicodeNormalizer(try form.table) }
  init(_ map: CharacterMap) throws {
    normalizer = UnicodeNormalizer(try .table(for: map))
  }

  mutating func normalize(_ text: [UInt8], recordingEdits: Bool = false) -> [UInt8] {
    // Allocated to the byte, so that a sanitizer sees reads beyond the end.
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
    defer { copy.deallocate() }
    copy.initialize(from: text, count: text.count)
    let isUnchanged = normalizer.normalize(
      copy, count: text.count, into: &output, recordingEdits: recordingEdits)
    return isUnchanged ? text : output.withBytes { Array($0) }
  }

  /// The source range of each byte of the last result.
  mutating func sources(resultCount: Int) -> [Range<Int>] {
    (0..<resultCount).map { output.sourceRange(of: $0..<$0 + 1) }
  }
}

/// Steele, Lea, Flood 2014: a generator whose sequence a seed fixes on every platform.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
