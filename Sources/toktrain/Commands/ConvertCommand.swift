import Primitives
import Tokenization

/// `toktrain convert`: a vocabulary in the files of another library, with proof.
struct ConvertCommand: Command {
  var model: [UInt8] = []
  var target: Conversion.Target?
  var output: [UInt8]?
  var replaces = false
  var proof: [UInt8]?
  var isLossy = false
  var pattern: NamedPattern?
  var threads = 1
  var isQuiet = false

  /// How a directory that `convert` wrote is told from others.
  private static let marker = "conversion.json"
  private static let markerStart = "{\n  \"format\": \"toktrain/conversion/"

  static var schema: Schema<ConvertCommand> {
    Schema(
      "convert", "Writes a vocabulary in the files of another library, and proves it.",
      examples: [
        "toktrain convert tokenizer.json --to sentencepiece -o spm/",
        "toktrain convert Vocab/corpus-bpe --to tiktoken -o tt/ --proof corpus.txt",
      ],
      positionals: [
        .one("MODEL", \.model, "a directory that toktrain wrote, or a tokenizer file")
      ],
      options: [
        .optional(
          "to", \.target, .choice("KIND"), "whose files to write",
          detail: "hf: tokenizer.json; hf-legacy: vocab.json and merges.txt, or vocab.txt; "
            + "sentencepiece: tokenizer.model; tiktoken: tokenizer.tiktoken; wordpiece: vocab.txt. "
            + "hf, hf-legacy and wordpiece write tokenizer_config.json and its like besides."),
        .optional("output", short: "o", \.output, .path("DIR"), "where to write"),
        .flag(
          "force", short: "f", \.replaces, "replace what convert wrote there before",
          detail: "Only an empty directory or one that convert wrote is ever replaced."),
        .optional(
          "proof", \.proof, .path("FILE"), "text to compare on, line by line",
          detail: "Without it, some lines in many scripts that are built in."),
        .flag(
          "lossy", \.isLossy, "leave out what the files cannot say",
          detail: "What was given up is listed. Without this option it is an error that names the "
            + "feature."),
        .rankPattern(\.pattern),
      ] + Option.common,
      discussion: [
        "What was written is loaded again, and the ids of each line of the text are compared with "
          + "those of the original. If any differ, the first such line is shown with both splits, "
          + "and the exit status is 1."
      ])
  }

  func validate() throws(UsageError) {
    if target == nil {
      throw .conflict(
        "--to is missing: give it one of "
          + Conversion.Target.allCases.map(\.rawValue).joined(separator: ", "))
    }
    if output == nil { throw .conflict("-o is missing: give it the directory to write") }
  }

  func run(on console: Console) throws(Failure) {
    guard let target, let output else { return }
    let lines = try proofLines()
    let source = try ModelFile.loadWhole(model, pattern: pattern, console)
    let directory = try Failure.mapping { () throws(FileError) in
      try AtomicDirectory(
        at: output,
        existing: replaces
          ? .replaced(
            AtomicDirectory.Signature(
              marker: Self.marker, markerPrefix: Array(Self.markerStart.utf8),
              fileNames: Conversion.fileNames + [Self.marker])) : .refused)
    }
    let conversion: Conversion
    do throws(FormatError) {
      conversion = try Conversion(
        of: source.tokenizer, sentencePiece: source.sentencePiece, to: target, isLossy: isLossy)
    } catch {
      throw Failure(
        .badData, "\(VisibleText.path(model)): \(error)",
        tip: isLossy ? nil : "--lossy leaves out what can be left out")
    }
    try Failure.mapping { () throws(FileError) in
      for file in conversion.files { try directory.write(file.bytes, to: file.name) }
      try directory.write(account(of: conversion, target), to: Self.marker)
      try directory.commit()
    }
    try console.print("wrote \(VisibleText.path(output)): \(Self.names(conversion))")
    for loss in conversion.losses { try console.print("given up: \(VisibleText.message(loss))") }
    for difference in conversion.differences { console.note("note: \(difference)") }
    try prove(source.tokenizer, output, lines, console)
  }

  private static func names(_ conversion: Conversion) -> String {
    conversion.files.map(\.name).joined(separator: ", ")
  }

  /// What the directory is, and what of the original it has not.
  private func account(of conversion: Conversion, _ target: Conversion.Target) -> [UInt8] {
    var json = JSONWriter(layout: .pretty)
    json.object { json in
      json.key("format")
      json.string("toktrain/conversion/1")
      json.key("kind")
      json.string(target.rawValue)
      json.key("toktrain")
      json.string(ToolkitVersion.current)
      json.key("given_up")
      json.array { json in for loss in conversion.losses { json.string(loss) } }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func proofLines() throws(Failure) -> [ArraySlice<UInt8>] {
    let text =
      if let proof {
        try Failure.mapping { () throws(FileError) in try WholeFile.read(proof) }
      } else { Array(ProofSample.text.utf8) }
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Loads what was written, and compares.
  private func prove(
    _ original: Tokenizer, _ place: [UInt8], _ lines: [ArraySlice<UInt8>], _ console: Console
  ) throws(Failure) {
    let converted = try ModelFile.load(place, console)
    let proof = try Failure.mapping { () throws(TokenizerError) in
      try ConversionProof(original, converted, on: lines)
    }
    let sample = self.proof.map { VisibleText.path($0) } ?? "the built-in sample"
    try console.print(
      "proved: \(Figures.grouped(proof.equal)) of \(Figures.counted(proof.lines, "line")) of "
        + "\(sample) have equal ids")
    guard let first = proof.first else { return }
    try console.print("first difference, line \(Figures.grouped(first.line)):")
    try console.print(
      "  text       \(VisibleText.message(String(decoding: first.text, as: UTF8.self)))")
    try console.print("  original   \(Self.shown(first.original, original))")
    try console.print("  converted  \(Self.shown(first.converted, converted))")
    throw Failure(.answeredNo, "the ids are not equal")
  }

  private static func shown(_ ids: [TokenID], _ tokenizer: Tokenizer) -> String {
    ids.map { id in
      "\(tokenizer.bytes(of: id).map { VisibleText.token($0) } ?? "?") \(id)"
    }.joined(separator: " | ")
  }
}
