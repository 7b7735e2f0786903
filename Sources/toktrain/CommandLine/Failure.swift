import Primitives

/// Why a command ends early: one line for a person, and the status for a script.
struct Failure: Error, Equatable, Sendable {
  var status: ExitStatus
  /// What, where, and what to do, in one sentence.
  var message: String
  /// A second line where one more thing helps.
  var tip: String?

  init(_ status: ExitStatus, _ message: String, tip: String? = nil) {
    self.status = status
    self.message = message
    self.tip = tip
  }

  /// The lines for stderr. Foreign text in them can do nothing to a terminal.
  var lines: String {
    let first = "toktrain: error: \(VisibleText.message(message))\n"
    guard let tip else { return first }
    return first + "tip: \(VisibleText.message(tip))\n"
  }
}
