/// Ways of encoding by chance, so that a model in training sees a text in many cuts (subword
/// regularization).
///
/// What chance does is a function of the seed, of the number of the text (`TokenEncoder.textNumber`)
/// and of the place in the text: it is the same for any number of threads, and in every run.
public struct Sampling: Sendable, Equatable {
  public enum Method: Sendable, Equatable {
    /// A way through the lattice of a unigram model, as likely as its share in the sum of
    /// e^(`alpha` × score) over all ways, or over the `candidates` best (Kudo 2018, section 3.3).
    /// `alpha` 0: all are equally likely; the greater, the surer the best one. Of a text that is cut
    /// into pre-tokens, each is drawn for itself.
    case ways(alpha: Double, candidates: Int?)
    /// Each merge of a byte-pair encoding is left out with a probability from 0 to 1
    /// (Provilkov, Emelianenko, Voita 2020), as `MergeDropout` says.
    case dropout(Double)
  }

  /// Most candidates, as in SentencePiece (`kMaxNBestSize`).
  public static let mostCandidates = 512

  public var method: Method
  public var seed: UInt64

  public init(_ method: Method, seed: UInt64 = 0) {
    self.method = method
    self.seed = seed
  }

  /// Whether the result is that of encoding without chance.
  var isCertain: Bool {
    switch method {
    case .ways(_, let candidates): candidates.map { $0 <= 1 } ?? false
    case .dropout(let probability): probability == 0
    }
  }

  /// `nil` unless numbers are in their ranges.
  var checked: Sampling? {
    switch method {
    case .ways(let alpha, let candidates):
      alpha.isFinite && alpha >= 0 && (0...Self.mostCandidates).contains(candidates ?? 0)
        ? self : nil
    case .dropout(let probability): (0...1).contains(probability) ? self : nil
    }
  }
}

extension TokenizerModel {
  /// What the model itself leaves to chance.
  var ownSampling: Sampling? {
    if case .bpe(let model) = self { model.dropout.map { Sampling(.dropout($0)) } } else { nil }
  }
}
