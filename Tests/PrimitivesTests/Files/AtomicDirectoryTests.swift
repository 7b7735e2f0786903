import Foundation
import Testing

@testable import Primitives

@Suite("Atomic directory")
struct AtomicDirectoryTests {
  static let signature = AtomicDirectory.Signature(
    marker: "mark.json", markerPrefix: Array("{\"ours\"".utf8),
    fileNames: ["mark.json", "a.txt", "b.txt"])

  let scratch = try? ScratchDirectory()

  private func write(
    _ files: [(String, String)], to scratch: ScratchDirectory, _ name: String,
    existing: AtomicDirectory.Existing = .refused
  ) throws(FileError) {
    let directory = try AtomicDirectory(at: scratch.path(name), existing: existing)
    for (file, text) in files { try directory.write(text.utf8, to: file) }
    try directory.commit()
  }

  @Test("The files appear together and nothing else stays")
  func appears() throws {
    let scratch = try #require(scratch)
    let directory = try AtomicDirectory(at: scratch.path("out"))
    try directory.write("one".utf8, to: "a.txt")
    try directory.write("two".utf8, to: "b.txt")
    #expect(!scratch.names().contains("out"))
    #expect(scratch.names().allSatisfy { $0.hasPrefix(".out.toktrain-") })
    try directory.commit()
    #expect(scratch.names() == ["out"])
    #expect(scratch.names(in: "out") == ["a.txt", "b.txt"])
    #expect(try scratch.text(of: "out/b.txt") == "two")
  }

  @Test("Without a commit nothing stays, made parents included")
  func abandoned() throws {
    let scratch = try #require(scratch)
    do {
      let directory = try AtomicDirectory(at: scratch.path("p/q/out"))
      try directory.write("one".utf8, to: "a.txt")
      #expect(scratch.names() == ["p"])
    }
    #expect(scratch.names() == [])
  }

  @Test("Missing parents are made, and stay after the commit")
  func parents() throws {
    let scratch = try #require(scratch)
    try write([("a.txt", "one")], to: scratch, "p/q/out/")
    #expect(scratch.names(in: "p/q") == ["out"])
  }

