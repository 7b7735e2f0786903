import NativeBridges
import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Takes the text out of JSONL records: one field, named by its path, of one JSON object a line.
final class RecordReader {
  enum Outcome {
    /// In a buffer that the next call overwrites.
    case text(TextBuffer)
    /// White space only: not a record.
    case blank
    case invalid(reason: String)
  }

  private static let maximumDepth = 512

  private let field: [String]
  private let keys: [UnsafeMutablePointer<CChar>?]
  private let parser: OpaquePointer?
  private let value = TextBuffer(capacity: 1 << 12)

  init(field: [String]) {
    self.field = field
    keys = field.map { strdup($0) }
    parser = tt_json_parser_create(Self.maximumDepth)
  }

  deinit {
    for key in keys { free(key) }
    tt_json_parser_free(parser)
  }

  /// The text of one record: a line without its line feed.
  func text(of line: UnsafePointer<UInt8>, count: Int) -> Outcome {
    if (0..<count).allSatisfy({ line[$0] <= 0x20 }) { return .blank }
    var found: UnsafePointer<CChar>?
    var length = 0
    let status = keys.map { UnsafePointer($0) }.withUnsafeBufferPointer { path in
      line.withMemoryRebound(to: CChar.self, capacity: count) { record in
        tt_json_field(parser, record, count, path.baseAddress, path.count, &found, &length)
      }
    }
    let name = field.joined(separator: ".")
    switch Int(status) {
    case TT_JSON_OK:
      value.count = 0
      found?.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
        value.append(bytes, count: length)
      }
      return .text(value)
    case TT_JSON_MISSING:
      return .invalid(reason: "the record has no field \"\(name)\"; name another by --jsonl-field")
    case TT_JSON_NOT_STRING:
      return .invalid(
        reason: "the field \"\(name)\" is not a string; name another by --jsonl-field")
    case TT_JSON_NO_MEMORY:
      return .invalid(reason: "not enough memory for the record")
    default:
      if let offset = UTF8Validation.firstInvalidOffset(in: line, count: count) {
        return .invalid(reason: "the record is not UTF-8 (byte \(offset + 1)); repair or remove it")
      }
      return .invalid(
        reason: "the line is no JSON object, or has half of a surrogate pair; repair or remove it")
    }
  }
}
