import Foundation
import Testing

@testable import TokenEmbeddings

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("Map of neighbors")
struct NeighborMapTests {
  @Test("The plane keeps the distances of points that lie in one, and the mean is its middle")
  func plane() {
    // Corners of a rectangle 4 × 2, in a plane of three dimensions.
    let points: [[Float]] = [[0, 0, 1], [4, 0, 1], [4, 2, 1], [0, 2, 1]]
    let plane = PrincipalPlane(of: points)
    for first in points.indices {
      for second in points.indices {
        let expected = zip(points[first], points[second]).reduce(0.0) {
          $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
        }
        let difference = plane.places[first] - plane.places[second]
        #expect(abs((difference * difference).sum() - expected) < 1e-12)
      }
    }
    #expect(abs(plane.shares[0] - 0.8) < 1e-12 && abs(plane.shares[1] - 0.2) < 1e-12)
    #expect(plane.places.reduce(SIMD2()) { $0 + $1 }.x.magnitude < 1e-12)
  }

  @Test("One point, equal points and none have places, too")
  func few() {
    #expect(PrincipalPlane(of: []).places.isEmpty)
    #expect(PrincipalPlane(of: [[1, 2]]).places == [SIMD2()])
    #expect(PrincipalPlane(of: [[1, 2], [1, 2]]).places == [SIMD2(), SIMD2()])
  }

  @Test("Names do not lie upon each other while there is room")
  func labels() {
    var dots: [SIMD2<Double>] = []
    for row in 0..<5 {
      for column in 0..<8 { dots.append(SIMD2(400 + Double(column) * 9, 300 + Double(row) * 7)) }
    }
    let names = dots.indices.map { LabelLayout.Name("word\($0)", isLarge: $0 == 0) }
    let layout = LabelLayout(dots: dots, names: names, in: SIMD2(960, 720))
    var overlaps = 0
    for first in dots.indices {
      for second in dots.indices where first < second {
        if layout.boxes[first].touches(layout.boxes[second]) { overlaps += 1 }
      }
    }
    #expect(overlaps == 0)
    #expect(layout.isMoved.contains(true) && !layout.isMoved[0])
  }

  @Test("The picture is well-formed XML with all names in it, whatever they hold")
  func picture() throws {
    let names = ["apple", "<b>&\"'", "東京", "a\u{301}", "␣x"]
    let map = NeighborMap(
      names.enumerated().map { index, name in
        NeighborMap.Point(
          place: SIMD2(Double(index), Double(index * index)), name: name, group: index,
          isCentre: index == 0)
      }, caption: "1 < 2 & 3")
    let reader = TextCollector()
    let parser = XMLParser(data: Data(map.svg))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.texts == names + ["1 < 2 & 3"])
    #expect(map.svg == map.svg)
    #expect(!String(decoding: map.svg, as: UTF8.self).contains("nan"))
  }

  private final class TextCollector: NSObject, XMLParserDelegate {
    var texts: [String] = []
    private var current: String?

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      current = name == "text" ? "" : nil
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { current? += string }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      if let text = current, name == "text" { texts.append(text) }
      current = nil
    }
  }
}
