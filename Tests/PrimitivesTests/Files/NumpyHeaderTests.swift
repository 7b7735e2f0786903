import Testing

@testable import Primitives

@Suite("Header of numpy's files")
struct NumpyHeaderTests {
  let scratch = try? ScratchDirectory()

  @Test("It has the same length for any count, and ends with a line feed")
  func length() {
    for count in [0, 1, 12_345, Int.max] {
      let header = NumpyHeader.bytes(type: "<u2", count: count)
      #expect(header.count == NumpyHeader.length && header.last == 0x0A)
      let text = String(decoding: header.dropFirst(10), as: UTF8.self)
      #expect(text.contains("'descr': '<u2', 'fortran_order': False, 'shape': (\(count),), }"))
    }
  }

  @Test("What stands at the start of a file is replaced, whatever is still to be written")
  func overwriting() throws {
    let scratch = try #require(scratch)
    var file = try AtomicFile(at: scratch.path("f"))
    try file.write("abc".utf8)
    try file.write(repeatElement(UInt8(ascii: "x"), count: 100_000))
    try file.write("end".utf8)
    try file.overwrite(Array("ABC".utf8))
    try file.commit()
    let text = try scratch.text(of: "f")
    #expect(text.hasPrefix("ABCx") && text.hasSuffix("xend") && text.utf8.count == 100_006)
  }
}
