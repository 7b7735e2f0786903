import Primitives

/// One word of the command line as the system passed it: file names are bytes, and what the
/// runtime calls `CommandLine.arguments` repairs those that are not UTF-8.
struct RawArgument: Equatable, Sendable {
  var bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The words after the program's name.
  static var ofProcess: [RawArgument] {
    guard CommandLine.argc > 1 else { return [] }
    return (1..<Int(CommandLine.argc)).compactMap { index in
      guard let word = CommandLine.unsafeArgv[index] else { return nil }
      var bytes: [UInt8] = []
      var end = word
      while end.pointee != 0 {
        bytes.append(UInt8(bitPattern: end.pointee))
        end += 1
      }
      return RawArgument(bytes)
    }
  }

  /// The word as text, or `nil` where it is not UTF-8.
  var text: String? { String(validating: bytes, as: UTF8.self) }

  /// The word as a message shows it.
  var shown: String { VisibleText.path(bytes) }
}
