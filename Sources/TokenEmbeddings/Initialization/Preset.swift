/// The first layers of known families and frameworks, with the positions that belong to them: a sinusoid,
/// whose numbers have a root mean square of 0.71, drowns tokens of standard deviation 0.02.
public enum Preset: String, Sendable, CaseIterable {
  /// Vaswani and others 2017 as in tensor2tensor: d^-1/2, multiplied by √d when it is looked up
  /// (`multiply_embedding_mode`), and sinusoids. Segments and learned positions, which the paper does
  /// not have, are drawn as large as tokens come in.
  case transformer
  /// OpenAI's: 0.02, learned positions of 0.01, no segments (`src/model.py`; Hugging Face has 0.02 for
  /// both).
  case gpt2
  /// Google's: 0.02 cut at two sigmas, for tokens, learned positions and two segments
  /// (`modeling.py`, `create_initializer`).
  case bert
  /// Hugging Face's `T5PreTrainedModel`: 1; positions are a bias of the attention, which is no part of
  /// this layer.
  case t5
  /// Hugging Face's `LlamaPreTrainedModel`: 0.02; positions turn queries and keys.
  case llama
  /// `torch.nn.Embedding`: 1.
  case torch
  /// `keras.layers.Embedding`: -0.05 to 0.05; positions as `keras_hub.layers.PositionEmbedding` learns
  /// them (Glorot's uniform).
  case keras
  /// `mlx.nn.Embedding`: d^-1/2, and `mlx.nn.SinusoidalPositionalEncoding`, whose sinusoids are as
  /// large.
  case mlx

  /// Numbers of a head by custom: 512 / 8 in the paper, 768 / 12 in BERT.
  static let headDimension = 64

  func draws(dimension: Int) -> LayerDraws {
    let root = Double(dimension).squareRoot()
    let sinusoids = PositionEncoding.sinusoidal(SinusoidalPositions())
    switch self {
    case .transformer:
      return LayerDraws(
        token: .normal(std: 1 / root), tokenScale: root, position: .normal(std: 1),
        segment: .normal(std: 1), positions: sinusoids, segmentCount: 2)
    case .gpt2:
      return LayerDraws(
        token: .normal(std: 0.02), position: .normal(std: 0.01), segment: .normal(std: 0.02),
        positions: .learned, segmentCount: 0)
    case .bert:
      let draws = Distribution.normal(std: 0.02, truncation: 2)
      return LayerDraws(
        token: draws, position: draws, segment: draws, positions: .learned, segmentCount: 2)
    case .t5:
      let draws = Distribution.normal(std: 1)
      return LayerDraws(
        token: draws, position: draws, segment: draws, positions: .none, segmentCount: 0)
    case .llama:
      let draws = Distribution.normal(std: 0.02)
      return LayerDraws(
        token: draws, position: draws, segment: draws,
        positions: .rotary(RotaryPositions(headDimension: min(Self.headDimension, dimension))),
        segmentCount: 0)
    case .torch:
      return LayerDraws(all: .normal(std: 1))
    case .keras:
      return LayerDraws(
        token: .uniform(bound: 0.05), position: .xavier, segment: .uniform(bound: 0.05),
        positions: .learned, segmentCount: 2)
    case .mlx:
      let draws = Distribution.normal(std: 1 / root)
      return LayerDraws(
        token: draws, position: draws, segment: draws,
        positions: .sinusoidal(
          SinusoidalPositions(layout: .halves, spacing: .t2t, scale: 2.0.squareRoot() / root)),
        segmentCount: 2)
    }
  }
}
