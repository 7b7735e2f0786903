/// Quantifiers: the two dialects and ICU read intervals, `+` and `?` behind them each in its own way.
extension ICUPatternText {
  /// Whether an interval stands here; otherwise the brace is a literal.
  var hasInterval: Bool {
    var scan = self
    return scan.interval() != nil
  }

  mutating func interval() -> (least: Int, most: Int?)? {
    guard take("{") else { return nil }
    let least = number()
    if take("}") { return least.map { ($0, $0) } }
    guard take(",") else { return nil }
    let most = number()
    guard take("}"), least != nil || most != nil || dialect == .tiktoken else { return nil }
    return (least ?? 0, most)
  }

  mutating func quantify() throws(PatternError) {
    let start = at
    guard let atom else {
      throw .malformed(offset: at, expected: "something to repeat, or a backslash")
    }
    var (least, most): (Int, Int?) = (0, nil)
    var isInterval = false
    if take("*") {
    } else if take("+") {
      least = 1
    } else if take("?") {
      most = 1
    } else if let interval = interval() {
      (least, most) = interval
      isInterval = true
    }
    guard max(least, most ?? 0) <= 100_000 else {
      throw .refused(offset: start, construct: "an interval beyond 100000")
    }
    var isPossessive = false
    if let upper = most, upper < least {
      // Oniguruma: {3,1} is the possessive {1,3}.
      guard dialect == .huggingFace else {
        throw .malformed(offset: start, expected: "an interval such as {1,3}")
      }
      (least, most) = (upper, least)
      isPossessive = true
    }
    let isFixed = isInterval && most == least
    let isLazy =
      !isPossessive && !(isFixed && dialect == .huggingFace) && take("?")
    if !isLazy, !isPossessive, !(isInterval && dialect == .huggingFace) {
      isPossessive = take("+")
    }
    // ICU runs along a set for * and + alone; an interval saves each place to come back to.
    switch (least, most) {
    case (0, nil): output.write("*")
    case (1, nil): output.write("+")
    case (0, 1): output.write("?")
    default:
      output.write("{")
      output.write(least)
      if most != least {
        output.write(",")
        if let most { output.write(most) }
      }
      output.write("}")
    }
    if nullability.last, isInterval || isLazy && most == nil {
      // ICU goes round without end, or leaves at another time than Oniguruma.
      throw .refused(
        offset: start, construct: "a lazy or counted repetition of what may match nothing")
    }
    if least == 0 { nullability.last = true }
    if isLazy { output.write("?") }
    if isPossessive { output.write("+") }
    // What follows may repeat all this, and {2}? or {1,3}+ would be read as one quantifier.
    output.enclose(from: atom)
    self.atom = atom
  }
}
