/// Where words of raw text begin and end, by what the normalizer and the tokens of a model reach across.
struct WordBorders {
  /// Blanks that a word begins with: single bytes that become one space and do nothing else.
  let blanks: CodePointSet
  /// Characters behind which no word begins at a blank: they leave nothing, or a space at the end.
  let weakEnds: CodePointSet
  /// Signs that are words, and signs of which runs are: ASCII, like blanks.
  let single: CodePointSet
  let signs: CodePointSet
  /// Whether blanks go from the ends of a text.
  let trimsEnds: Bool
  /// Whether a run of line feeds is a word.
  let isolatesLineFeeds: Bool
  /// Most bytes that normalization makes of a byte.
  let growth: Int

  /// What a text ends in if the end of the text changes nothing: not a blank, nor what may leave one.
  func isStrong(_ character: UInt32) -> Bool {
    !blanks.contains(character) && !weakEnds.contains(character)
  }

  /// Matches words: blanks, and what stands behind them up to the next blank that begins a word, or
  /// to a sign.
  var pattern: SplitPattern {
    let soft = blanks.union(weakEnds)
    let feeds = isolatesLineFeeds ? CodePointSet.lineFeed : .empty
    let strong = soft.union(feeds).negatedClassText
    let letter = soft.union(feeds).union(single).union(signs).negatedClassText
    var kinds = ["\(letter)+"]
    if !signs.isEmpty { kinds.append("\(signs.classText)+") }
    if !single.isEmpty { kinds.append(single.classText) }
    let blank = soft.classText
    let more = "(?:\(weakEnds.classText)\(blank)*\(strong)*)*"
    let word = "\(blank)*(?:\(kinds.joined(separator: "|")))\(more)|\(blank)+"
    return SplitPattern(isolatesLineFeeds ? "\(word)|\n+" : word)
  }

  /// What finds the matches of `pattern` in most texts; `nil` without such a processor.
  func blockWalk(by kernel: BlockKernel? = .best) -> BlockWalk? {
    BlockWalk(
      blanks: blanks, weakEnds: weakEnds, signs: signs, single: single,
      isolatesLineFeeds: isolatesLineFeeds, kernel: kernel)
  }
}

extension WordBorders {
  /// `nil` for normalizers that look across blanks, or that are not known not to, and for models with
  /// tokens across blanks.
  init?(_ normalizer: CompiledNormalizer, _ pairs: CharacterPairs, _ model: CompiledModel) {
    guard !pairs.hasMarkInside, model.hasToken(for: BlankMark.text) else { return nil }
    let isKnown = { (byte: UInt8) in model.hasAllBytes || model.hasToken(for: [byte]) }
    let mark = CodePointSet(BlankMark.scalar)
    var ruled: Set<UInt8> = []
    var removesExtraSpaces = false
    switch normalizer.steps.last {
    case .sentencePiece(let step):
      guard normalizer.steps.count == 1, let borders = step.wordBorders else { return nil }
      blanks = CodePointSet(scalars: borders.spaces)
      weakEnds = CodePointSet(scalars: borders.weakEnds).union(mark)
      ruled = borders.firsts.union(borders.inner)
      removesExtraSpaces = step.options.removesExtraSpaces
      // A space becomes the three bytes of its mark.
      growth = max(3, borders.growth)
    case .replace(let replacement):
      guard replacement.text == [0x20], replacement.replacement == BlankMark.text,
        normalizer.steps.dropLast().allSatisfy({ if case .prepend = $0 { true } else { false } })
      else { return nil }
      blanks = CodePointSet(0x20)
      weakEnds = mark
      growth = 3
    default: return nil
    }
    trimsEnds = removesExtraSpaces
    isolatesLineFeeds =
      !removesExtraSpaces && !pairs.hasLineFeedBeside && !ruled.contains(0x0A) && isKnown(0x0A)
    let candidates = Set(UInt8(0x21)...0x7E).filter { !ruled.contains($0) && isKnown($0) }
    let alone = pairs.alone(among: candidates)
    single = CodePointSet(scalars: alone.map { UInt32($0) })
    signs = CodePointSet(
      scalars: pairs.closed(among: candidates.subtracting(alone).filter(Self.isSign)).map {
        UInt32($0)
      })
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    !(0x30...0x39).contains(byte) && !(0x61...0x7A).contains(byte | 0x20)
  }
}
