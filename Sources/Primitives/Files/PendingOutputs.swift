import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The temporary files and directories of outputs that are not complete yet.
///
/// Whoever handles signals calls `removeAll()`: it removes them and lets nothing be created or
/// put in place afterwards, so that an interrupted process leaves no trace whichever thread wrote.
public final class PendingOutputs: Sendable {
  /// The registry of this process.
  public static let process = PendingOutputs()

  /// A temporary: the files of a directory are found when it is removed.
  struct Entry: Sendable {
    var path: [UInt8]
    /// Directories that were made only to hold the output, the outermost first.
    var madeParents: [[UInt8]] = []
  }

  private struct State {
    var entries: [Int: Entry] = [:]
    var next = 0
    var isClosed = false
  }

  private let state = Mutex(State())

  init() {}

  /// Removes everything pending and refuses all further work of pending outputs.
  public func removeAll() {
    state.withLock { state in
      state.isClosed = true
      for (_, entry) in state.entries { Self.remove(entry) }
      state.entries = [:]
    }
  }

  /// Runs `create` and remembers its result, so that no signal can come between the two.
  func register(
    _ create: () throws(FileError) -> Entry
  ) throws(FileError) -> Int {
    try locked { state throws(FileError) in
      let entry = try create()
      let ticket = state.next
      state.next += 1
      state.entries[ticket] = entry
      return ticket
    }
  }

  /// Runs one step of a pending output unless a signal has removed it.
  func step<Value>(_ body: () throws(FileError) -> Value) throws(FileError) -> Value {
    try locked { _ throws(FileError) in try body() }
  }

  /// Puts an output in place and forgets its temporary in one go; `body` returns what is left to
  /// remove, such as the directory that was replaced.
  func finish(
    _ ticket: Int, _ body: () throws(FileError) -> Entry?
  ) throws(FileError) {
    try locked { state throws(FileError) in state.entries[ticket] = try body() }
  }

  /// Removes one temporary, if it is still there.
  func discard(_ ticket: Int) {
    state.withLock { state in
      if let entry = state.entries.removeValue(forKey: ticket) { Self.remove(entry) }
    }
  }

  private func locked<Value>(
    _ body: (inout State) throws(FileError) -> Value
  ) throws(FileError) -> Value {
    try state.withLock { state throws(FileError) in
      if state.isClosed { throw .interrupted }
      return try body(&state)
    }
  }

  private static func remove(_ entry: Entry) {
    removeTree(entry.path)
    // A parent that somebody else uses by now is not empty and stays.
    for parent in entry.madeParents.reversed() { _ = parent.withPath { rmdir($0) } }
  }

  /// A file, or a directory of files: outputs are never deeper.
  private static func removeTree(_ path: [UInt8]) {
    if path.withPath({ unlink($0) }) == 0 { return }
    for name in (try? DirectoryListing.names(in: path)) ?? [] {
      _ = path.appendingPath(name).withPath { unlink($0) }
    }
    _ = path.withPath { rmdir($0) }
  }
}
