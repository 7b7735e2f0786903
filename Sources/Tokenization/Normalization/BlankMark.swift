/// The mark that SentencePiece puts in place of blanks: U+2581, LOWER ONE EIGHTH BLOCK.
enum BlankMark {
  static let scalar: UInt32 = 0x2581
  static let text: [UInt8] = [0xE2, 0x96, 0x81]
}
