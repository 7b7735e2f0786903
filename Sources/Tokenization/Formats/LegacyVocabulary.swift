import Primitives

/// Vocabularies of several files, none of which says all: `vocab.json` with `merges.txt`, and
/// `vocab.txt`, each with what the `transformers` library writes beside it.
enum LegacyVocabulary {
  private static let pair = (vocabulary: "vocab.json", merges: "merges.txt")
  private static let list = "vocab.txt"

  /// The tokenizer that a path names: one of such files, or a directory that has them and nothing that
  /// says more; `nil`: the path names something else.
  static func load(_ path: [UInt8], isDirectory: Bool) throws(LoadingError) -> LoadedTokenizer? {
    let folder = isDirectory ? path : path.parentPath
    let name = String(decoding: path.lastPathName, as: UTF8.self)
    if !isDirectory, ![pair.vocabulary, pair.merges, list].contains(name) { return nil }
    var whole: String?
    for name in TokenizerFile.namesInDirectory(isOurs: false) where whole == nil {
      if try TokenizerLocation.exists(folder.appendingPath(Array(name.utf8))) { whole = name }
    }
    if isDirectory, whole != nil { return nil }
    let warnings = whole.map { [ModelWarning.saidElsewhere(name: $0)] } ?? []
    if isDirectory || name != list, let tokenizer = try loadPair(folder) {
      return LoadedTokenizer(tokenizer: tokenizer, warnings: warnings, custom: .gpt2)
    }
    guard isDirectory || name == list, let tokenizer = try loadList(folder) else { return nil }
    return LoadedTokenizer(tokenizer: tokenizer, warnings: warnings, custom: .bert)
  }

  private static func loadPair(_ folder: [UInt8]) throws(LoadingError) -> Tokenizer? {
    guard let vocabulary = try file(pair.vocabulary, in: folder),
      let merges = try file(pair.merges, in: folder)
    else { return nil }
    let configuration = try configuration(in: folder)
    do throws(FormatError) {
      return try VocabularyAndMerges.read(
        vocabulary: vocabulary, merges: merges, configuration: configuration)
    } catch {
      throw .format(error, path: folder)
    }
  }

  private static func loadList(_ folder: [UInt8]) throws(LoadingError) -> Tokenizer? {
    guard let bytes = try file(list, in: folder) else { return nil }
    let configuration = try configuration(in: folder)
    do throws(FormatError) {
      return try WordPieceList.read(bytes, configuration: configuration)
    } catch {
      throw .format(error, path: folder.appendingPath(Array(list.utf8)))
    }
  }

  private static func configuration(
    in folder: [UInt8]
  ) throws(LoadingError) -> TokenizerConfiguration {
    let names = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"]
    var files: [[UInt8]?] = []
    for name in names { files.append(try file(name, in: folder)) }
    do throws(FormatError) {
      return try TokenizerConfiguration(
        configuration: files[0], specialTokensMap: files[1], addedTokens: files[2])
    } catch {
      throw .format(error, path: folder)
    }
  }

  private static func file(_ name: String, in folder: [UInt8]) throws(LoadingError) -> [UInt8]? {
    try TokenizerLocation.read(folder.appendingPath(Array(name.utf8)), mayBeAbsent: true)
  }
}
