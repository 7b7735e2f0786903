import Foundation
import Testing

@testable import Primitives

@Suite("Atomic file")
struct AtomicFileTests {
  let scratch = try? ScratchDirectory()

  @Test("The file appears whole at the commit")
  func appears() throws {
    let scratch = try #require(scratch)
    var file = try AtomicFile(at: scratch.path("f"))
    try file.write(repeatElement(UInt8(ascii: "x"), count: 200_000))
    #expect(!scratch.names().contains("f"))
    try file.commit()
    #expect(scratch.names() == ["f"])
    #expect(try scratch.text(of: "f").utf8.count == 200_000)
  }

  @Test("Without a commit nothing stays and the old file is untouched")
  func abandoned() throws {
    let scratch = try #require(scratch)
    try scratch.write("old", to: "f")
    do {
      var file = try AtomicFile(at: scratch.path("f"), replaces: true)
      try file.write("new".utf8)
    }
    #expect(scratch.names() == ["f"])
    #expect(try scratch.text(of: "f") == "old")
  }

  @Test("An existing file is replaced only when that is allowed")
  func existing() throws {
    let scratch = try #require(scratch)
    try scratch.write("old", to: "f")
    #expect(throws: FileError.exists(path: scratch.path("f"))) {
      _ = try AtomicFile(at: scratch.path("f")).target
    }
    var file = try AtomicFile(at: scratch.path("f"), replaces: true)
    try file.write("new".utf8)
    try file.commit()
    #expect(try scratch.text(of: "f") == "new")
  }

  @Test("A device is written as it is, and its errors are errors")
  func device() throws {
    var null = try AtomicFile(at: Array("/dev/null".utf8))
    try null.write("x".utf8)
    try null.commit()
    var full = try AtomicFile(at: Array("/dev/full".utf8))
    try full.write("x".utf8)
    let expected = FileError.system(
      operation: "write", path: Array("/dev/full".utf8), code: ENOSPC)
    #expect(throws: expected) { try full.commit() }
  }

  @Test("A directory is not replaced by a file")
  func directory() throws {
    let scratch = try #require(scratch)
    try scratch.write("x", to: "d/f")
    #expect(
      throws: FileError.system(operation: "replace", path: scratch.path("d"), code: EISDIR)
    ) { _ = try AtomicFile(at: scratch.path("d"), replaces: true).target }
  }

  @Test("After a signal nothing stays and nothing is put in place")
  func interrupted() throws {
    let scratch = try #require(scratch)
    let pending = PendingOutputs()
    var file = try AtomicFile(at: scratch.path("f"), replaces: false, pending: pending)
    try file.write("x".utf8)
    pending.removeAll()
    #expect(scratch.names() == [])
    #expect(throws: FileError.interrupted) { try file.commit() }
    #expect(scratch.names() == [])
  }
}
