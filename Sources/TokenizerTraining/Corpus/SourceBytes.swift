/// The bytes of one source of a corpus in pieces, decompressed, for whoever needs no documents.
public final class SourceBytes {
  private static let pieceSize = 1 << 17

  private let name: String
  private let stream: ByteStream
  private var isFirst = true

  /// - Parameter corpus: one of `Corpus.apart`.
  public init(_ corpus: Corpus) throws(CorpusError) {
    guard let source = corpus.sources.first else { throw .noText(files: 0) }
    name = source.displayName
    stream = try ByteStream(opening: source.place)
  }

  /// The next bytes; `nil` at the end.
  public func next() throws(CorpusError) -> [UInt8]? {
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    var failure: CorpusError?
    let count = piece.withUnsafeMutableBytes { buffer in
      do throws(CorpusError) {
        return try stream.read(into: buffer)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    if count == 0 { return nil }
    piece.removeLast(piece.count - count)
    if isFirst, CorpusSource.isUTF16(firstBytes: piece.prefix(4)) { throw .utf16(path: name) }
    isFirst = false
    return piece
  }
}
