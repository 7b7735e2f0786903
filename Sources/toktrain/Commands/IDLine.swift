import Primitives
import Tokenization

/// One document of `decode`: ids in decimal digits, separated by blanks or tabs.
enum IDLine {
  /// A word that is no id, and the byte of the line (from 1) that it starts at.
  struct Malformed: Error, Equatable {
    var word: [UInt8]
    var column: Int
  }

  /// - Parameter count: one more than the highest id of the model.
  static func parse(_ line: ArraySlice<UInt8>, count: Int) throws(Malformed) -> [TokenID] {
    var ids: [TokenID] = []
    var place = line.startIndex
    while place < line.endIndex {
      if isBlank(line[place]) {
        place += 1
        continue
      }
      let start = place
      var value = 0
      var isNumber = true
      while place < line.endIndex, !isBlank(line[place]) {
        let digit = Int(line[place]) - 48
        if !(0...9).contains(digit) { isNumber = false }
        if isNumber { value = min(value * 10 + digit, 1 << 40) }
        place += 1
      }
      guard isNumber, value < count else {
        throw Malformed(word: Array(line[start..<place]), column: start - line.startIndex + 1)
      }
      ids.append(TokenID(value))
    }
    return ids
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
