import NativeBridges

/// The instructions that a walk takes; the fastest first.
///
/// AVX-512 as of Skylake, which has no lookups of whole bytes, was tried: its wide registers lower the
/// clock of such a processor, and encoders as a whole were slower by 6 to 10 % than with AVX2.
enum BlockKernel: CaseIterable {
  case avx512
  case avx2

  /// `nil` where the processor has neither.
  static let best = allCases.first { tt_block_kernel_is_available($0.native) }

  fileprivate var native: tt_block_kernel {
    switch self {
    case .avx512: tt_block_avx512
    case .avx2: tt_block_avx2
    }
  }
}

/// Sets of characters as a kernel wants them, which looks at 64 bytes at once.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class BlockClasses: @unchecked Sendable {
  private static let allLetters = all(
    CodePointSet(category: "l") ?? .empty, CodePointSet(category: "n") ?? .empty)
  private static let allSigns = all(.punctuation, .empty)

  /// Made once for all patterns.
  static func letters(_ kernel: BlockKernel) -> BlockClasses? { allLetters[kernel] }
  static func signs(_ kernel: BlockKernel) -> BlockClasses? { allSigns[kernel] }

  private static func all(
    _ first: CodePointSet, _ second: CodePointSet
  ) -> [BlockKernel: BlockClasses] {
    var all: [BlockKernel: BlockClasses] = [:]
    for kernel in BlockKernel.allCases { all[kernel] = BlockClasses(first, second, .space, kernel) }
    return all
  }

  private let classes: OpaquePointer

  /// `nil` where the processor cannot do it.
  init?(
    _ first: CodePointSet, _ second: CodePointSet, _ third: CodePointSet,
    singles: CodePointSet = .empty, _ kernel: BlockKernel
  ) {
    let classes = first.withBlockSet { first in
      second.withBlockSet { second in
        third.withBlockSet { third in
          singles.withBlockSet { singles in
            var sets = tt_block_sets(
              letters: first, numbers: second, blanks: third, singles: singles)
            return tt_block_classes_make(&sets, kernel.native)
          }
        }
      }
    }
    guard let classes else { return nil }
    self.classes = classes
  }

  deinit { tt_block_classes_free(classes) }

  @inline(__always)
  func walk(
    _ text: UnsafePointer<UInt8>, count: Int, base: UInt32, by rules: tt_block_rules,
    into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    withUnsafePointer(to: rules) { tt_block_walk(classes, $0, text, count, base, ends) }
  }

  @inline(__always)
  func words(
    _ text: UnsafePointer<UInt8>, count: Int, base: UInt32,
    starts: UnsafeMutablePointer<UInt32>, ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    tt_block_words(classes, text, count, base, starts, ends)
  }

  /// How many bytes stand before the first character of the first set, or before less than a block at
  /// the end. Of any bytes; 3 more may be read.
  @inline(__always)
  func skip(_ text: UnsafePointer<UInt8>, count: Int) -> Int {
    tt_block_skip(classes, text, count)
  }
}

extension CodePointSet {
  fileprivate func withBlockSet<Result>(_ body: (tt_block_set) -> Result) -> Result {
    bounds.withUnsafeBufferPointer {
      body(tt_block_set(bounds: $0.baseAddress, count: $0.count))
    }
  }
}
