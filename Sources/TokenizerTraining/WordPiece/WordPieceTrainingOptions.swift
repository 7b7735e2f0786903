/// What a WordPiece training run is asked for. Defaults are those of `toktrain wordpiece`.
public struct WordPieceTrainingOptions: Sendable, Equatable {
  /// Tokens in all: special tokens, alphabet and merged tokens.
  public var vocabularySize: Int = 30_000
  /// By what the tokens are chosen.
  public var score = WordPieceScore.frequency
  /// A pair must occur this often to be merged, where `score` is frequency or gain. 0 and 1 mean the
  /// same.
  public var minimumFrequency: UInt64 = 2
  /// Texts of special tokens, UTF-8; they take the ids from 0 in this order, repeats left out.
  public var specialTokens: [[UInt8]] = Self.bertTokens
  /// The special token for words that the vocabulary cannot spell.
  public var unknownToken: [UInt8] = Array("[UNK]".utf8)
  /// What tokens that continue a word begin with; not empty.
  public var continuingPrefix: [UInt8] = Array("##".utf8)
  /// Longest word that encoders look at, in characters: no token has more.
  public var longestWord: Int = 100
  /// Characters (Unicode scalars) that get a token whether they occur or not.
  public var initialAlphabet: [UInt32] = []
  /// Most characters to keep: the most frequent, with those of `initialAlphabet` first; equal counts
  /// keep the smaller code point. `nil`: all that occur.
  public var alphabetLimit: Int? = nil
  /// Characters that continue words, in the order in which they get their ids; those that are not
  /// named come after them, in the trainer's own order. Hugging Face's trainer has another order in
  /// every run, and equally frequent pairs are merged by it: with the order of such a run, the
  /// whole vocabulary is that of the run. The top-down learner has no use for it.
  public var continuingOrder: [UInt32] = []

  public init() {}

  /// `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, `[MASK]`.
  public static let bertTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map {
    Array($0.utf8)
  }
}
