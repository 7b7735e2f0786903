import Foundation

/// A directory of a test's own, removed with it.
final class ScratchDirectory: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("toktrain-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path in the directory, as bytes.
  func path(_ name: String) -> [UInt8] { Array(url.appendingPathComponent(name).path.utf8) }

  func write(_ text: String, to name: String) throws {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func text(of name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }

  /// All names below the directory, dot-names included, sorted.
  func names(in folder: String = "") -> [String] {
    let place = folder.isEmpty ? url : url.appendingPathComponent(folder)
    return ((try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []).sorted()
  }
}
