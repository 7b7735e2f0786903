import Primitives
import TokenEmbeddings

/// A layer in a few lines.
struct LayerSummary {
  private let plan: LayerPlan

  init(_ plan: LayerPlan) { self.plan = plan }

  var lines: [String] {
    let options = plan.options
    var lines: [String] = []
    for table in plan.tables {
      let shape = "\(Figures.grouped(table.rowCount)) \u{D7} \(Figures.grouped(table.columnCount))"
      lines.append("  \(table.name)  \(shape)  \(options.elementType.rawValue)")
    }
    let padding = (plan.tables.first?.rowCount ?? 0) - plan.vocabularySize
    if padding > 0 {
      lines.append("  the last \(Figures.counted(padding, "row")) of tokens are zeros")
    }
    if plan.draws.tokenScale != 1 {
      let scale = Figures.decimal(plan.draws.tokenScale, places: 2)
      lines.append("  vectors of tokens are to be multiplied by \(scale) when they are looked up")
    }
    return lines
  }

  /// What is wrong with a layer of which one part hides another.
  static func text(of drowning: (large: TableRole, small: TableRole, ratio: Double)) -> String {
    let ratio = Figures.decimal(drowning.ratio, places: 0)
    let advice =
      drowning.large == .position && drowning.small == .token
      ? "--init transformer scales tokens up, --positions learned has smaller ones"
      : "--init with a preset pairs them rightly"
    return
      "\(drowning.large.rawValue)s are \(ratio) times as large as \(drowning.small.rawValue)s, "
      + "which drown in the sum; \(advice)"
  }
}
