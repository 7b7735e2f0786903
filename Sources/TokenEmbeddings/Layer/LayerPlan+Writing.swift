import Primitives
import Synchronization

extension LayerPlan {
  /// Name of the file with all tables.
  public static let tensorFileName = "embeddings.safetensors"

  /// Writes all tables into a directory to come, on several threads, in blocks of about a megabyte that go
  /// straight to their places: memory does not follow the size of the tables.
  ///
  /// - Throws: `LayerError.tensors` of the first block that fails, such as for a number that f16 cannot
  ///   hold.
  public func writeTensors(
    to directory: borrowing AtomicDirectory, threads: Int,
    progress: (@Sendable (_ bytes: Int, _ total: Int) -> Void)? = nil
  ) throws(LayerError) {
    let entries = tables.map { table in
      SafetensorsLayout.Entry(table.name, options.elementType, shape: table.shape)
    }
    do throws(TensorFileError) {
      let output = try TensorOutput(
        SafetensorsLayout(entries), named: Self.tensorFileName, in: directory)
      try write(to: output, threads: threads, progress)
      try output.finish()
    } catch {
      throw .tensors(error)
    }
  }

  /// Rows of a table that are made and written together.
  private struct Block {
    let table: Int
    let rows: Range<Int>
  }

  private var blocks: [Block] {
    tables.indices.flatMap { index in
      let table = tables[index]
      let step = table.blockRowCount
      return stride(from: 0, to: table.rowCount, by: step).map { start in
        Block(table: index, rows: start..<min(table.rowCount, start + step))
      }
    }
  }

  private func write(
    to output: borrowing TensorOutput, threads: Int,
    _ progress: (@Sendable (Int, Int) -> Void)?
  ) throws(TensorFileError) {
    let blocks = blocks
    let cursor = WorkCursor(count: blocks.count)
    let written = Atomic<Int>(0)
    let failure = Mutex<(block: Int, error: TensorFileError)?>(nil)
    let total = output.layout.byteCount
    Threads.run(max(1, min(threads, blocks.count))) { _ in
      var values: [Float] = []
      var scratch: [UInt8] = []
      while let number = cursor.next() {
        do throws(TensorFileError) {
          let count = try write(blocks[number], to: output, &values, &scratch)
          let done = written.add(count, ordering: .relaxed).newValue
          progress?(done * options.elementType.byteCount, total)
        } catch {
          failure.withLock { first in
            if number < first?.block ?? .max { first = (number, error) }
          }
          cursor.stop()
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// Returns how many numbers there were.
  private func write(
    _ block: Block, to output: borrowing TensorOutput, _ values: inout [Float],
    _ scratch: inout [UInt8]
  ) throws(TensorFileError) -> Int {
    let table = tables[block.table]
    let count = block.rows.count * table.columnCount
    if values.count < count { values = [Float](repeating: 0, count: count) }
    try values.withUnsafeMutableBufferPointer { (values) throws(TensorFileError) in
      let values = values.extracting(..<count)
      try table.fill(block.rows, into: values)
      try output.write(
        UnsafeBufferPointer(values), of: block.table,
        from: block.rows.lowerBound * table.columnCount, scratch: &scratch)
    }
    return count
  }
}
