import Primitives

/// Vocabularies whose pattern and special tokens are known (`tiktoken_ext/openai_public.py` of
/// tiktoken 0.14.0; `models/llama3/tokenizer.py` of llama-models 0.3.0), by tiktoken's names.
///
/// A rank file is known by the XXH3-128 fingerprint of its bytes in canonical form, which the
/// published files have. They were computed from files with the SHA-256 that tiktoken's source and
/// the publisher of Llama 3 give (they begin 306cd27f, 94b5ca7d, 223921b7, 446a9538 and 82e9d319).
/// `p50k_edit`, `o200k_harmony` and some versions of Llama 3 have the same ranks and other special
/// tokens: who wants those says so in a sidecar.
enum KnownRanks: String, CaseIterable {
  /// GPT-2 has the same.
  case r50k = "r50k_base"
  case p50k = "p50k_base"
  case cl100k = "cl100k_base"
  case o200k = "o200k_base"
  case llama3 = "llama3"

  /// The vocabulary that a file holds; `bytes`: as the file is, which may be canonical or not.
  init?(_ file: RankFile, reading bytes: [UInt8]) {
    let count = file.vocabulary.count
    guard let known = Self.allCases.first(where: { $0.count == count }) else { return nil }
    guard
      Fingerprint(of: bytes) == known.fingerprint
        || Fingerprint(of: file.bytes) == known.fingerprint
    else { return nil }
    self = known
  }

  /// One more than the greatest rank.
  private var count: Int {
    switch self {
    case .r50k: 50_256
    case .p50k: 50_281
    case .cl100k: 100_256
    case .o200k: 199_998
    case .llama3: 128_000
    }
  }

  private var fingerprint: Fingerprint {
    switch self {
    case .r50k: Fingerprint(high: 0xAA5E_F69A_716D_8A56, low: 0x3CB2_FBE9_5939_BD2D)
    case .p50k: Fingerprint(high: 0x1BFE_2EAD_D49E_9688, low: 0xF2D3_FA62_565E_6E17)
    case .cl100k: Fingerprint(high: 0x7CDB_781B_B5D5_9657, low: 0xAA5D_7BF3_8900_641A)
    case .o200k: Fingerprint(high: 0xDEE5_D4CE_D09A_2DB6, low: 0x72A0_95E8_2CA1_09D6)
    case .llama3: Fingerprint(high: 0x22E6_EE98_364F_2A1F, low: 0xE733_9703_BB9E_9D7B)
    }
  }

  var sidecar: RankSidecar {
    RankSidecar(
      pattern: pattern,
      specialTokens: specialTokens.map { SpecialToken(id: $0.id, content: Array($0.text.utf8)) })
  }

  private var pattern: String {
    switch self {
    case .r50k, .p50k:
      #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#
    case .cl100k: NamedPattern.cl100k.pattern?.text ?? ""
    case .o200k: NamedPattern.o200k.pattern?.text ?? ""
    case .llama3: NamedPattern.llama3.pattern?.text ?? ""
    }
  }

  private var specialTokens: [(text: String, id: TokenID)] {
    switch self {
    case .r50k, .p50k: [("<|endoftext|>", 50_256)]
    case .cl100k:
      [
        ("<|endoftext|>", 100_257), ("<|fim_prefix|>", 100_258), ("<|fim_middle|>", 100_259),
        ("<|fim_suffix|>", 100_260), ("<|endofprompt|>", 100_276),
      ]
    case .o200k: [("<|endoftext|>", 199_999), ("<|endofprompt|>", 200_018)]
    case .llama3: Self.llama3Tokens
    }
  }

  /// 256 in all; most stand for nothing yet.
  private static var llama3Tokens: [(text: String, id: TokenID)] {
    let roles = [
      "begin_of_text", "end_of_text", "reserved_special_token_0", "reserved_special_token_1",
      "finetune_right_pad_id", "step_id", "start_header_id", "end_header_id", "eom_id", "eot_id",
      "python_tag", "image",
    ]
    let reserved = (2..<246).map { "reserved_special_token_\($0)" }
    return (roles + reserved).enumerated().map { ("<|\($1)|>", TokenID(128_000 + $0)) }
  }
}
