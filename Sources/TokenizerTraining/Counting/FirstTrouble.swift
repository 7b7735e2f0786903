import Synchronization
import Tokenization

/// The first failure in the order of the corpus, whichever thread meets one first.
final class FirstTrouble: Sendable {
  private struct Trouble {
    var failure: BlockFailure
    var source: Int
    var number: Int
    /// Lines of the source before the block, where only the reader of the stream knows them.
    var line: LineMark?
  }

  private let first = Mutex<Trouble?>(nil)

  func note(_ failure: BlockFailure, source: Int, number: Int, line: LineMark? = nil) {
    first.withLock { known in
      if let known, known.number <= number { return }
      known = Trouble(failure: failure, source: source, number: number, line: line)
    }
  }

  /// Throws what was noted, with the line it stands in.
  func throwFirst(_ plan: ReadingPlan) throws(CorpusError) {
    guard let trouble = first.withLock({ $0 }) else { return }
    let source = plan.sources[trouble.source]
    let name = source.displayName
    func line(of offset: Int) -> Int {
      trouble.line?.line(of: offset) ?? LineMark.line(of: offset, in: source)
    }
    switch trouble.failure {
    case .corpus(let error): throw error
    case .utf16: throw CorpusError.utf16(path: name)
    case .invalidUTF8(let offset):
      throw CorpusError.invalidUTF8(path: name, line: line(of: offset), byteOffset: offset)
    case .pattern(let offset, let error):
      throw CorpusError.pattern(path: name, line: line(of: error.byte ?? offset), error)
    case .record(let offset, let reason):
      throw CorpusError.invalidRecord(path: name, line: line(of: offset), reason: reason)
    }
  }
}
