import Primitives
import Tokenization

/// `layer.json`: what a layer is, and all that is needed to make it again.
public struct LayerRecord: Sendable, Equatable {
  public static let fileName = "layer.json"
  /// How the file begins, whatever the version.
  public static let start = "{\n  \"format\": \"toktrain/layer/"
  private static let format = "toktrain/layer/1"

  /// Ids of the vocabulary.
  public var vocabularySize: Int
  /// Rows of tokens.
  public var paddedSize: Int
  public var dimension: Int
  /// What vectors of tokens are multiplied by when they are looked up.
  public var tokenScale: Double
  public var tokenTensor: [UInt8]
  /// Where positions are added.
  public var positionTensor: [UInt8]?
  public var maxLength: Int
  /// How positions are told apart, as the file names it.
  public var positions: [UInt8]
  public var segmentTensor: [UInt8]?
  public var segmentCount: Int

  /// Reads a file.
  public init(reading bytes: [UInt8], path: [UInt8]) throws(LayerError) {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw .record(path: path, field: "all of it", expected: "JSON (\(error))")
    }
    let root = document.root
    guard root["format"]?.isString("toktrain/layer/1") ?? false else {
      throw .record(path: path, field: "format", expected: Self.format)
    }
    func integer(_ name: StaticString, in value: JSONValue?) throws(LayerError) -> Int {
      guard let number = value?[name]?.integer, number >= 0, number < 1 << 32 else {
        throw .record(path: path, field: "\(name)", expected: "a whole number below 2^32")
      }
      return Int(number)
    }
    func tensor(in value: JSONValue?) throws(LayerError) -> [UInt8]? {
      guard let name = value?["tensor"], !name.isNull else { return nil }
      guard let name = name.string else {
        throw .record(path: path, field: "tensor", expected: "the name of a tensor")
      }
      return name
    }
    vocabularySize = try integer("vocabulary_size", in: root)
    paddedSize = try integer("padded_size", in: root)
    dimension = try integer("dimension", in: root)
    let (tokens, positions, segments) = (root["tokens"], root["positions"], root["segments"])
    guard let scale = tokens?["scale"]?.number, scale.isFinite, scale > 0 else {
      throw .record(path: path, field: "scale", expected: "a number above 0")
    }
    tokenScale = scale
    guard let tokenTensor = try tensor(in: tokens) else {
      throw .record(path: path, field: "tokens.tensor", expected: "the name of a tensor")
    }
    self.tokenTensor = tokenTensor
    guard let encoding = positions?["encoding"]?.string else {
      throw .record(path: path, field: "positions.encoding", expected: "a string")
    }
    self.positions = encoding
    positionTensor = try tensor(in: positions)
    maxLength = positionTensor == nil ? 0 : try integer("length", in: positions)
    segmentTensor = try tensor(in: segments)
    segmentCount = segmentTensor == nil ? 0 : try integer("count", in: segments)
  }

  /// The file of a plan.
  ///
  /// - Parameter tokenizer: the one that the plan is for.
  public static func bytes(of plan: LayerPlan, _ tokenizer: Tokenizer) -> [UInt8] {
    var json = JSONWriter(layout: .pretty)
    json.object { json in
      json.key("format")
      json.string(format)
      json.key("toktrain")
      json.string(ToolkitVersion.current)
      json.key("vocabulary_size")
      json.integer(plan.vocabularySize)
      json.key("padded_size")
      json.integer(plan.tables.first?.rowCount ?? 0)
      json.key("dimension")
      json.integer(plan.options.dimension)
      json.key("dtype")
      json.string(plan.options.elementType.rawValue)
      json.key("naming")
      json.string(plan.options.naming.rawValue)
      json.key("seed")
      json.integer(plan.options.seed)
      if case .preset(let preset) = plan.options.initialization {
        json.key("preset")
        json.string(preset.rawValue)
      }
      json.key("padding_id")
      if let id = plan.paddingID { json.integer(id) } else { json.null() }
      json.key("special_ids")
      json.object { json in
        for (name, id) in tokenizer.specialTokenRoles {
          json.key(Array(name.utf8))
          json.integer(id)
        }
      }
      plan.writeTables(to: &json)
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}

extension LayerPlan {
  fileprivate func writeTables(to json: inout JSONWriter) {
    json.key("tokens")
    json.object { json in
      writeTensor(.token, to: &json)
      if let origin {
        json.key("origin")
        json.string(origin)
      } else {
        json.key("drawn")
        draws.token.write(to: &json)
      }
      if let resizedRows {
        json.key("rows_from_file")
        json.integer(resizedRows)
      }
      json.key("scale")
      json.number(draws.tokenScale)
    }
    json.key("positions")
    json.object { json in
      json.key("encoding")
      json.string(draws.positions.name)
      writePositions(to: &json)
    }
    json.key("segments")
    json.object { json in
      writeTensor(.segment, to: &json)
      json.key("count")
      json.integer(draws.segmentCount)
      if draws.segmentCount > 0 {
        json.key("drawn")
        draws.segment.write(to: &json)
      }
    }
  }

  private func writeTensor(_ role: TableRole, to json: inout JSONWriter) {
    json.key("tensor")
    if let table = tables.first(where: { $0.role == role }) {
      json.string(table.name)
    } else {
      json.null()
    }
  }

  private func writePositions(to json: inout JSONWriter) {
    switch draws.positions {
    case .none: break
    case .learned:
      writeTensor(.position, to: &json)
      json.key("length")
      json.integer(options.maxLength)
      json.key("drawn")
      draws.position.write(to: &json)
    case .sinusoidal(let sinusoids):
      writeTensor(.position, to: &json)
      json.key("length")
      json.integer(options.maxLength)
      json.key("layout")
      json.string(sinusoids.layout.rawValue)
      json.key("spacing")
      json.string(sinusoids.spacing.rawValue)
      json.key("base")
      json.number(sinusoids.base)
      json.key("scale")
      json.number(sinusoids.scale)
    case .rotary(let rotary):
      json.key("length")
      json.integer(options.maxLength)
      json.key("head_dimension")
      json.integer(rotary.headDimension)
      json.key("layout")
      json.string(rotary.layout.rawValue)
      json.key("base")
      json.number(rotary.base)
      if let scaling = rotary.scaling {
        json.key("llama3_scaling")
        json.object { json in
          json.key("factor")
          json.number(scaling.factor)
          json.key("low_freq_factor")
          json.number(scaling.lowFrequencyFactor)
          json.key("high_freq_factor")
          json.number(scaling.highFrequencyFactor)
          json.key("original_max_position_embeddings")
          json.number(scaling.originalLength)
        }
      }
    case .linearBias(let heads):
      json.key("heads")
      json.integer(heads)
    }
  }
}

extension PositionEncoding {
  /// As the command line names it.
  public var name: String {
    switch self {
    case .none: "none"
    case .sinusoidal: "sinusoidal"
    case .learned: "learned"
    case .rotary: "rope"
    case .linearBias: "alibi"
    }
  }
}

extension Distribution {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("distribution")
      json.string(name)
      switch self {
      case .zeros, .xavier: break
      case .normal(let std, let truncation):
        json.key("std")
        json.number(std)
        if let truncation {
          json.key("truncate")
          json.number(truncation)
        }
      case .uniform(let bound):
        json.key("bound")
        json.number(bound)
      case .orthogonal(let gain):
        json.key("gain")
        json.number(gain)
      }
    }
  }
}
