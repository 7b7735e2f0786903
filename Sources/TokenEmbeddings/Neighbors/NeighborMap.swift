/// A picture of points with names: an SVG of a fixed size. Names stand beside their points and do not
/// lie upon each other as long as there is room; where one had to move away, a line leads to it.
public struct NeighborMap: Sendable {
  /// A point and what is said of it.
  public struct Point: Sendable {
    public var place: SIMD2<Double>
    /// As a person should see it.
    public var name: String
    /// Points of the same group have the same colour.
    public var group: Int
    /// Whether it is what was asked for.
    public var isCentre: Bool

    public init(place: SIMD2<Double>, name: String, group: Int, isCentre: Bool) {
      self.place = place
      self.name = name
      self.group = group
      self.isCentre = isCentre
    }
  }

  private static let size = SIMD2<Double>(960, 720)
  private static let margin = 80.0
  /// Told apart by people who see colours in other ways, too (Okabe, Ito 2008, without yellow).
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000",
  ]

  private let points: [Point]
  private let caption: String

  public init(_ points: [Point], caption: String) {
    self.points = points
    self.caption = caption
  }

  /// The picture, UTF-8. The same points give the same bytes.
  public var svg: [UInt8] {
    let dots = scaled(points.map(\.place))
    let labels = LabelLayout(
      dots: dots, names: points.map { LabelLayout.Name($0.name, isLarge: $0.isCentre) },
      in: Self.size)
    var lines = [
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 720" width="960" height="720" "#
        + #"font-family="sans-serif" font-size="14">"#,
      #"<rect width="960" height="720" fill="white"/>"#,
    ]
    for (index, point) in points.enumerated() {
      let (dot, label) = (dots[index], labels.boxes[index])
      let colour = Self.colours[point.group % Self.colours.count]
      if labels.isMoved[index] {
        let end = label.nearest(to: dot)
        lines.append(
          "<path d=\"M\(Self.text(dot)) L\(Self.text(end))\" stroke=\"\(colour)\" "
            + "stroke-width=\"0.6\" opacity=\"0.6\"/>")
      }
      lines.append(
        "<circle cx=\"\(Self.text(dot.x))\" cy=\"\(Self.text(dot.y))\" "
          + "r=\"\(point.isCentre ? 5 : 3)\" fill=\"\(colour)\"/>")
      lines.append(
        "<text x=\"\(Self.text(label.lower.x))\" y=\"\(Self.text(label.upper.y - 4))\" "
          + "fill=\"\(colour)\"\(point.isCentre ? #" font-weight="bold" font-size="17""# : "")>"
          + Self.escaped(point.name) + "</text>")
    }
    lines.append(
      #"<text x="16" y="704" fill="dimgray" font-size="12">"# + Self.escaped(caption) + "</text>")
    lines.append("</svg>")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Places on the picture. Both axes have the same scale, so that distances can be compared.
  private func scaled(_ places: [SIMD2<Double>]) -> [SIMD2<Double>] {
    guard let first = places.first else { return [] }
    let lower = places.reduce(first) { pointwiseMin($0, $1) }
    let upper = places.reduce(first) { pointwiseMax($0, $1) }
    let room = Self.size - 2 * Self.margin
    let extent = upper - lower
    let scale = min(
      extent.x > 0 ? room.x / extent.x : .infinity, extent.y > 0 ? room.y / extent.y : .infinity)
    return places.map { place in
      let centred = place - (lower + upper) / 2
      let offset = scale.isFinite ? centred * scale : SIMD2()
      // Upwards is the positive direction of the second axis.
      return Self.size / 2 + SIMD2(offset.x, -offset.y)
    }
  }

  private static func text(_ point: SIMD2<Double>) -> String { "\(text(point.x)),\(text(point.y))" }

  /// Tenths: more cannot be seen.
  private static func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    return "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
