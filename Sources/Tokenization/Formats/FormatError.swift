import Primitives

/// Why bytes cannot be read as a tokenizer.
public enum FormatError: Error, Equatable, CustomStringConvertible {
  /// The text is not JSON.
  case json(JSONError)
  /// The bytes are no protocol buffer, or a damaged one. `offset`: where the field begins.
  case protobuf(offset: Int, reason: String)
  /// No format that toktrain reads starts like this.
  case unrecognized(firstBytes: [UInt8])
  /// A field that the format requires is not there. `field`: its path, such as "model.vocab".
  case missing(field: String)
  /// A field holds another kind of value than the format says.
  case wrongType(field: String, expected: String)
  /// A step or model of a type that does not exist.
  case unknownType(field: String, found: String, supported: [String])
  /// The file asks for something that toktrain does not do.
  case unsupported(feature: String)
  /// A pattern is malformed, or refused by all engines.
  case pattern(field: String, PatternError)
  /// The rules of a normalizer are broken.
  case charsmap(field: String, CharsmapError)
  /// An id is negative, or above the greatest that is read.
  case idOutOfRange(token: [UInt8], greatest: Int)
  /// Two tokens have one id.
  case duplicateID(id: TokenID)
  /// A token of a text file is no text.
  case notUTF8(token: [UInt8])
  /// Two ids have one token.
  case duplicateToken(token: [UInt8])
  /// No token has this id, though higher ids are taken, and so many others are free that this cannot
  /// be meant.
  case gap(id: TokenID)
  /// A token is spelled with a character that stands for no byte.
  case notByteLevel(token: [UInt8])
  /// A merge is no pair of tokens. `rank`: its place in the list, from 0.
  case malformedMerge(rank: Int)
  /// A merge names, or makes, a token that the vocabulary does not have.
  case absentToken(rank: Int, token: [UInt8])
  /// The vocabulary lacks the token for words that it cannot spell.
  case absentUnknownToken(token: [UInt8])
  /// A post-processor names a special token that the file does not define.
  case undefinedSpecialToken(name: [UInt8])
  /// Something is wrong in a line of a text file; lines count from 1.
  indirect case line(Int, FormatError)
  /// A line of a rank file is not `base64 rank`.
  case malformedRank(found: [UInt8])
  /// A rank file has no token for a byte.
  case missingByte(UInt8)
  /// A rank file is none of the known ones, and nothing says how its text is cut.
  case missingPattern(known: [String])

  public var description: String {
    switch self {
    case .json(let error):
      "\(error)"
    case .protobuf(let offset, let reason):
      "byte \(offset): \(reason); the file is damaged, or no SentencePiece model"
    case .unrecognized(let firstBytes):
      (firstBytes.isEmpty
        ? "the file is empty" : "no tokenizer file (it starts with \(quoted(firstBytes)))")
        + "; give a tokenizer.json, a "
        + "SentencePiece model, a rank file, or a directory that holds one"
    case .missing(let field):
      "the field \(field) is missing; the file may be of another kind"
    case .wrongType(let field, let expected):
      "the field \(field) is not \(expected); the file may be of another kind"
    case .unknownType(let field, let found, let supported):
      "the field \(field).type is \(quoted(Array(found.utf8))), which is not supported; supported "
        + "are \(supported.joined(separator: ", "))"
    case .unsupported(let feature):
      "\(feature) is not supported; use a tokenizer without it"
    case .pattern(let field, let error):
      "the field \(field): \(error)"
    case .charsmap(let field, let error):
      "the field \(field): \(error)"
    case .idOutOfRange(let token, let greatest):
      "the id of \(quoted(token)) is not within 0...\(greatest); correct the vocabulary"
    case .duplicateID(let id):
      "the id \(id) has two tokens; correct the vocabulary"
    case .notUTF8(let token):
      "the token \(quoted(token)) is not UTF-8; the file may be damaged, or of another kind"
    case .duplicateToken(let token):
      "the token \(quoted(token)) has two ids; correct the vocabulary"
    case .gap(let id):
      "the id \(id) has no token, though higher ids have; correct the vocabulary"
    case .notByteLevel(let token):
      "the token \(quoted(token)) has a character that stands for no byte; "
        + "BPE vocabularies are supported if they are byte-level"
    case .malformedMerge(let rank):
      "merge \(rank) is not a pair of tokens; correct the list of merges"
    case .absentToken(let rank, let token):
      "merge \(rank) needs the token \(quoted(token)), which the vocabulary does not have; "
        + "the files may belong to different models"
    case .absentUnknownToken(let token):
      "the vocabulary lacks the unknown token \(quoted(token)) that the model names; "
        + "the file may be damaged"
    case .line(let number, let problem):
      "line \(number): \(problem)"
    case .malformedRank(let found):
      "\(quoted(found)) is not a token in base64, a blank and its rank; the file may be cut short "
        + "or damaged"
    case .missingByte(let byte):
      "no token for the byte \(byte), so that not every text can be encoded; add one, or complete "
        + "the file if it is cut short"
    case .missingPattern(let known):
      "a rank file does not say how text is cut into words, and this one is not known "
        + "(as \(known.joined(separator: ", ")) are); put a file beside it that has its name and "
        + "\(RankSidecar.suffix) behind, such as "
        + #"{"format": "\#(RankSidecar.format)", "pattern": "\\S+|\\s+", "special_tokens": "#
        + #"{"<|end|>": 50256}}"#
    case .undefinedSpecialToken(let name):
      "the post-processor names the special token \(quoted(name)), which is not defined; "
        + "add it to the file"
    }
  }
}

/// Bytes for a person to read on one line: UTF-8 in quotes, invisible characters escaped, long
/// ones cut.
func quoted(_ bytes: some Collection<UInt8>) -> String {
  let shown = String(decoding: bytes.prefix(80), as: UTF8.self)
  var text = "\""
  for scalar in shown.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
      .surrogate:
      text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    default:
      text.unicodeScalars.append(scalar)
    }
  }
  return text + (bytes.count > 80 ? "…\"" : "\"")
}
