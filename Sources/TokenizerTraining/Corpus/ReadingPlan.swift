/// The sources of a corpus, told apart by how they can be read, with numbers for their blocks.
struct ReadingPlan: Sendable {
  struct File: Sendable {
    var source: Int
    var path: [UInt8]
    var size: Int
    /// Number of its first block among the blocks of all files.
    var firstBlock: Int
  }

  let sources: [CorpusSource]
  private(set) var files: [File] = []
  /// Sources that can only be read from front to back.
  private(set) var streams: [Int] = []
  private(set) var blockCount = 0
  private(set) var fileBytes = 0

  /// Sources that are read.
  var readCount: Int { files.count + streams.count }

  /// - Parameter chosen: numbers of the sources that are read, ascending; `nil`: all.
  init(_ corpus: Corpus, blockSize: Int, only chosen: [Int]? = nil) throws(CorpusError) {
    sources = corpus.sources
    for index in chosen ?? Array(corpus.sources.indices) {
      let source = corpus.sources[index]
      guard case .path(let path) = source.place, let size = try PlainFile.size(of: path) else {
        streams.append(index)
        continue
      }
      files.append(File(source: index, path: path, size: size, firstBlock: blockCount))
      blockCount += FileBlocks.count(size: size, blockSize: blockSize)
      fileBytes += size
    }
  }

  /// The file that a block belongs to. Complexity: O(log files).
  func file(ofBlock block: Int) -> File {
    var low = 0
    var high = files.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if files[middle].firstBlock <= block { low = middle } else { high = middle }
    }
    return files[low]
  }
}
