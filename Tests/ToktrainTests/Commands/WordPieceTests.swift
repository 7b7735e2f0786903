import Testing

@Suite("toktrain wordpiece")
struct WordPieceTests {
  let workplace = try? Workplace()

  private func place() throws -> Workplace {
    let workplace = try #require(workplace)
    try workplace.write(TrainingTests.text.utf8, to: "corpus.txt")
    return workplace
  }

  @Test("One word after another trains; what was trained encodes, decodes and shows itself")
  func simple() throws {
    let place = try place()
    let run = try place.tool("wordpiece", "corpus.txt", "-v", "60")
    #expect(run.status == 0)
    #expect(place.names(in: "Vocab") == ["corpus-wordpiece"])
    #expect(
      place.names(in: "Vocab/corpus-wordpiece") == [
        "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json", "training.json",
        "vocab.txt",
      ])
    #expect(run.text.contains("next: echo 'some text' | toktrain encode Vocab/corpus-wordpiece"))

    let text = Array("The CAT, the rat. xyz\n".utf8)
    let tokens = try place.tool(
      "encode", "Vocab/corpus-wordpiece", "--tokens", "--add-special", input: text)
    #expect(tokens.text == "[CLS] the cat , the rat [UNK] [UNK] [SEP]\n")
    let ids = try place.tool("encode", "Vocab/corpus-wordpiece", input: text)
    let decoded = try place.tool("decode", "Vocab/corpus-wordpiece", input: ids.output)
    #expect(decoded.text == "the cat, the rat [UNK] [UNK]\n")
    let shown = try place.tool("inspect", "Vocab/corpus-wordpiece")
    #expect(shown.text.contains("WordPiece") && shown.text.contains("4 [MASK]"))
  }

  @Test("What a limit leaves out is counted and printed")
  func limit() throws {
    let run = try place().tool("wordpiece", "corpus.txt", "-v", "60", "--limit-alphabet", "6")
    #expect(run.status == 0)
    #expect(run.errors.contains("left out of words by --limit-alphabet"))
  }

  @Test("A directory of another family is replaced with --force, and only then")
  func force() throws {
    let place = try place()
    #expect(try place.tool("bpe", "corpus.txt", "-v", "270", "-o", "m").status == 0)
    #expect(try place.tool("wordpiece", "corpus.txt", "-v", "60", "-o", "m").status == 4)
    #expect(try place.tool("wordpiece", "corpus.txt", "-v", "60", "-o", "m", "-f").status == 0)
    #expect(!place.names(in: "m").contains("merges.txt"))
  }
}
