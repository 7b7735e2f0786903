/// What a table of a layer is for.
public enum TableRole: String, Sendable, CaseIterable {
  case token, position, segment
  /// Tables of what is not added.
  case rotaryCosines, rotarySines, biasSlopes

  var noun: String {
    switch self {
    case .token: "table of tokens"
    case .position: "table of positions"
    case .segment: "table of segments"
    case .rotaryCosines, .rotarySines: "tables of angles"
    case .biasSlopes: "slopes"
    }
  }
}

/// Whose names the tables have, so that a model loads them as its own.
public enum Naming: String, Sendable, CaseIterable {
  case plain
  /// `GPT2LMHeadModel` of Hugging Face's transformers.
  case gpt2
  /// `BertForMaskedLM` and its like there.
  case bert
  /// `LlamaForCausalLM`; Mistral, Qwen and Gemma have the same.
  case llama
  /// `T5ForConditionalGeneration`.
  case t5

  /// The name of a table; `nil` where such models have none. Angles and slopes are no weights in any of
  /// them: they keep plain names, by which no model takes them for its own.
  public func name(of role: TableRole) -> String? {
    switch (self, role) {
    case (_, .rotaryCosines): "rotary.cosines"
    case (_, .rotarySines): "rotary.sines"
    case (_, .biasSlopes): "alibi.slopes"
    case (.plain, .token): "token_embedding.weight"
    case (.plain, .position): "position_embedding.weight"
    case (.plain, .segment): "segment_embedding.weight"
    case (.gpt2, .token): "transformer.wte.weight"
    case (.gpt2, .position): "transformer.wpe.weight"
    case (.bert, .token): "bert.embeddings.word_embeddings.weight"
    case (.bert, .position): "bert.embeddings.position_embeddings.weight"
    case (.bert, .segment): "bert.embeddings.token_type_embeddings.weight"
    case (.llama, .token): "model.embed_tokens.weight"
    case (.t5, .token): "shared.weight"
    case (.gpt2, .segment), (.llama, _), (.t5, _): nil
    }
  }
}
