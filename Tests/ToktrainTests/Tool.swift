import Foundation

/// The built program, run as a user runs it.
struct Tool {
  struct Outcome {
    var status: Int32
    var output: [UInt8]
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Beside the test bundle.
  static let url: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
      folder = bundle.bundleURL
    }
    while folder.path != "/" {
      folder = folder.deletingLastPathComponent()
      let candidate = folder.appendingPathComponent("toktrain")
      if FileManager.default.isExecutableFile(atPath: candidate.path),
        !candidate.hasDirectoryPath
      {
        return candidate
      }
    }
    return URL(fileURLWithPath: "/toktrain-was-not-built")
  }()

  /// Where the runs take place.
  var folder: URL

  /// Runs the tool with these words.
  func callAsFunction(_ words: String..., input: [UInt8] = []) throws -> Outcome {
    try run(Self.url, words, input)
  }

  /// Runs a line of the shell in which `toktrain` is the tool.
  func shell(_ line: String, input: [UInt8] = []) throws -> Outcome {
    let function = "toktrain() { '\(Self.url.path)' \"$@\"; }\n"
    return try run(URL(fileURLWithPath: "/bin/bash"), ["-c", function + line], input)
  }

  private func run(_ program: URL, _ words: [String], _ input: [UInt8]) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = words
    process.currentDirectoryURL = folder
    // Files, not pipes: nothing can block, whatever the sizes.
    let (inputFile, outputFile, errorFile) = (scratch("in"), scratch("out"), scratch("err"))
    defer {
      for file in [inputFile, outputFile, errorFile] {
        try? FileManager.default.removeItem(at: file)
      }
    }
    try Data(input).write(to: inputFile)
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: Array(try Data(contentsOf: outputFile)),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }

  private func scratch(_ name: String) -> URL {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("toktrain-\(name)-\(UUID().uuidString)")
  }
}

/// A directory of a test's own, removed with it, and the tool in it.
final class Workplace: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("toktrain-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var tool: Tool { Tool(folder: url) }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  func bytes(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url.appendingPathComponent(name)))
  }

  /// Names in a folder, dot-names included, sorted.
  func names(in folder: String = ".") -> [String] {
    let path = url.appendingPathComponent(folder).path
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
