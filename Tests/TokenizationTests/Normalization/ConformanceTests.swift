import Foundation
import Primitives
import Testing

@testable import Tokenization

/// The file of the Unicode Character Database that judges every implementation; Debian's package
/// unicode-data brings it.
@Suite struct ConformanceTests {
  static let path = "/usr/share/unicode/NormalizationTest.txt.bz2"

  @Test(
    "every line of NormalizationTest.txt holds",
    .enabled(
      if: FileManager.default.isReadableFile(atPath: path),
      "NormalizationTest.txt is missing: install the package unicode-data"))
  func conformance() throws {
    let lines = try Self.lines()
    // A file of another version names characters that this ICU does not know, or lacks some.
    guard lines.first?.contains("-\(UnicodeLibrary.unicodeVersion)") == true else {
      return print("NormalizationTest.txt is not of Unicode \(UnicodeLibrary.unicodeVersion)")
    }
    var nfc = try TestNormalizer(TestedForm(.nfc))
    var nfd = try TestNormalizer(TestedForm(.nfd))
    var nfkc = try TestNormalizer(TestedForm(.nfkc))
    var nfkd = try TestNormalizer(TestedForm(.nfkd))
    var judged = 0
    var listed: Set<UInt32> = []
    var part: Substring = ""
    for line in lines where !line.hasPrefix("#") {
      if line.hasPrefix("@") { part = line.prefix(6) }
      let columns = line.split(separator: ";").prefix(5).map(Self.text)
      guard columns.count == 5 else { continue }
      judged += 1
      if part == "@Part1", let character = UInt32(line.prefix { $0 != ";" }, radix: 16) {
        listed.insert(character)
      }
      for (index, column) in columns.enumerated() {
        let isCompatible = index > 2
        #expect(nfc.normalize(column) == columns[isCompatible ? 3 : 1], "\(line)")
        #expect(nfd.normalize(column) == columns[isCompatible ? 4 : 2], "\(line)")
        #expect(nfkc.normalize(column) == columns[3], "\(line)")
        #expect(nfkd.normalize(column) == columns[4], "\(line)")
      }
    }
    #expect(judged > 18_000)
    // Part 1 lists every character that a form changes; all others stay, each in a line of its own.
    #expect(listed.count > 16_000)
    var others: [UInt8] = []
    for value in UInt32(0)..<0x11_0000 where !listed.contains(value) && value != 10 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      others += Array(String(scalar).utf8) + [10]
    }
    #expect(nfc.normalize(others) == others && nfd.normalize(others) == others)
    #expect(nfkc.normalize(others) == others && nfkd.normalize(others) == others)
  }

  private static func lines() throws -> [Substring] {
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/bin/bzcat")
    unpack.arguments = [path]
    let pipe = Pipe()
    unpack.standardOutput = pipe
    try unpack.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    unpack.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  private static func text(_ codePoints: Substring) -> [UInt8] {
    var view = String.UnicodeScalarView()
    for field in codePoints.split(separator: " ") {
      guard let value = UInt32(field, radix: 16), let scalar = Unicode.Scalar(value) else {
        return []
      }
      view.append(scalar)
    }
    return Array(String(view).utf8)
  }
}
