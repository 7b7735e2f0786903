/// Points of a space of many dimensions in the plane in which they differ most (principal component
/// analysis, from the inner products of the points: there are fewer of them than dimensions).
public struct PrincipalPlane: Sendable {
  /// Of each point; the mean of all is 0.
  public let places: [SIMD2<Double>]
  /// What part of the points' variance each axis shows, 0...1.
  public let shares: SIMD2<Double>

  /// - Parameter points: all of the same dimension, finite.
  /// - Complexity: O(points² × dimension + points³).
  public init(of points: [[Float]]) {
    let count = points.count
    let dimension = points.first?.count ?? 0
    var mean = [Double](repeating: 0, count: dimension)
    for point in points {
      precondition(point.count == dimension, "points of one space")
      for (axis, value) in point.enumerated() { mean[axis] += Double(value) / Double(count) }
    }
    let centred = points.map { point in zip(point, mean).map { Double($0) - $1 } }
    var products = SmallMatrix(rowCount: count, columnCount: count)
    for row in 0..<count {
      for column in 0...row {
        products[row, column] = zip(centred[row], centred[column]).reduce(0) { $0 + $1.0 * $1.1 }
        products[column, row] = products[row, column]
      }
    }
    let eigen = SymmetricEigen(products)
    let total = eigen.values.reduce(0) { $0 + max(0, $1) }
    let values = (0..<2).map { $0 < count ? max(0, eigen.values[$0]) : 0 }
    places = (0..<count).map { point in
      var place = SIMD2<Double>()
      for axis in 0..<min(2, count) {
        place[axis] = eigen.vectors[point, axis] * values[axis].squareRoot()
      }
      return place
    }
    shares = total > 0 ? SIMD2(values[0] / total, values[1] / total) : SIMD2()
  }
}
