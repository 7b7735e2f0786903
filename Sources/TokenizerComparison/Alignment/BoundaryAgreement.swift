/// How far two ways to cut a text agree.
///
/// A boundary is a place inside the text where a token begins or ends. A span is what a token stands
/// for; that of several tokens which share a character counts once. Tokens that stand for no text have
/// neither.
public struct BoundaryAgreement: Sendable, Equatable {
  /// Boundaries of both.
  public var sharedBoundaries: Int
  /// Boundaries of one or both.
  public var allBoundaries: Int
  public var sharedSpans: Int
  public var allSpans: Int

  /// - Parameter length: of the text, in bytes.
  /// - Complexity: O(spans).
  init(_ a: Set<Range<Int>>, _ b: Set<Range<Int>>, length: Int) {
    let boundaries = (Self.boundaries(a, length), Self.boundaries(b, length))
    sharedBoundaries = boundaries.0.intersection(boundaries.1).count
    allBoundaries = boundaries.0.union(boundaries.1).count
    sharedSpans = a.intersection(b).count
    allSpans = a.union(b).count
  }

  /// Shared boundaries among all (the index of Jaccard); `nil` where neither cuts the text.
  public var boundaryShare: Double? {
    allBoundaries == 0 ? nil : Double(sharedBoundaries) / Double(allBoundaries)
  }

  /// Shared spans among all; `nil` without any.
  public var spanShare: Double? {
    allSpans == 0 ? nil : Double(sharedSpans) / Double(allSpans)
  }

  private static func boundaries(_ spans: Set<Range<Int>>, _ length: Int) -> Set<Int> {
    var places: Set<Int> = []
    for span in spans {
      places.insert(span.lowerBound)
      places.insert(span.upperBound)
    }
    places.remove(0)
    places.remove(length)
    return places
  }
}
