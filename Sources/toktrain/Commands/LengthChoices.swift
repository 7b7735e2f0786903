import Primitives
import Tokenization

/// How long `encode` makes encodings: what is cut, and what is filled up.
struct LengthChoices: Equatable {
  var longest: Int?
  var strategy: Strategy?
  var side: Side?
  var stride: Int?
  var keepsOverflow = false
  var padding: PaddingGoal?
  var paddingSide: Side?
  var paddingMultiple: Int?
  var paddingToken: [UInt8]?
  var paddingType: Int?
  var asModelSays = false

  enum Strategy: String, CaseIterable {
    case longestFirst = "longest-first"
    case onlyFirst = "only-first"
    case onlySecond = "only-second"
  }

  enum Side: String, CaseIterable {
    case right, left
  }

  enum PaddingGoal: Equatable {
    /// As long as the longest of all documents.
    case longest
    case length(Int)
  }

  func validate() throws(UsageError) {
    if longest == nil && !asModelSays {
      let options = [
        ("--truncate", strategy != nil), ("--truncate-side", side != nil),
        ("--stride", stride != nil), ("--overflow", keepsOverflow),
      ]
      if let (option, _) = options.first(where: \.1) {
        throw .conflict("\(option) says how --max-length cuts; give that too")
      }
    }
    if padding == nil && !asModelSays {
      let options = [
        ("--pad-side", paddingSide != nil), ("--pad-multiple", paddingMultiple != nil),
        ("--pad-token", paddingToken != nil), ("--pad-type", paddingType != nil),
      ]
      if let (option, _) = options.first(where: \.1) {
        throw .conflict("\(option) says how --pad fills up; give that too")
      }
    }
  }

  /// Adds the choices to what an encoder does.
  func apply(to options: inout EncodingOptions, of tokenizer: Tokenizer) throws(Failure) {
    if asModelSays && tokenizer.truncation == nil && tokenizer.padding == nil {
      throw UsageError.conflict(
        "--model-lengths: the model says nothing of lengths; give --max-length or --pad"
      ).failure
    }
    options.truncation = truncation(of: tokenizer)
    options.keepsOverflow = keepsOverflow
    options.padding = try paddingRule(of: tokenizer)
  }

  private func truncation(of tokenizer: Tokenizer) -> Truncation? {
    let told = asModelSays ? tokenizer.truncation : nil
    guard let longest = longest ?? told?.longest else { return nil }
    var truncation = told ?? Truncation(longest: longest)
    truncation.longest = longest
    switch strategy {
    case nil: break
    case .longestFirst: truncation.strategy = .longestFirst
    case .onlyFirst: truncation.strategy = .onlyFirst
    case .onlySecond: truncation.strategy = .onlySecond
    }
    if let side { truncation.direction = side.direction }
    if let stride { truncation.stride = stride }
    return truncation
  }

  private func paddingRule(of tokenizer: Tokenizer) throws(Failure) -> Padding? {
    let told = asModelSays ? tokenizer.padding : nil
    guard padding != nil || told != nil else { return nil }
    var rule = Padding(id: 0, token: [])
    if let told { rule = told } else { rule = try paddingByToken(of: tokenizer) }
    if let paddingToken { try Self.set(paddingToken, of: tokenizer, in: &rule) }
    switch padding {
    case nil: break
    case .longest: rule.length = nil
    case .length(let length): rule.length = length
    }
    if let paddingSide { rule.direction = paddingSide.direction }
    if let paddingMultiple { rule.multiple = paddingMultiple }
    if let paddingType { rule.typeID = UInt32(paddingType) }
    return rule
  }

  /// The token that the model's file names, or one whose name leaves no doubt.
  private func paddingByToken(of tokenizer: Tokenizer) throws(Failure) -> Padding {
    var rule = Padding(id: 0, token: [])
    if paddingToken != nil { return rule }
    if let told = tokenizer.padding {
      (rule.id, rule.token) = (told.id, told.token)
      return rule
    }
    for name in ["[PAD]", "<pad>"].map({ Array($0.utf8) }) {
      guard let id = tokenizer.id(of: name) else { continue }
      (rule.id, rule.token) = (id, name)
      return rule
    }
    throw UsageError.conflict(
      "--pad: the model has neither [PAD] nor <pad>; name its token with --pad-token"
    ).failure
  }

  private static func set(
    _ token: [UInt8], of tokenizer: Tokenizer, in rule: inout Padding
  ) throws(Failure) {
    guard let id = tokenizer.id(of: token) else {
      throw UsageError.conflict(
        "--pad-token: the model has no token '\(VisibleText.path(token))'; inspect it to see which it has"
      ).failure
    }
    (rule.id, rule.token) = (id, token)
  }
}

extension LengthChoices.Side {
  fileprivate var direction: Truncation.Direction { self == .left ? .left : .right }
}

extension EncodeCommand {
  /// What lengths can be asked for; only the two that start it all are in the short help.
  static var lengthOptions: [Option<EncodeCommand>] {
    [
      .optional(
        "max-length", \.lengths.longest, .number(0...Int.max),
        "cut what has more ids, special ones included",
        detail: "Room is left for the special tokens that --add-special adds."),
      .optional(
        "truncate", \.lengths.strategy, .choice("STRATEGY"),
        "which text of a pair is cut (default longest-first)",
        detail: "longest-first: the longer one, then both alike."
      ).detailed,
      .optional(
        "truncate-side", \.lengths.side, .choice("SIDE"), "where ids are cut off (default right)"
      ).detailed,
      .optional(
        "stride", \.lengths.stride, .number(0...Int.max),
        "ids that parts of a cut text have in common (default 0)"
      ).detailed,
      .flag(
        "overflow", \.lengths.keepsOverflow, "give what is cut off, too",
        detail: "In parts of the same length, each a line behind what stays; with --json "
          + "under 'overflowing'. Of a pair, each part of one text with each of the other."
      ).detailed,
      .optional(
        "pad", \.lengths.padding, .paddingGoal, "fill up: to N ids, or to the longest document",
        detail: "With longest all documents are held in memory, to be as long as the longest."),
      .optional(
        "pad-side", \.lengths.paddingSide, .choice("SIDE"), "where ids are added (default right)"
      ).detailed,
      .optional(
        "pad-multiple", \.lengths.paddingMultiple, .number(1...Padding.greatestLength),
        "round the length up to a multiple of N"
      ).detailed,
      .optional(
        "pad-token", \.lengths.paddingToken, .utf8("TOKEN"),
        "the token to fill up with",
        detail: "Without it the one that the model's file names, [PAD] or <pad>."
      ).detailed,
      .optional(
        "pad-type", \.lengths.paddingType, .number(0...Int(UInt32.max)),
        "its type id (default 0)"
      ).detailed,
      .flag(
        "model-lengths", \.lengths.asModelSays, "cut and fill up as the model's file says",
        detail: "What tokenizer.json has under 'truncation' and 'padding'. Other options that are "
          + "given hold instead."
      ).detailed,
    ]
  }
}

extension ValueKind where Value == LengthChoices.PaddingGoal {
  /// `longest`, or a number of ids.
  static var paddingGoal: ValueKind {
    let number = ValueKind<Int>.number(0...Padding.greatestLength)
    return ValueKind("GOAL", expected: "longest, or \(number.expected)", choices: ["longest"]) {
      $0.text == "longest" ? .longest : number.read($0).map { .length($0) }
    }
  }
}
