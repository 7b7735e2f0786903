import Foundation
import Testing

@testable import Primitives

@Suite("Files of a known size")
struct PlacedOutputTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test("Parts from several threads, in any order, make the file")
  func parts() throws {
    let size = 100_003
    let directory = try AtomicDirectory(at: scratch.path("d"))
    let file = try directory.placedFile("f", size: size)
    let cursor = WorkCursor(count: (size + 999) / 1000)
    let errors = ErrorCount()
    Threads.run(4) { _ in
      while let part = cursor.next() {
        // From the end.
        let start = (size + 999) / 1000 * 1000 - 1000 * (part + 1)
        let bytes = (start..<min(size, start + 1000)).map { UInt8(truncatingIfNeeded: $0 * 7) }
        do { try bytes.withUnsafeBytes { try file.write($0, at: start) } } catch { errors.add() }
      }
    }
    #expect(errors.count == 0)
    try file.finish()
    try directory.commit()
    let bytes = try Data(contentsOf: scratch.url.appendingPathComponent("d/f"))
    #expect(Array(bytes) == (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) })
  }

  @Test("What is missing at the end is told")
  func missing() throws {
    let directory = try AtomicDirectory(at: scratch.path("d"))
    let file = try directory.placedFile("f", size: 10)
    try [UInt8](repeating: 1, count: 4).withUnsafeBytes { try file.write($0, at: 6) }
    #expect(
      throws: FileError.sizeDiffers(path: scratch.path("d/f"), expected: 10, found: 4)
    ) { try file.finish() }
    try directory.placedFile("empty", size: 0).finish()
  }
}

private final class ErrorCount: @unchecked Sendable {
  private let lock = NSLock()
  private var errors = 0
  func add() { lock.withLock { errors += 1 } }
  var count: Int { lock.withLock { errors } }
}
