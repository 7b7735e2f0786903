import Tokenization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Prints the ends of the pieces of standard input, one offset in bytes a line; returns the exit
/// code. Arguments: --pattern NAME or --pattern-regex TEXT, --pattern-dialect, --documents
/// file|line.
func runPieces(arguments: [String]) -> Int32 {
  var chosen: SplitPattern?
  var dialect = PatternDialect.huggingFace
  var linesAreDocuments = false
  for (option, value) in zip(arguments, arguments.dropFirst()) {
    switch option {
    case "--pattern": chosen = NamedPattern(rawValue: value)?.pattern
    case "--pattern-regex": chosen = SplitPattern(value)
    case "--pattern-dialect": dialect = PatternDialect(rawValue: value) ?? dialect
    case "--documents": linesAreDocuments = value == "line"
    default: break
    }
  }
  var pattern = chosen ?? SplitPattern(#"[\s\S]+"#)
  if arguments.contains("--pattern-regex") { pattern.dialect = dialect }

  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(0, &buffer, buffer.count)
    guard count > 0 else { break }
    text.append(contentsOf: buffer[..<count])
  }
  let count = text.count
  text.append(contentsOf: [UInt8](repeating: 0, count: 16))
  do {
    let compiled = try CompiledPattern(pattern, linesAreDocuments: linesAreDocuments)
    var ends = [UInt32](repeating: 0, count: count + 16)
    let pieces = compiled.pieceEnds(
      of: text, from: 0, to: count, startsDocument: true, endsDocument: true, into: &ends)
    for end in ends[..<pieces] { print(end) }
    return 0
  } catch {
    let message = Array("\(error)\n".utf8)
    _ = write(2, message, message.count)
    return 2
  }
}
