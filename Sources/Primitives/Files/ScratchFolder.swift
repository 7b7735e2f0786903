#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder for what a run puts down and takes up again: gone when it goes out of scope, and when a
/// signal ends the process.
public struct ScratchFolder: ~Copyable, Sendable {
  public let path: [UInt8]
  private let pending: PendingOutputs
  private let ticket: Int

  /// - Parameter neighbor: a path, which need not be there, beside which the folder stands.
  public init(beside neighbor: [UInt8]) throws(FileError) {
    let pending = PendingOutputs.process
    var place: [UInt8] = []
    ticket = try pending.register { () throws(FileError) in
      let sibling = try TemporarySibling(of: neighbor.withoutTrailingSlashes) { candidate in
        candidate.withPath { mkdir($0, 0o777) } == 0 ? 0 : errno
      }
      place = sibling.path
      return PendingOutputs.Entry(path: sibling.path, madeParents: sibling.madeParents)
    }
    path = place
    self.pending = pending
  }

  deinit { pending.discard(ticket) }
}
