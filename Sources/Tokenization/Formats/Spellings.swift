/// The tokens of a vocabulary as files spell them.
struct Spellings {
  private let text: [UInt8]
  private let offsets: [Int]

  init(of model: BPEModel) {
    if model.base == .bytes {
      self.init(model.vocabulary)
    } else {
      self.init(text: model.vocabulary.bytes, offsets: model.vocabulary.offsets.map { Int($0) })
    }
  }

  private init(text: [UInt8], offsets: [Int]) {
    self.text = text
    self.offsets = offsets
  }

  private init(_ vocabulary: Vocabulary) {
    // A byte's spelling has one or two bytes.
    let codePoints = ByteAlphabet.codePoints
    var offsets: [Int] = []
    offsets.reserveCapacity(vocabulary.offsets.count)
    text = [UInt8](unsafeUninitializedCapacity: 2 * vocabulary.bytes.count) { text, count in
      var position = 0
      for offset in vocabulary.offsets {
        while position < Int(offset) {
          let point = codePoints[Int(vocabulary.bytes[position])]
          if point < 0x80 {
            text[count] = UInt8(point)
            count += 1
          } else {
            text[count] = UInt8(0xC0 | point >> 6)
            text[count + 1] = UInt8(0x80 | point & 0x3F)
            count += 2
          }
          position += 1
        }
        offsets.append(count)
      }
    }
    self.offsets = offsets
  }

  subscript(id: TokenID) -> ArraySlice<UInt8> { text[offsets[Int(id)]..<offsets[Int(id) + 1]] }
}
