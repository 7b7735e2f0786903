/// Finds room for the names of points: the first of some places around each point, near ones first, that
/// touches neither a point nor a name that stands already.
struct LabelLayout {
  /// A rectangle; `lower` is its corner to the left and above.
  struct Box {
    var lower: SIMD2<Double>
    var upper: SIMD2<Double>

    func touches(_ other: Box) -> Bool {
      lower.x < other.upper.x && other.lower.x < upper.x && lower.y < other.upper.y
        && other.lower.y < upper.y
    }

    func nearest(to point: SIMD2<Double>) -> SIMD2<Double> {
      pointwiseMax(lower, pointwiseMin(upper, point))
    }
  }

  /// A name and about how large it is when it is drawn.
  struct Name {
    var size: SIMD2<Double>
    var isLarge: Bool

    init(_ text: String, isLarge: Bool) {
      self.isLarge = isLarge
      let unit = isLarge ? 10.0 : 8.0
      // East Asian characters take about two units; nobody knows exactly without the font.
      let units = text.unicodeScalars.reduce(0.0) { $0 + ($1.value >= 0x1100 ? 1.8 : 1) }
      size = SIMD2(max(unit, units * unit), isLarge ? 20 : 17)
    }
  }

  /// Where each name stands.
  private(set) var boxes: [Box]
  /// Whether it stands so far away that a line should lead to it.
  private(set) var isMoved: [Bool]

  init(dots: [SIMD2<Double>], names: [Name], in area: SIMD2<Double>) {
    let marks = dots.map { Box(lower: $0 - 4, upper: $0 + 4) }
    boxes = dots.map { Box(lower: $0, upper: $0) }
    isMoved = Array(repeating: false, count: dots.count)
    // Large names choose first.
    let order =
      dots.indices.filter { names[$0].isLarge } + dots.indices.filter { !names[$0].isLarge }
    var standing: [Box] = []
    for index in order {
      let choices = Self.choices(around: dots[index], names[index].size)
      let free = choices.firstIndex { box in
        box.lower.x >= 0 && box.lower.y >= 0 && box.upper.x <= area.x && box.upper.y <= area.y
          && !standing.contains { $0.touches(box) }
          && !marks.indices.contains { $0 != index && marks[$0].touches(box) }
      }
      boxes[index] = choices[free ?? 0]
      isMoved[index] = (free ?? 0) >= Self.nearChoices
      standing.append(boxes[index])
    }
  }

  /// Places right beside a point.
  private static let nearChoices = 4

  private static func choices(around dot: SIMD2<Double>, _ size: SIMD2<Double>) -> [Box] {
    let gap = 6.0
    var corners = [
      SIMD2(dot.x + gap, dot.y - size.y / 2), SIMD2(dot.x - gap - size.x, dot.y - size.y / 2),
      SIMD2(dot.x - size.x / 2, dot.y - gap - size.y), SIMD2(dot.x - size.x / 2, dot.y + gap),
    ]
    // Then rings of eight directions, farther and farther away.
    for ring in 1...12 {
      let distance = Double(ring) * size.y * 1.2
      for direction in [
        SIMD2(1.0, -0.5), SIMD2(1, 0.5), SIMD2(-1, -0.5), SIMD2(-1, 0.5), SIMD2(0, -1), SIMD2(0, 1),
        SIMD2(1, -1), SIMD2(-1, 1),
      ] {
        let centre = dot + direction * distance + SIMD2(direction.x * size.x / 2, 0)
        corners.append(centre - size / 2)
      }
    }
    return corners.map { Box(lower: $0, upper: $0 + size) }
  }
}
