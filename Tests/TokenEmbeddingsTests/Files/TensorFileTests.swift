import Foundation
import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Files of tensors")
struct TensorFileTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func file(_ bytes: [UInt8]) throws -> TensorFile {
    try Data(bytes).write(to: scratch.url.appendingPathComponent("f"))
    return try TensorFile(opening: scratch.path("f"))
  }

  private func flaw(_ bytes: [UInt8]) throws -> TensorFlaw? {
    do {
      _ = try file(bytes)
    } catch let error as TensorFileError {
      if case .malformed(_, let flaw) = error { return flaw }
    }
    return nil
  }

  private static func safetensors(_ json: String, data: [UInt8] = []) -> [UInt8] {
    var bytes = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) }
    bytes += json.utf8
    return bytes + data
  }

  private static let entries = [
    SafetensorsLayout.Entry("b", .f32, shape: [3, 2]),
    SafetensorsLayout.Entry("a", .f32, shape: [1]),
    SafetensorsLayout.Entry("c", .bf16, shape: [2, 2]),
    SafetensorsLayout.Entry("d", .f16, shape: [0, 7]),
    SafetensorsLayout.Entry("e", .f16, shape: [5, 1]),
  ]

  @Test("Rows that are written in any order are read back, any of them")
  func roundTrip() throws {
    let values: [[Float]] = [[1, 2, 3, 4, 5, 6], [7], [-1, 0.5, 2, -0.25], [], [0, 1, 2, 3, 4]]
    let layout = try SafetensorsLayout(Self.entries)
    let directory = try AtomicDirectory(at: scratch.path("out"))
    let output = try TensorOutput(layout, named: "t", in: directory)
    var bytes: [UInt8] = []
    for tensor in [4, 1, 2, 3] { try output.write(values[tensor], of: tensor) }
    for row in [2, 0, 1] {
      try Array(values[0][2 * row..<2 * row + 2]).withUnsafeBufferPointer {
        try output.write($0, of: 0, from: 2 * row, scratch: &bytes)
      }
    }
    try output.finish()
    try directory.commit()
    let file = try TensorFile(opening: scratch.path("out/t"))
    #expect(
      file.tensors.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "b", "c", "d", "e"])
    let matrix = try file.matrix(named: Array("b".utf8))
    #expect(try matrix.matrix().values == values[0])
    #expect(try matrix.rows(1..<2) == [3, 4])
    #expect(try file.matrix(named: Array("c".utf8)).matrix().values == values[2])
    #expect(try file.matrix(named: Array("d".utf8)).rowCount == 0)
    #expect(try file.matrix(named: Array("e".utf8)).rows(3..<5) == [3, 4])
  }

  @Test("A row that is not written is noticed, and a number that does not fit")
  func incomplete() throws {
    let layout = try SafetensorsLayout([.init("x", .f16, shape: [2, 2])])
    let directory = try AtomicDirectory(at: scratch.path("out"))
    let output = try TensorOutput(layout, named: "t", in: directory)
    let path = scratch.path("out/t")
    var bytes: [UInt8] = []
    try [Float(1), 2].withUnsafeBufferPointer {
      try output.write($0, of: 0, from: 2, scratch: &bytes)
    }
    #expect(
      throws: TensorFileError.file(
        .sizeDiffers(path: path, expected: layout.byteCount, found: layout.byteCount - 4))
    ) { try output.finish() }
    #expect(
      throws: TensorFileError.notFinite(
        path: path, tensor: Array("x".utf8), row: 1, column: 1, value: 70000, .f16)
    ) {
      try [Float(1), 70000].withUnsafeBufferPointer {
        try output.write($0, of: 0, from: 2, scratch: &bytes)
      }
    }
  }

  @Test("Headers that lie are told by what is wrong")
  func lies() throws {
    let name = Array("x".utf8)
    let one = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    let four: [UInt8] = [0, 0, 0, 0]
    #expect(try flaw(Self.safetensors(one + "}", data: four)) == nil)
    #expect(try flaw([1, 2]) == .tooShort(size: 2, least: 10))
    #expect(
      try flaw([0, 0, 0, 0, 0, 0, 0, 0x10] + Array("{}".utf8))
        == .headerTooLong(length: 1 << 60, limit: 2))
    #expect(
      try flaw(Self.safetensors(one + "}", data: four + [0]))
        == .dataSizeDiffers(expected: 4, found: 5))
    #expect(
      try flaw(Self.safetensors(one + "}", data: [0, 0, 0]))
        == .member(
          tensor: name, name: "data_offsets",
          expected: "two ascending whole numbers up to 3, the bytes that are there"))
    #expect(
      try flaw(
        Self.safetensors(
          one + #","y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, data: four + four))
        == .notContiguous(tensor: Array("y".utf8), begin: 2, expected: 4))
    #expect(
      try flaw(
        Self.safetensors(
          one + #","y":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}"#, data: four + four + [0])
      )
        == .notContiguous(tensor: Array("y".utf8), begin: 5, expected: 4))
    #expect(
      try flaw(
        Self.safetensors(
          one + #","x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, data: four + four))
        == .duplicateName(tensor: name))
    #expect(
      try flaw(
        Self.safetensors(
          #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: four))
        == .shapeDiffers(tensor: name, shape: [2], bytes: 4))
    let huge = "4611686018427387904"
    #expect(
      try flaw(
        Self.safetensors(
          #"{"x":{"dtype":"F32","shape":[\#(huge),4],"data_offsets":[0,4]}}"#, data: four))
        == .shapeDiffers(tensor: name, shape: [1 << 62, 4], bytes: 4))
    for (members, member) in [
      (#""shape":[1],"data_offsets":[0,4]"#, "dtype"),
      (#""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#, "shape"),
      (#""dtype":"F32","shape":[1],"data_offsets":[4,0]"#, "data_offsets"),
      (#""dtype":"F32","shape":[1],"data_offsets":[0,4,8]"#, "data_offsets"),
    ] {
      guard
        case .member(name, let found, _) = try flaw(
          Self.safetensors("{\"x\":{\(members)}}", data: four))
      else {
        Issue.record("\(members) was read")
        continue
      }
      #expect(found == member)
    }
    #expect(
      try flaw(Self.safetensors(#"{"__metadata__":{"a":1}}"#))
        == .member(tensor: [], name: "__metadata__", expected: "an object of strings"))
  }

  @Test("What is none of these files is not read as one")
  func unrecognized() throws {
    #expect(throws: TensorFileError.unrecognized(path: scratch.path("f"))) {
      _ = try file(Array("a text, nothing more".utf8))
    }
    #expect(
      throws: TensorFileError.file(
        .system(operation: "open", path: scratch.path("g"), code: ENOENT))
    ) { _ = try TensorFile(opening: scratch.path("g")) }
  }

  @Test("A file cut anywhere is an error")
  func cuts() throws {
    let json = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let numpy = NumpyHeader.bytes(type: "<f4", rows: 1, columns: 1) + [0, 0, 0, 0]
    for whole in [Self.safetensors(json, data: [0, 0, 0, 0]), numpy] {
      _ = try file(whole)
      for length in whole.indices {
        #expect(throws: TensorFileError.self, "\(length) bytes") {
          _ = try file(Array(whole[..<length]))
        }
      }
    }
  }

  @Test("Numbers that are none are named with their row and column")
  func notNumbers() throws {
    let numpy = NumpyHeader.bytes(type: "<f2", rows: 2, columns: 3)
    let file = try file(numpy + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7C, 0, 0])
    let matrix = try file.matrix(named: [])
    #expect(try matrix.rows(0..<1) == [0, 0, 0])
    #expect(
      throws: TensorFileError.notFinite(
        path: scratch.path("f"), tensor: [], row: 1, column: 1, value: .infinity, .f16)
    ) { _ = try matrix.matrix() }
  }

  @Test("Tensors that are no matrices of numbers, and absent ones, are named")
  func unfit() throws {
    let json =
      #"{"i":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"#
      + #""v":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#
    let file = try file(Self.safetensors(json, data: Array(repeating: 0, count: 12)))
    let path = scratch.path("f")
    #expect(
      throws: TensorFileError.unsupportedType(
        path: path, tensor: Array("i".utf8), type: Array("I64".utf8))
    ) { _ = try file.matrix(named: Array("i".utf8)) }
    #expect(throws: TensorFileError.notMatrix(path: path, tensor: Array("v".utf8), shape: [1])) {
      _ = try file.matrix(named: Array("v".utf8))
    }
    #expect(
      throws: TensorFileError.absentTensor(
        path: path, name: Array("w".utf8), known: [Array("i".utf8), Array("v".utf8)])
    ) { _ = try file.matrix(named: Array("w".utf8)) }
  }

  @Test("Headers of numpy are read in all their forms")
  func numpyForms() throws {
    func bytes(_ text: String, version: UInt8 = 1) -> [UInt8] {
      let length = UInt32(text.utf8.count)
      let size = withUnsafeBytes(of: length.littleEndian) { Array($0) }
      var bytes: [UInt8] = [0x93]
      bytes += "NUMPY".utf8
      bytes += [version, 0]
      bytes += version == 1 ? size.prefix(2) : size[...]
      bytes += text.utf8
      return bytes
    }
    let four: [UInt8] = [0, 0, 0, 0]
    for (text, version) in [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }\n", 1),
      ("{'shape':(1,1),'descr':\"<f4\",'fortran_order':False}", 2),
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}   \n", 3),
    ] as [(String, UInt8)] {
      let tensor = try #require(try file(bytes(text, version: version) + four).tensors.first)
      #expect(tensor.shape == [1, 1] && tensor.elementType == .f32)
    }
    #expect(
      try flaw(bytes("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1, 2)}") + four)
        == .fortranOrder)
    #expect(
      try flaw(bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}") + four)
        == .shapeDiffers(tensor: [], shape: [2, 1], bytes: 4))
    #expect(try flaw(bytes("{}", version: 4)) == .numpyVersion(major: 4, minor: 0))
    for text in [
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "{'descr': [('a', '<f4')]}",
      "{'a': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "  \n", "{ \n", "{'descr': '<f4}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    ] {
      guard case .numpyHeader = try flaw(bytes(text) + four) else {
        Issue.record("\(text) was read")
        continue
      }
    }
  }
}
