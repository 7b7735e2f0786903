import NativeBridges

/// Simple case folding and what goes beyond it (UCD, CaseFolding.txt; Unicode 16).
struct CaseFolding: Sendable {
  static let shared = CaseFolding()

  /// Code points that fold to another, ascending, and to which.
  private var sources: [UInt32] = []
  private var targets: [UInt32] = []
  /// For each target, itself and what folds to it.
  private var variants: [UInt32: [UInt32]] = [:]
  /// Code points that fold to several.
  let expanding: CodePointSet
  /// First two of those, packed.
  private var pairs: Set<UInt64> = []

  private init() {
    var expanding: [UInt32] = []
    if let runs = tt_unicode_fold_runs() {
      for run in 0..<Int(tt_unicode_fold_count) {
        for index in 0..<runs[4 * run + 1] {
          let source = runs[4 * run] + index * runs[4 * run + 2]
          sources.append(UInt32(source))
          targets.append(UInt32(source + runs[4 * run + 3]))
        }
      }
    }
    for (source, target) in zip(sources, targets) {
      variants[target, default: [target]].append(source)
    }
    if let list = tt_unicode_expansion_list() {
      for index in 0..<Int(tt_unicode_expansion_count) {
        expanding.append(list[4 * index])
        pairs.insert(UInt64(list[4 * index + 1]) << 32 | UInt64(list[4 * index + 2]))
      }
    }
    self.expanding = CodePointSet(scalars: expanding)
  }

  func folded(_ scalar: UInt32) -> UInt32 {
    var (low, high) = (0, sources.count)
    while low < high {
      let middle = (low + high) / 2
      if sources[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low < sources.count && sources[low] == scalar ? targets[low] : scalar
  }

  /// Whether two folded code points begin what a single one folds to, as `ss` does of ß.
  func isExpansion(_ first: UInt32, _ second: UInt32) -> Bool {
    pairs.contains(UInt64(first) << 32 | UInt64(second))
  }

  /// The set and all that folds as one of its members does.
  func closure(of set: CodePointSet) -> CodePointSet {
    var added: [UInt32] = []
    let ranges = stride(from: 0, to: set.bounds.count, by: 2).map {
      set.bounds[$0]..<set.bounds[$0 + 1]
    }
    if ranges.reduce(0, { $0 + $1.count }) <= 64 {
      for scalar in ranges.joined() { added += variants[folded(scalar)] ?? [] }
      return set.union(CodePointSet(scalars: added))
    }
    for (target, sources) in variants
    where set.contains(target) || sources.contains(where: set.contains) {
      added += sources
    }
    return set.union(CodePointSet(scalars: added))
  }
}
