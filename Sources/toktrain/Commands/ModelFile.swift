import Primitives
import Tokenization

/// A MODEL of the command line: a directory that a trainer wrote, or a file.
enum ModelFile {
  /// Loads a model; what should be known of it goes to the console.
  ///
  /// - Parameter pattern: how text is cut, for a rank file that does not say it.
  static func load(
    _ path: [UInt8], pattern: NamedPattern? = nil, _ console: Console
  ) throws(Failure) -> Tokenizer {
    try loadWhole(path, pattern: pattern, console).tokenizer
  }

  /// Loads one of several models, of which some may be rank files that do not say how text is cut.
  static func load(
    _ path: [UInt8], patternIfNeeded pattern: NamedPattern?, _ console: Console
  ) throws(Failure) -> Tokenizer {
    do throws(LoadingError) {
      return try loadWhole(path, patternIfNeeded: pattern, console).tokenizer
    } catch {
      throw Failure(error)
    }
  }

  /// The same, with what else its file says, for whoever takes what is no tokenizer for something else.
  static func loadWhole(
    _ path: [UInt8], patternIfNeeded pattern: NamedPattern?, _ console: Console
  ) throws(LoadingError) -> LoadedTokenizer {
    let location = TokenizerLocation(path)
    do throws(LoadingError) {
      return loaded(try location.load(), path, console)
    } catch {
      guard let pattern, case .format(.missingPattern, _) = error else { throw error }
      return loaded(try location.load(pattern: pattern), path, console)
    }
  }

  /// The same, with what else its file says.
  static func loadWhole(
    _ path: [UInt8], pattern: NamedPattern? = nil, _ console: Console
  ) throws(Failure) -> LoadedTokenizer {
    do throws(LoadingError) {
      return loaded(try TokenizerLocation(path).load(pattern: pattern), path, console)
    } catch {
      throw Failure(error)
    }
  }

  private static func loaded(
    _ loaded: LoadedTokenizer, _ path: [UInt8], _ console: Console
  ) -> LoadedTokenizer {
    for warning in loaded.warnings {
      console.note("warning: \(VisibleText.path(path)): \(warning)")
    }
    return loaded
  }

  /// The files by which a model is loaded, for another directory.
  static func files(
    of path: [UInt8], pattern: NamedPattern? = nil
  ) throws(Failure) -> [HuggingFaceDirectory.File] {
    do throws(LoadingError) {
      return try TokenizerLocation(path).files(pattern: pattern)
    } catch {
      throw Failure(error)
    }
  }
}

extension Failure {
  init(_ error: LoadingError) {
    switch error {
    case .file(let error): self.init(error)
    case .format(let error, let path): self.init(error, in: path)
    case .nothingThere: self.init(.resource, "\(error)")
    case .patternNotNeeded(let path):
      self =
        UsageError.conflict(
          "--pattern is for rank files; \(VisibleText.path(path)) says itself how text is cut"
        ).failure
    case .patternSaidTwice(let path):
      self =
        UsageError.conflict(
          "--pattern and \(VisibleText.path(path)) both say how text is cut; use one of them"
        ).failure
    }
  }
}

extension Option {
  /// How text is cut, for rank files.
  static func rankPattern(_ field: OptionField<C, NamedPattern?>) -> Option {
    .optional(
      "pattern", field, .choice("NAME"), "how text is cut, if MODEL is a rank file",
      detail: "Such a file (.tiktoken) does not say it. Not needed for well-known ones, nor where "
        + "a file beside it, with .json behind its name, says it."
    ).detailed
  }
}
