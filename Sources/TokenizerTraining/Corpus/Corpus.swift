import Primitives

/// The texts of a training run: files, directories, standard input, lists of these.
public struct Corpus: Sendable {
  public let options: CorpusOptions
  /// First input without its folder and suffixes, or `stdin`: what a run names its output by.
  public let name: String
  let sources: [CorpusSource]

  /// - Parameter inputs: paths as bytes. A directory stands for all files below it, in the order
  ///   of their paths' bytes; names that begin with a dot are passed over. `-` is standard input.
  ///   `@FILE` names a file with one input on each line.
  /// - Throws: `CorpusError.io` for what does not exist or cannot be listed.
  public init(inputs: [[UInt8]], options: CorpusOptions = .init()) throws(CorpusError) {
    self.options = options
    var sources: [CorpusSource] = []
    var name: String?
    for input in try CorpusListing.expandLists(inputs) {
      if input == [UInt8(ascii: "-")] {
        sources.append(CorpusSource(place: .standardInput, options: options))
        name = name ?? "stdin"
      } else {
        for path in try CorpusListing.files(at: input) {
          sources.append(CorpusSource(place: .path(path), options: options))
        }
        name = name ?? Self.name(ofFile: input)
      }
    }
    self.sources = sources
    self.name = name ?? "stdin"
  }

  /// Texts in memory, each a document.
  ///
  /// - Parameter name: what a run names its output by.
  public init(texts: [String], name: String = "texts", options: CorpusOptions = .init()) {
    var writer = JSONWriter(layout: .compact)
    var records: [UInt8] = []
    for text in texts {
      writer.object { record in
        record.key("text")
        record.string(text)
      }
      records += writer.bytes
      records.append(UInt8(ascii: "\n"))
      writer = JSONWriter(layout: .compact)
    }
    var options = options
    options.jsonlField = nil
    self.options = options
    self.name = name
    sources = [CorpusSource(place: .memory(records), options: options)]
  }

  /// Files (and standard input) that the inputs stand for.
  public var sourceCount: Int { sources.count }

  /// Bytes of all files, if these are all there is and none is compressed: how much work is to be done.
  public func plainByteCount() throws(CorpusError) -> Int? {
    let plan = try ReadingPlan(self, blockSize: 1 << 20)
    return plan.streams.isEmpty ? plan.fileBytes : nil
  }

  /// Whether any part of it can be read only once.
  public var readsStandardInput: Bool { sources.contains { $0.place == .standardInput } }

  /// A corpus for each file (and standard input), in order.
  public var apart: [Corpus] {
    sources.map { Corpus(options: options, name: name, sources: [$0]) }
  }

  private init(options: CorpusOptions, name: String, sources: [CorpusSource]) {
    self.options = options
    self.name = name
    self.sources = sources
  }

  /// The first source as messages name it.
  public var sourceName: String { sources.first?.displayName ?? "nothing" }

  /// Path of the first source, as the system has it; "-" for standard input, nothing for texts in memory.
  public var sourcePath: [UInt8] {
    switch sources.first?.place {
    case .path(let path): path
    case .standardInput: Array("-".utf8)
    case .memory, nil: []
    }
  }

  /// Whether each line of the first source is a JSON record.
  public var isJSONL: Bool { sources.first?.isJSONL ?? false }

  /// What a run names its output by: the name of a file without its folder and suffixes.
  public static func name(ofFile path: [UInt8]) -> String {
    var name = CorpusSource.nameWithoutCompression(path)
    if let dot = name.dropFirst().lastIndex(of: UInt8(ascii: ".")) { name = name[..<dot] }
    let text = String(decoding: name, as: UTF8.self)
    return text.isEmpty || text == "." || text == ".." ? "corpus" : text
  }
}
