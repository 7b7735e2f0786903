import Primitives

/// ALiBi: what head k takes from the score of a key is a slope times the distance to it (Press, Smith and
/// Lewis 2022).
public enum LinearBias {
  /// Slopes by head. Of n heads, a power of two, head k from 1 has 2^(-8k/n); other numbers of heads have
  /// those of the power below, then every other one of the power above (`get_slopes` of the authors).
  public static func slopes(headCount: Int) -> [Float] {
    guard headCount > 0 else { return [] }
    var power = 1
    while power <= headCount / 2 { power *= 2 }
    let more = stride(from: 0, to: 2 * power, by: 2).map { slope($0, of: 2 * power) }
    return (0..<power).map { slope($0, of: power) } + more.prefix(headCount - power)
  }

  private static func slope(_ head: Int, of count: Int) -> Float {
    // ln 2 times eight.
    Float(RealFunctions.exponential(-5.545_177_444_479_562 * Double(head + 1) / Double(count)))
  }
}
