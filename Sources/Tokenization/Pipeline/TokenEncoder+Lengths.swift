/// Encodings that are cut to a length and filled up, and those that say where each token is from.
extension TokenEncoder {
  /// The tokens of one text or of two with all that is known of them.
  mutating func encoding(
    of text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>?
  ) throws(TokenizerError) -> Encoding {
    let parts = try parts(of: text, second)
    var texts: [Encoding] = []
    var trimmings: [BlankTrimming] = []
    let settings = compiled.tokenizer.postProcessor.trimming
    for source in [text, second].compactMap({ $0 }) {
      var sink = EncodingSink(compiled)
      sink.limit = enough(isPair: second != nil)
      try encodeSequence(source, typeID: 0, to: &sink)
      if let settings {
        trimmings.append(
          BlankTrimming(
            of: sink.encoding, found: sink.found, in: source, compiled.tokenizer,
            options.offsetUnit, addsPrefixSpace: settings.addsPrefixSpace))
      }
      var converter = OffsetConverter(source, options.offsetUnit)
      if options.offsetUnit != .bytes {
        for index in sink.encoding.offsets.indices {
          sink.encoding.offsets[index] = converter.converted(sink.encoding.offsets[index])
        }
      }
      texts.append(sink.encoding)
    }
    let assembly = EncodingAssembly(
      parts: parts, addedCount: addedCount(isPair: second != nil), truncation: options.truncation,
      keepsOverflow: options.keepsOverflow,
      cutOffIsOfTypeZero: options.addsSpecialTokens
        && compiled.tokenizer.postProcessor.isRoBERTa)
    var encoding = try assembly.encoding(of: texts, trimmedBy: trimmings)
    if let padding = options.padding {
      encoding.pad(to: try padding.length(forLongest: encoding.count), by: padding)
    }
    return encoding
  }

  /// Appends the ids of a text and the bytes that each stems from, as `Encoding` has them, without what
  /// else an `Encoding` has.
  ///
  /// - Throws: as the other methods.
  public mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, into ids: inout [TokenID], offsets: inout [Range<Int>]
  ) throws(TokenizerError) {
    guard options.keepsWhatIsFound, compiled.tokenizer.postProcessor.trimming == nil else {
      let encoding = try encoding(of: text, nil)
      ids += encoding.ids
      offsets += encoding.offsets
      return
    }
    var sink = EncodingSink(compiled, keepsWords: false)
    swap(&sink.encoding.ids, &ids)
    swap(&sink.encoding.offsets, &offsets)
    defer {
      swap(&sink.encoding.ids, &ids)
      swap(&sink.encoding.offsets, &offsets)
    }
    try encode(text, to: &sink)
  }

  /// Appends the ids of one text or of two, cut and filled up.
  mutating func encodeLimitedIDs(
    _ text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>?,
    into ids: inout [TokenID]
  ) throws(TokenizerError) {
    let parts = try parts(of: text, second)
    var texts: [[TokenID]] = []
    for source in [text, second].compactMap({ $0 }) {
      var sink = IDSink()
      sink.limit = enough(isPair: second != nil)
      try encodeSequence(source, typeID: 0, to: &sink)
      texts.append(sink.ids)
    }
    let lengths = try options.truncation?.lengths(
      of: texts.map(\.count), added: addedCount(isPair: second != nil))
    let start = ids.count
    for part in parts {
      switch part {
      case .special(_, _, let added, _): ids += added
      case .sequence(let index, _):
        var kept = 0..<texts[index].count
        if let truncation = options.truncation, let lengths {
          kept = try truncation.kept(of: texts[index].count, length: lengths[index])
        }
        ids += texts[index][kept]
      }
    }
    try options.padding?.pad(&ids, from: start)
  }

  /// Special tokens that truncation leaves room for.
  private func addedCount(isPair: Bool) -> Int {
    options.addsSpecialTokens ? compiled.tokenizer.postProcessor.addedCount(isPair: isPair) : 0
  }

  /// Tokens of a text of which no more stay: the rest needs no encoding where it is dropped.
  private func enough(isPair: Bool) -> Int {
    guard let truncation = options.truncation, !isPair, !options.keepsOverflow,
      truncation.direction == .right, truncation.strategy != .onlySecond,
      truncation.longest < Int.max
    else { return .max }
    // One more tells that there is something to cut.
    return truncation.longest + 1
  }
}
