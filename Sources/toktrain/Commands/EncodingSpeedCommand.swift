import Primitives
import Synchronization
import Tokenization
import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `toktrain encoding-speed`: how long a text in memory takes to become ids in memory, with empty
/// caches and with full ones, and ids to become text again; nanoseconds, as JSON. In no list: the
/// benchmarks run it.
struct EncodingSpeedCommand: Command {
  var model: [UInt8] = []
  var file: [UInt8] = []
  var documents = DocumentBoundary.line
  var output: [UInt8]?
  var passes = 5
  var decodings = 3
  var pattern: NamedPattern?
  var threads = 1
  var isQuiet = false

  static var schema: Schema<EncodingSpeedCommand> {
    Schema(
      "encoding-speed", "Measures a model on a text.", examples: [],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file"),
        .one("FILE", \.file, "text to encode"),
      ],
      options: [
        .value(
          "documents", \.documents, .documents, "what a document is: line, file or separator:TEXT"),
        .value(
          "passes", \.passes, .number(1...1000), "the first is cold, the fastest other one warm"),
        .value("decodings", \.decodings, .number(0...1000), "the fastest of so many counts"),
        .optional("output", short: "o", \.output, .path("FILE"), "ids as 32-bit numbers"),
        .rankPattern(\.pattern),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let start = Self.now(CLOCK_MONOTONIC)
    let tokenizer = try ModelFile.load(model, pattern: pattern, console)
    let shares = try Failure.mapping { () throws(TokenizerError) in
      try EncodingShare.shares(
        try CompiledTokenizer(tokenizer), TokenDecoder(tokenizer), count: threads)
    }
    let loading = Self.now(CLOCK_MONOTONIC) - start
    try read(into: shares)
    for share in shares { share.reserve() }
    let cold = try Self.time(shares) { (share) throws(TokenizerError) in try share.encode() }
    let warm = try fastest(passes - 1, shares) { (share) throws(TokenizerError) in
      try share.encode()
    }
    let decoding = try fastest(decodings, shares) { (share) throws(TokenizerError) in
      try share.decode()
    }
    let figures: [(StaticString, Int)] = [
      ("bytes", shares.reduce(0) { $0 + $1.text.count }),
      ("documents", shares.reduce(0) { $0 + $1.ends.count }),
      ("tokens", shares.reduce(0) { $0 + $1.ids.count }), ("load", loading),
      ("cold", cold.processor), ("cold_wall", cold.wall), ("warm", warm.processor),
      ("warm_wall", warm.wall), ("decode", decoding.processor), ("decode_wall", decoding.wall),
    ]
    var writer = JSONWriter(layout: .compact)
    writer.object { object in
      for (name, value) in figures {
        object.key(name)
        object.integer(value)
      }
    }
    try console.write(writer.bytes + [UInt8(ascii: "\n")])
    guard let output else { return }
    var target = try CommandOutput(to: output, replaces: true, inputs: [file], console: console)
    for share in shares { try target.write(share.ids.withUnsafeBytes { [UInt8]($0) }) }
    try target.finish()
  }

  /// Deals the documents out, a run of them to each.
  private func read(into shares: [EncodingShare]) throws(Failure) {
    var options = CorpusOptions()
    options.documents = documents
    options.invalidUTF8 = .bytes
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: [file], options: options)
    }
    let reader = DocumentReader(corpus)
    var batches: [DocumentBatch] = []
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      batches.append(batch)
    }
    let size = batches.reduce(0) { $0 + $1.bytes.count }
    var done = 0
    for batch in batches {
      for index in 0..<batch.count {
        let document = batch.bytes[batch.range(of: index)]
        shares[min(done * shares.count / max(1, size), shares.count - 1)].append(document)
        done += document.count
      }
    }
  }

  /// Nanoseconds that went by, and those that all threads had of the processors.
  private struct Times {
    var wall = 0
    var processor = 0
  }

  private func fastest(
    _ count: Int, _ shares: [EncodingShare],
    _ body: @Sendable (EncodingShare) throws(TokenizerError) -> Void
  ) throws(Failure) -> Times {
    var best = Times(wall: .max, processor: .max)
    for _ in 0..<count {
      let times = try Self.time(shares, body)
      best.wall = min(best.wall, times.wall)
      best.processor = min(best.processor, times.processor)
    }
    return count > 0 ? best : Times()
  }

  private static func time(
    _ shares: [EncodingShare], _ body: @Sendable (EncodingShare) throws(TokenizerError) -> Void
  ) throws(Failure) -> Times {
    let processor = Atomic<Int>(0)
    let failure = Mutex<TokenizerError?>(nil)
    // Each thread has a share of its own.
    nonisolated(unsafe) let all = shares
    let start = now(CLOCK_MONOTONIC)
    Threads.run(shares.count) { index in
      let start = now(CLOCK_THREAD_CPUTIME_ID)
      do throws(TokenizerError) {
        try body(all[index])
      } catch {
        failure.withLock { $0 = error }
      }
      processor.add(now(CLOCK_THREAD_CPUTIME_ID) - start, ordering: .relaxed)
    }
    let wall = now(CLOCK_MONOTONIC) - start
    if let error = failure.withLock({ $0 }) { throw Failure(.badData, error.description) }
    return Times(wall: wall, processor: processor.load(ordering: .relaxed))
  }

  private static func now(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// What one thread has: documents, an encoder with its caches, and room for what it makes.
private final class EncodingShare {
  private(set) var text: [UInt8] = []
  /// Where each document ends in the text.
  private(set) var ends: [Int] = []
  private(set) var ids: [TokenID] = []
  /// The same ids, a document each.
  private var sequences: [[TokenID]] = []
  private var decoded: [UInt8] = []
  private var encoder: TokenEncoder
  private let decoder: TokenDecoder

  init(_ encoder: consuming TokenEncoder, _ decoder: TokenDecoder) {
    self.encoder = encoder
    self.decoder = decoder
  }

  static func shares(
    _ tokenizer: CompiledTokenizer, _ decoder: TokenDecoder, count: Int
  ) throws(TokenizerError) -> [EncodingShare] {
    var shares: [EncodingShare] = []
    for _ in 0..<count { shares.append(EncodingShare(try TokenEncoder(tokenizer), decoder)) }
    return shares
  }

  func append(_ document: ArraySlice<UInt8>) {
    text += document
    ends.append(text.count)
  }

  func reserve() { ids.reserveCapacity(text.count) }

  /// All ids stay, so that a pass writes as much as callers keep; the room for them has been asked for
  /// before, and is not real yet in the first pass.
  func encode() throws(TokenizerError) {
    ids.removeAll(keepingCapacity: true)
    try text.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
      var start = 0
      for end in ends {
        try encoder.encode(bytes.extracting(start..<end), into: &ids)
        start = end
      }
    }
  }

  func decode() throws(TokenizerError) {
    if sequences.isEmpty { try part() }
    decoded.removeAll(keepingCapacity: true)
    for sequence in sequences { try decoder.decode(sequence, into: &decoded) }
  }

  private func part() throws(TokenizerError) {
    try text.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
      var start = 0
      for end in ends {
        var sequence: [TokenID] = []
        try encoder.encode(bytes.extracting(start..<end), into: &sequence)
        sequences.append(sequence)
        start = end
      }
    }
  }
}
