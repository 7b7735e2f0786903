import Foundation
import Testing

@testable import toktrain

@Suite("Help")
struct HelpTests {
  /// Every help that there is, by the name of its golden file.
  static let helps: [String: String] = {
    var helps = ["overview": Toktrain.commands.overview]
    for verb in Toktrain.commands.groups.flatMap(\.verbs) {
      helps["\(verb.name)-short"] = verb.shortHelp
      helps["\(verb.name)-long"] = verb.longHelp
    }
    return helps
  }()

  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Goldens")

  /// `TOKTRAIN_UPDATE_GOLDENS=1 swift test --filter Help` writes them anew; read the diff.
  @Test("Helps are as reviewed", arguments: helps.keys.sorted())
  func golden(name: String) throws {
    let text = try #require(Self.helps[name])
    let file = Self.goldens.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["TOKTRAIN_UPDATE_GOLDENS"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  @Test("Lines fit 80 columns, and a short help fits a screen", arguments: helps.keys.sorted())
  func size(name: String) throws {
    let text = try #require(Self.helps[name])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines where line.count > 80 { Issue.record("too long: \(line)") }
    #expect(!name.hasSuffix("short") || lines.count <= 32)
    #expect(text.hasSuffix("\n"))
  }

  @Test("A long help names every option and shows an example", arguments: helps.keys.sorted())
  func content(name: String) throws {
    let text = try #require(Self.helps[name])
    guard name.hasSuffix("long") else { return }
    #expect(text.contains("Examples:\n  "))
    #expect(text.contains("--quiet"))
    #expect(text.contains("--threads"))
  }
}
