import Primitives
import Tokenization

extension Option<EncodeCommand> {
  /// Ids as raw numbers, for programs that train.
  static var ofPacking: [Option] {
    [
      .optional(
        "binary", short: "b", \.binaryWidth, .choice("WIDTH"),
        "ids as raw little-endian numbers: u16 or u32",
        detail:
          "Nothing stands between documents but what --separator-id asks for. u16 holds ids up "
          + "to 65535. If the name of the output ends with .npy, numpy's header stands in front; "
          + "then the default is u16 if that holds all ids of the model, else u32."),
      .optional(
        "separator-id", \.separator, .utf8("TOKEN"),
        "put this id or token behind each document of packed ids",
        detail:
          "A number, or the text of a token. The last document gets one, too, so that files can "
          + "be joined."
      ).detailed,
      .optional(
        "index", \.index, .path("FILE"), "write where each document begins in packed ids",
        detail: "For each document the number of ids before it, and at the end that of all, as "
          + "little-endian numbers of 8 bytes; with numpy's header if the name ends with .npy."
      ).detailed,
    ]
  }
}

extension EncodeCommand {
  /// Whether ids are written as raw numbers.
  var isPacked: Bool { binaryWidth != nil || PackedOutput.isNumpy(output) }

  func validatePacking() throws(UsageError) {
    if isPacked && (writesJSON || showsTokens || showsOffsets) {
      throw .conflict(
        "--binary and .npy files hold ids alone; they exclude --json, --tokens and --offsets")
    }
    if !isPacked && (separator != nil || index != nil) {
      throw .conflict("--separator-id and --index are for packed ids; add --binary u16 or u32")
    }
    if index != nil && index == output {
      throw .conflict("--index and --output name the same file; choose another one")
    }
    if index == [UInt8(ascii: "-")] && (output == nil || output == index) {
      throw .conflict("--index and the ids cannot both go to stdout; add -o FILE")
    }
  }

  /// The width that was asked for, or the least that holds all ids.
  func packedWidth(of tokenizer: Tokenizer) -> BinaryWidth {
    binaryWidth ?? (tokenizer.idCount <= 1 << 16 ? .u16 : .u32)
  }

  /// The id that `--separator-id` names.
  func separatorID(of tokenizer: Tokenizer) throws(Failure) -> TokenID? {
    guard let separator else { return nil }
    if let special = tokenizer.specialTokens.first(where: { $0.content == separator }) {
      return special.id
    }
    if separator.allSatisfy({ (48...57).contains($0) }) {
      if let id = TokenID(String(decoding: separator, as: UTF8.self)), Int(id) < tokenizer.idCount {
        return id
      }
    } else if let id = (0..<TokenID(tokenizer.idCount)).first(where: {
      tokenizer.spelling(of: $0) == separator
    }) {
      return id
    }
    throw UsageError.badValue(
      option: "--separator-id", value: VisibleText.path(separator),
      expected: "an id from 0 to \(tokenizer.idCount - 1), or the text of a token"
    ).failure
  }
}

extension BinaryWidth {
  /// Bytes of a number.
  var size: Int { self == .u16 ? 2 : 4 }

  /// As numpy describes it.
  var numpyType: StaticString { self == .u16 ? "<u2" : "<u4" }
}
