import Primitives

/// What a family's trainer says of a run, as data: `training.json` holds it, whatever the family.
public struct TrainingAccount: Sendable {
  /// Name of the algorithm.
  public var algorithm: StaticString
  /// What was asked of the trainer, in the order in which it is written.
  public var options: [Entry]
  /// What it has to say besides the number of tokens, in the order in which it is written.
  public var result: [Entry]
  /// What each round of a trainer that works in rounds came to; a report has it.
  public var rounds: [[Entry]] = []

  /// A name and its value.
  public typealias Entry = (name: StaticString, value: Value)

  public indirect enum Value: Sendable {
    case none
    case flag(Bool)
    case integer(Int64)
    case decimal(Double)
    /// UTF-8.
    case text([UInt8])
    case list([Value])
    case object([Entry])

    static func text(_ text: String) -> Value { .text(Array(text.utf8)) }

    /// - Precondition: the number is that of something in memory or in a file.
    static func count(_ number: some BinaryInteger) -> Value { .integer(Int64(clamping: number)) }

    static func count(_ number: Int?) -> Value { number.map { .integer(Int64($0)) } ?? .none }
  }
}

extension JSONWriter {
  mutating func write(_ value: TrainingAccount.Value) {
    switch value {
    case .none: null()
    case .flag(let flag): boolean(flag)
    case .integer(let number): integer(number)
    case .decimal(let number): self.number(number)
    case .text(let text): string(text)
    case .list(let values): array { json in for value in values { json.write(value) } }
    case .object(let entries): object { $0.members(entries) }
    }
  }

  /// Members of the object that is open.
  mutating func members(_ entries: [TrainingAccount.Entry]) {
    for (name, value) in entries {
      key(name)
      write(value)
    }
  }
}
