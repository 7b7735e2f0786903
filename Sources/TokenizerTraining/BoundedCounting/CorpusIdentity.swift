import Primitives

/// What sorted runs say of the corpus that they are of, so that they are not taken for those of another:
/// how it is counted, and of each file its size, when it changed last, and its path. A line each.
struct CorpusIdentity {
  private static let format = "toktrain/runs/1"

  let text: [UInt8]

  /// - Throws: `readOnlyOnce` for standard input, which cannot be read on where it was left.
  init(of corpus: Corpus, _ configuration: CountingConfiguration) throws(CountFileError) {
    var writer = JSONWriter(layout: .compact)
    configuration.write(to: &writer)
    var text = Array("\(Self.format)\ncounting ".utf8) + writer.bytes + [UInt8(ascii: "\n")]
    for source in corpus.sources {
      guard case .path(let path) = source.place else {
        throw .readOnlyOnce(source.displayName)
      }
      let status = try CountFileError.mapping { () throws(FileError) in try FileStatus(of: path) }
      text += "\(status.size) bytes of \(status.modified) \(VisibleText.path(path))\n".utf8
    }
    self.text = text
  }

  /// - Throws: `otherCorpus` where a file says something else.
  func check(_ path: [UInt8], of runs: [UInt8]) throws(CountFileError) {
    let found = try CountFileError.mapping { () throws(FileError) in try WholeFile.read(path) }
    if found == text { return }
    func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] { text.split(separator: UInt8(ascii: "\n")) }
    let (old, new) = (lines(found), lines(text))
    let place = (0..<max(old.count, new.count)).first { place in
      place >= old.count || place >= new.count || old[place] != new[place]
    }
    func shown(_ lines: [ArraySlice<UInt8>]) -> String {
      guard let place, place < lines.count else { return "nothing" }
      return VisibleText.message(String(decoding: lines[place], as: UTF8.self))
    }
    throw .otherCorpus(path: runs, found: shown(old), expected: shown(new))
  }
}
