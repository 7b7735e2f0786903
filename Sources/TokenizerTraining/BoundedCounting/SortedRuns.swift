import Primitives
import Synchronization

/// Sorted runs: files of counts in a folder, each with the words of some blocks of a corpus. Counting
/// that has no room for all words puts them down here, and a counting that was ended, however that came
/// about, goes on from here.
///
/// A run is there whole or not at all. Its header names its blocks: what a run has that was made of
/// others is known, and these are passed over, so that nothing is counted twice.
public final class SortedRuns: Sendable {
  public let path: [UInt8]
  let configuration: CountingConfiguration
  /// Whether what is here outlives the process.
  let isKept: Bool

  private let scratch: ScratchFolder?
  private let lock: FileLock?
  private let state = Mutex(State())

  private struct State {
    var runs: [[UInt8]] = []
    var nextNumber = 0
    var covered: [BlockKey: Fingerprint] = [:]
  }

  private struct BlockKey: Hashable {
    var source: Int
    var number: Int
  }

  private static let lockName = Array("lock".utf8)
  private static let corpusName = Array("corpus".utf8)

  /// Runs for this process alone, beside a path that need not be there.
  public init(beside path: [UInt8], _ configuration: CountingConfiguration) throws(CountFileError) {
    self.configuration = configuration
    isKept = false
    lock = nil
    let scratch = try CountFileError.mapping { () throws(FileError) in
      try ScratchFolder(beside: path)
    }
    self.path = scratch.path
    self.scratch = consume scratch
  }

  /// Runs that stay until `remove`.
  ///
  /// - Parameter resumes: whether to go on from runs that are there.
  /// - Throws: `inUse` while another process counts here; `unfinished` for runs that are there and not
  ///   asked for; `readOnlyOnce` for standard input; `otherCorpus` for runs of other files or another way of counting.
  public init(
    keptAt path: [UInt8], resumes: Bool, _ corpus: Corpus, _ configuration: CountingConfiguration
  ) throws(CountFileError) {
    self.path = path
    self.configuration = configuration
    isKept = true
    scratch = nil
    let lockPath = path.appendingPath(Self.lockName)
    let lock = try CountFileError.mapping { () throws(FileError) -> FileLock? in
      _ = try KeptFolder.make(at: path)
      return try FileLock(at: lockPath)
    }
    guard let lock else { throw .inUse(path: path) }
    self.lock = consume lock
    let identity = try CorpusIdentity(of: corpus, configuration)
    let names = try CountFileError.mapping { () throws(FileError) in
      try DirectoryListing.names(in: path)
    }
    try removeLeftovers(names)
    // Without a run nothing was put down that could be lost.
    if names.contains(where: { Self.number(ofRun: $0) != nil }) {
      guard resumes else { throw .unfinished(path: path) }
      try identity.check(path.appendingPath(Self.corpusName), of: path)
      try load(names)
    } else {
      let place = path.appendingPath(Self.corpusName)
      try CountFileError.mapping { () throws(FileError) in
        var file = try AtomicFile(at: place, replaces: true)
        try file.write(identity.text)
        try file.commit()
      }
    }
  }

  /// Removes what a process was writing here when it was ended.
  private func removeLeftovers(_ names: [[UInt8]]) throws(CountFileError) {
    for name in names where name.starts(with: ".run-".utf8) || name.starts(with: ".corpus.".utf8) {
      let place = path.appendingPath(name)
      try CountFileError.mapping { () throws(FileError) in try KeptFolder.remove(file: place) }
    }
  }

  /// Takes up the runs that are there, but for those that larger ones were made of.
  private func load(_ names: [[UInt8]]) throws(CountFileError) {
    var found: [(path: [UInt8], blocks: [CountedBlock])] = []
    for name in names {
      let place = path.appendingPath(name)
      guard let number = Self.number(ofRun: name) else { continue }
      state.withLock { $0.nextNumber = max($0.nextNumber, number + 1) }
      found.append((place, try CountFileReader.opening(place).header.blocks))
    }
    // The larger first: those that it was made of hold nothing new.
    found.sort { $0.blocks.count > $1.blocks.count }
    for run in found {
      let known = run.blocks.filter { covers($0.source, $0.number) != nil }.count
      if known == 0 {
        state.withLock { state in state.runs.append(run.path) }
        note(run.blocks)
      } else if known == run.blocks.count {
        try CountFileError.mapping { () throws(FileError) in try KeptFolder.remove(file: run.path) }
      } else {
        throw .corrupt(path: run.path, offset: 0, expected: "a run with blocks of its own")
      }
    }
  }

