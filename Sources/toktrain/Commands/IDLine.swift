import Primitives
import Tokenization
import TokenizerTraining

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

/// Lines of ids, as messages name them.
struct IDLines {
  let batch: DocumentBatch
  /// One more than the highest id of the model.
  let idCount: Int

  /// The ids of a line of the batch.
  func ids(of line: Int) throws(Failure) -> [TokenID] {
    do throws(IDLine.Malformed) {
      return try IDLine.parse(batch.bytes[batch.range(of: line)], count: idCount)
    } catch {
      let word = VisibleText.path(Array(error.word.prefix(40)))
      throw Failure(
        .badData,
        "\(batch.name(of: line)) (byte \(error.column) of the line): '\(word)' is no token id; "
          + "give numbers from 0 to \(idCount - 1), separated by blanks")
    }
  }

  /// What `body` gives; an error names the line, and an id by its number in it.
  ///
  /// - Parameter index: that of the only id that `body` looks at, from 0; `nil`: it looks at all.
  func naming<Value>(
    _ line: Int, id index: Int? = nil, _ body: () throws(TokenizerError) -> Value
  ) throws(Failure) -> Value {
    do throws(TokenizerError) {
      return try body()
    } catch {
      guard case .unknownID(let id, let position) = error else { throw Failure(error) }
      throw Failure(
        .badData,
        "\(batch.name(of: line)) (id \((index ?? position) + 1) of the line): the model has no "
          + "token \(id); the ids may belong to another vocabulary")
    }
  }
}