  @Test("A target that exists is refused before anything is made, be it a directory or a file")
  func refused() throws {
    let scratch = try #require(scratch)
    try scratch.write("x", to: "file")
    try scratch.write("x", to: "full/other.txt")
    try FileManager.default.createDirectory(
      at: scratch.url.appendingPathComponent("empty"), withIntermediateDirectories: false)
    for name in ["file", "full", "empty"] {
      #expect(throws: FileError.exists(path: scratch.path(name))) {
        _ = try AtomicDirectory(at: scratch.path(name)).target
      }
    }
    #expect(scratch.names() == ["empty", "file", "full"])
  }

  @Test("Replacing takes an empty directory or one of ours, whole")
  func replaced() throws {
    let scratch = try #require(scratch)
    let ours = AtomicDirectory.Existing.replaced(Self.signature)
    try FileManager.default.createDirectory(
      at: scratch.url.appendingPathComponent("out"), withIntermediateDirectories: false)
    try write(
      [("mark.json", "{\"ours\": 1}"), ("a.txt", "old")], to: scratch, "out", existing: ours)
    try write(
      [("mark.json", "{\"ours\": 2}"), ("b.txt", "new")], to: scratch, "out", existing: ours)
    #expect(scratch.names() == ["out"])
    #expect(scratch.names(in: "out") == ["b.txt", "mark.json"])
    #expect(try scratch.text(of: "out/mark.json") == "{\"ours\": 2}")
  }

  @Test("Replacing leaves alone what is not ours")
  func foreign() throws {
    let scratch = try #require(scratch)
    let ours = AtomicDirectory.Existing.replaced(Self.signature)
    try scratch.write("x", to: "file")
    try scratch.write("x", to: "photos/me.png")
    try scratch.write("{\"theirs\"", to: "theirs/mark.json")
    try scratch.write("{\"ours\"", to: "mixed/mark.json")
    try scratch.write("x", to: "mixed/notes.md")
    #expect(
      throws: FileError.system(operation: "replace", path: scratch.path("file"), code: ENOTDIR)
    ) { _ = try AtomicDirectory(at: scratch.path("file"), existing: ours).target }
    for name in ["photos", "theirs"] {
      #expect(throws: FileError.notOurs(path: scratch.path(name), marker: "mark.json")) {
        _ = try AtomicDirectory(at: scratch.path(name), existing: ours).target
      }
    }
    #expect(
      throws: FileError.holdsForeignFile(
        path: scratch.path("mixed"), name: Array("notes.md".utf8))
    ) { _ = try AtomicDirectory(at: scratch.path("mixed"), existing: ours).target }
    #expect(scratch.names() == ["file", "mixed", "photos", "theirs"])
  }

  @Test("What appears at the target in the meantime is not overwritten")
  func race() throws {
    let scratch = try #require(scratch)
    let directory = try AtomicDirectory(at: scratch.path("out"))
    try scratch.write("theirs", to: "out/file")
    #expect(throws: FileError.exists(path: scratch.path("out"))) { try directory.commit() }
    #expect(try scratch.text(of: "out/file") == "theirs")
  }

  @Test("A link stays a link, and its target is replaced")
  func link() throws {
    let scratch = try #require(scratch)
    let ours = AtomicDirectory.Existing.replaced(Self.signature)
    try write([("mark.json", "{\"ours\"")], to: scratch, "real")
    try FileManager.default.createSymbolicLink(
      at: scratch.url.appendingPathComponent("link"),
      withDestinationURL: scratch.url.appendingPathComponent("real"))
    try write([("mark.json", "{\"ours\": 2")], to: scratch, "link", existing: ours)
    #expect(try scratch.text(of: "real/mark.json") == "{\"ours\": 2")
    #expect(scratch.names() == ["link", "real"])
  }

  @Test("After a signal nothing stays and nothing can be written or put in place")
  func interrupted() throws {
    let scratch = try #require(scratch)
    let pending = PendingOutputs()
    let directory = try AtomicDirectory(
      at: scratch.path("new/out"), existing: .refused, pending: pending)
    try directory.write("one".utf8, to: "a.txt")
    pending.removeAll()
    #expect(scratch.names() == [])
    #expect(throws: FileError.interrupted) { try directory.write("two".utf8, to: "b.txt") }
    #expect(throws: (any Error).self) { try directory.commit() }
    #expect(throws: FileError.interrupted) {
      _ = try AtomicDirectory(at: scratch.path("out"), existing: .refused, pending: pending).target
    }
    #expect(scratch.names() == [])
  }

  @Test("A place that cannot be written is found at once")
  func unwritable() throws {
    let scratch = try #require(scratch)
    try scratch.write("x", to: "file")
    let inFile = scratch.path("file/out")
    #expect {
      _ = try AtomicDirectory(at: inFile).target
    } throws: { error in
      guard case .some(.system(_, _, let code)) = error as? FileError else { return false }
      return code == ENOTDIR
    }
    #expect(throws: FileError.self) {
      _ = try AtomicDirectory(at: Array("/proc/out".utf8)).target
    }
    #expect(scratch.names() == ["file"])
  }

  @Test("A full disk is an error, and the old directory stays whole", .enabled(if: getuid() == 0))
  func fullDisk() throws {
    let scratch = try #require(scratch)
    guard run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.url.path) == 0 else {
      return  // A container may forbid mounting, even to root.
    }
    defer { _ = run("umount", "-l", scratch.url.path) }
    let ours = AtomicDirectory.Existing.replaced(Self.signature)
    try write([("mark.json", "{\"ours\": 1")], to: scratch, "out", existing: ours)
    let big = String(repeating: "x", count: 100_000)
    #expect(
      throws: FileError.system(
        operation: "write", path: scratch.path("out/a.txt"), code: ENOSPC)
    ) {
      try write(
        [("mark.json", "{\"ours\": 2"), ("a.txt", big)], to: scratch, "out", existing: ours)
    }
    #expect(scratch.names() == ["out"])
    #expect(try scratch.text(of: "out/mark.json") == "{\"ours\": 1")
  }

  private func run(_ words: String...) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