  private static func name(ofRun number: Int) -> [UInt8] {
    let digits = "\(number)"
    return Array("run-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits)".utf8)
  }

  private static func number(ofRun name: [UInt8]) -> Int? {
    guard name.starts(with: "run-".utf8) else { return nil }
    return UInt32(String(decoding: name.dropFirst(4), as: UTF8.self)).map { Int($0) }
  }

  private func note(_ blocks: [CountedBlock]) {
    state.withLock { state in
      for block in blocks {
        state.covered[BlockKey(source: block.source, number: block.number)] = block.fingerprint
      }
    }
  }

  /// Whether no words have been put down here.
  public var isEmpty: Bool { state.withLock { $0.runs.isEmpty } }

  /// The fingerprint of a block that is in a run that was there at the beginning; `nil` for others.
  func covers(_ source: Int, _ number: Int) -> Fingerprint? {
    state.withLock { $0.covered[BlockKey(source: source, number: number)] }
  }

  /// Writes a run; called from any thread.
  ///
  /// - Parameters:
  ///   - summary: what was met in its blocks.
  ///   - write: appends the words in ascending order.
  func add(
    _ blocks: [CountedBlock], _ summary: CorpusSummary,
    _ write: (inout CountFileOutput) throws(CountFileError) -> Void
  ) throws(CountFileError) {
    var header = CountHeader(configuration, summary)
    header.blocks = blocks
    let place = nextPlace()
    let file = try CountFileError.mapping { () throws(FileError) in try AtomicFile(at: place) }
    var output = try CountFileOutput(header, to: file)
    try write(&output)
    try output.finish()
    state.withLock { $0.runs.append(place) }
  }

  private func nextPlace() -> [UInt8] {
    state.withLock { state in
      defer { state.nextNumber += 1 }
      return path.appendingPath(Self.name(ofRun: state.nextNumber))
    }
  }

  /// Calls `body` with all words of all runs and the sums of their counts, in ascending order of bytes.
  ///
  /// - Parameter most: runs that are read side by side; where there are more, some become one before.
  /// - Returns: what all runs met together.
  func forEachWord(
    sideBySide most: Int,
    _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(CountFileError) -> Void
  ) throws(CountFileError) -> CorpusSummary {
    let found = state.withLock { $0.runs }.sorted { $0.lexicographicallyPrecedes($1) }
    guard !found.isEmpty else { throw .noFiles }
    let runs = try CountFile.reduce(found, to: most) { (some) throws(CountFileError) in
      let place = nextPlace()
      try CountFile.mergeOnce(some, to: place)
      for run in some {
        try CountFileError.mapping { () throws(FileError) in try KeptFolder.remove(file: run) }
      }
      state.withLock { state in
        state.runs.removeAll { some.contains($0) }
        state.runs.append(place)
      }
      return place
    }
    var heap = try CountHeap.opening(runs)
    let distinct = try heap.forEachWord(body)
    var summary = heap.header.summary
    summary.distinctPreTokens = distinct
    return summary
  }

  /// What the runs met together, but for their words.
  func summary() throws(CountFileError) -> CorpusSummary {
    var sum: CountHeader?
    for run in state.withLock({ $0.runs }) {
      let header = try CountFileReader.opening(run).header
      if sum == nil {
        sum = header
      } else if sum?.add(header) == false {
        throw .countsTooLarge(word: [])
      }
    }
    return sum?.summary ?? CorpusSummary()
  }

  /// Removes all runs: their words have arrived elsewhere.
  public func remove() throws(CountFileError) {
    guard isKept else { return }
    let runs = state.withLock { state in
      defer { state.runs = [] }
      return state.runs.map(\.lastPathName)
    }
    try CountFileError.mapping { () throws(FileError) in
      try KeptFolder.remove(path, files: runs + [Self.corpusName, Self.lockName])
    }
  }
}
