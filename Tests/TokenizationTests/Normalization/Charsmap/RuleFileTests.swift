import Testing

@testable import Tokenization

@Suite struct RuleFileTests {
  private func rules(_ file: String) throws(CharsmapError) -> [[UInt8]: [UInt8]] {
    decompiled(try Charsmap(rules: Array(file.utf8)))
  }

  @Test("lines of hexadecimal code points, as SentencePiece 0.2.3 takes them")
  func lines() throws {
    #expect(try rules("41\t61\n") == [[0x41]: [0x61]])
    #expect(try rules("41\t61") == [[0x41]: [0x61]])
    #expect(
      try rules("U+41 0x300\t1F600 \t# a comment\r\n42\r\n43\t") == [
        Array("A\u{300}".utf8): Array("😀".utf8), [0x42]: [], [0x43]: [],
      ])
    #expect(try rules(" 41  42 \t61\n") == [[0x41, 0x42]: [0x61]])
    #expect(try rules("41\t61\n41\t62\n") == [[0x41]: [0x62]])
  }

  @Test("a line that makes no rule is named")
  func brokenLines() {
    func expect(_ problem: CharsmapError.RuleProblem, line: Int, _ file: String) {
      let error = CharsmapError.rule(line: line, problem)
      #expect(throws: error) { try rules(file) }
      #expect("\(error)".contains("line \(line)"))
    }
    expect(.nothingReplaced, line: 2, "41\t61\n\n")
    expect(.nothingReplaced, line: 1, "\t61\n")
    expect(.notHexadecimal(Array("zz".utf8)), line: 1, "zz\t61")
    expect(.notHexadecimal(Array("#".utf8)), line: 1, "# comment\n")
    expect(.notHexadecimal(Array("123456789".utf8)), line: 1, "123456789\t61")
    expect(.notHexadecimal(Array("U+".utf8)), line: 3, "41\t42\n42\t43\n43\tU+\n")
    expect(.noCharacter(0xD800), line: 1, "41\tD800")
    expect(.noCharacter(0x110000), line: 1, "110000\t41")
    expect(.noCharacter(0), line: 1, "41 0\t41")
    expect(.tooLong, line: 1, String(repeating: "41 ", count: 1025) + "\t42")
    expect(.tooLong, line: 1, "41\t" + String(repeating: "1F600 ", count: 257))
    #expect(throws: CharsmapError.noRules) { try rules("") }
  }

  @Test("as many rules may begin one another as SentencePiece's compiler allows")
  func nesting() throws {
    func file(_ count: Int) -> String {
      (1...count).map { String(repeating: "41 ", count: $0) + "\t\($0)\n" }.joined()
    }
    #expect(try rules(file(31)).count == 31)
    #expect(throws: CharsmapError.nestedTooDeeply(32)) { try rules(file(32)) }
  }

  @Test("eight thousand rules with one end share it, and read back")
  func manyRules() throws {
    var expected: [[UInt8]: [UInt8]] = [:]
    for scalar in 0x4E00..<0x4E00 + 4_000 {
      guard let first = Unicode.Scalar(scalar) else { continue }
      expected[Array("\(first)".utf8)] = Array("x".utf8)
      expected[Array("\(first)\u{301}\u{302}".utf8)] = Array("\(first)".utf8)
    }
    #expect(decompiled(try Charsmap(rules: ruleFile(expected))) == expected)
  }
}
