import Testing

@testable import Tokenization

/// Time is bounded by counting what is done, not by measuring it.
@Suite("Work of patterns") struct PatternWorkTests {
  static let hostile: [String] = [
    "a", " ", "\n", "ab", "aA", "a b", "ing", "\"", "a@", "'r", " (", "中", "1", "\u{301}",
    "aaaaaaaaaaaaaaab",
  ]

  /// Slots noted, given up and moved while a text is walked, with one step a character.
  static func work(
    _ automaton: RegisterAutomaton, _ classes: CharacterClasses, _ text: [UInt32]
  ) -> Int {
    var (state, work) = (0, 0)
    for scalar in text {
      let step = automaton.pieces.table[state, classes.number(of: scalar)]
      let action = automaton.pieces.actions[step.action]
      work += 2 + action.dying.count + action.moves.count
      state = Int(step.next)
    }
    return work
  }

  @Test(
    "Patterns that stay undecided for long do a bounded work for each character",
    arguments: [
      "a*b|a", #"\w+ing|\w"#, #"\S+@\S+|\w+|\S"#, #""[^"\n]*"|\S+"#, "(?:a|aa)+$", "a.*?b|.",
      "(?:a+)+b", #"(\w+\s?)+$|."#, "(?:a|b|ab)*c|.",
    ])
  func registers(text: String) throws {
    var parser = PatternParser(SplitPattern(text))
    let program = try PatternProgram(parser.parse())
    let classes = try CharacterClasses(of: program.sets)
    let closure = ThreadClosure(program, classes)
    let automaton = try #require(
      try RegisterAutomaton(closure, classCount: classes.count), "\(text)")
    for part in Self.hostile {
      let scalars = String(repeating: part, count: 4000 / part.count).unicodeScalars.map(\.value)
      #expect(Self.work(automaton, classes, scalars) <= 8 * scalars.count, "\(text) on \(part)")
    }
  }

  @Test("The automata of known tokenizers stay small")
  func sizes() throws {
    for name in NamedPattern.allCases {
      guard let pattern = name.pattern else { continue }
      var parser = PatternParser(pattern)
      let program = try PatternProgram(AtomicGroups.removed(from: parser.parse()))
      let classes = try CharacterClasses(of: program.sets)
      var automaton = try #require(
        try SlotAutomaton(ThreadClosure(program, classes), classCount: classes.count))
      #expect(automaton.pieces.table.stateCount < 100)
      _ = automaton.reduce()
      #expect(automaton.pieces.table.stateCount < 30 && automaton.pieces.table.classCount < 22)
    }
  }

  @Test(
    "What would need too much is refused",
    arguments: [
      ".{0,300}x", "a.{0,20}b|.", #"\w{1,4000}"#, "(?:a{1,100}){1,100}", "((((a?b){9}){9}){9}){9}",
      "a{100000}", String(repeating: "(", count: 5000), String(repeating: "[", count: 5000),
      "a" + String(repeating: "+?", count: 50),
    ])
  func tooLarge(text: String) {
    #expect(throws: PatternError.self) { try CompiledPattern(SplitPattern(text)) }
  }
}
