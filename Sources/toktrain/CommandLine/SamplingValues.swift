import Tokenization

/// What `--sampling` says: how a way through the lattice is drawn.
struct SamplingChoice: Equatable {
  var alpha = 0.1
  /// `nil`: all ways.
  var candidates: Int?

  var method: Sampling.Method { .ways(alpha: alpha, candidates: candidates) }
}

extension ValueKind where Value == SamplingChoice {
  /// `alpha=NUMBER`, `nbest=NUMBER` or both, joined by a comma; -1 stands for all ways, as in
  /// SentencePiece.
  static var sampling: ValueKind {
    ValueKind(
      "alpha=A,nbest=N",
      expected: "alpha=A,nbest=N with A from 0 and N from 1 to \(Sampling.mostCandidates), or -1"
    ) { word in
      guard let text = word.text else { return nil }
      var choice = SamplingChoice()
      var seen: [Substring] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let pair = part.split(separator: "=", maxSplits: 1)
        guard pair.count == 2, !seen.contains(pair[0]) else { return nil }
        seen.append(pair[0])
        switch pair[0] {
        case "alpha":
          guard let alpha = decimal(pair[1]) else { return nil }
          choice.alpha = alpha
        case "nbest":
          guard let count = Int(pair[1]), count == -1 || (1...Sampling.mostCandidates) ~= count
          else { return nil }
          choice.candidates = count == -1 ? nil : count
        default: return nil
        }
      }
      return choice
    }
  }
}

extension ValueKind where Value == Double {
  /// A number written in decimal digits.
  static func number(
    _ placeholder: String, _ range: ClosedRange<Double>, _ expected: String
  ) -> ValueKind {
    ValueKind(placeholder, expected: expected) { word in
      word.text.flatMap { decimal($0[...]) }.flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueKind where Value == UInt64 {
  /// A seed: any whole number that fits.
  static var seed: ValueKind {
    ValueKind("N", expected: "a whole number from 0 to 18446744073709551615") { word in
      guard let text = word.text, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return nil
      }
      return UInt64(text)
    }
  }
}

/// A number from 0 on in decimal digits, with an exponent if need be; no names and no other bases.
private func decimal(_ text: Substring) -> Double? {
  let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
  guard isPlain, let number = Double(text), number.isFinite, number >= 0 else { return nil }
  return number
}
