#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How often the files that a pattern names count.
public struct SourceWeight: Sendable, Equatable {
  /// A shell's pattern of a path or of what stands behind one of its slashes, as bytes.
  public var pattern: [UInt8]
  /// From 1 on.
  public var weight: Int

  public init(pattern: [UInt8], weight: Int) {
    self.pattern = pattern
    self.weight = weight
  }

  func names(_ path: [UInt8]) -> Bool {
    let starts = [0] + path.indices.filter { path[$0] == UInt8(ascii: "/") }.map { $0 + 1 }
    return starts.contains { start in
      fits(Array(path[start...]))
    }
  }

  private func fits(_ name: [UInt8]) -> Bool {
    func terminated(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
    return fnmatch(terminated(pattern), terminated(name), 0) == 0
  }
}

extension Corpus {
  /// The sources of each weight, by rising weight.
  ///
  /// - Throws: `CorpusError.unusedWeight` for a pattern that names no file.
  func sourcesByWeight() throws(CorpusError) -> [(weight: Int, sources: [Int])] {
    var used = Set<Int>()
    var groups: [Int: [Int]] = [:]
    for (number, source) in sources.enumerated() {
      var weight = 1
      if case .path(let path) = source.place {
        for (place, entry) in options.weights.enumerated() where entry.names(path) {
          weight = entry.weight
          used.insert(place)
        }
      }
      groups[weight, default: []].append(number)
    }
    for (place, entry) in options.weights.enumerated() where !used.contains(place) {
      throw .unusedWeight(pattern: entry.pattern)
    }
    return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
