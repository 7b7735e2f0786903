import Primitives
import TokenEmbeddings
import Tokenization

/// What is near to a word, or the answer to an analogy.
struct NeighborAnswer {
  /// The word, or the three of an analogy.
  let asked: [WordTokens]
  let direction: [Float]
  let neighbors: [NearestTokens.Neighbor]

  init(
    of word: WordTokens, count: Int, in search: NearestTokens
  ) throws(NeighborError) {
    asked = [word]
    direction = try search.direction(of: word.ids)
    neighbors = search.nearest(to: direction, count: count, excluding: Set(word.ids))
  }

  /// - Parameter words: three.
  init(
    analogy words: [WordTokens], count: Int, in search: NearestTokens
  ) throws(NeighborError) {
    asked = words
    direction = try search.analogy(words[0].ids, to: words[1].ids, as: words[2].ids)
    neighbors = search.nearest(
      to: direction, count: count, excluding: Set(words.flatMap(\.ids)))
  }
}

/// Writes answers for people and for programs.
struct NeighborListing {
  let tokenizer: Tokenizer
  let search: NearestTokens

  /// A heading and a line for each neighbor: cosine, id, token.
  func lines(of answer: NeighborAnswer) -> [String] {
    let words = answer.asked.map { shown($0) }
    let heading =
      words.count == 3 ? "\(words[0]) is to \(words[1]) as \(words[2]) is to" : words[0]
    let width = answer.neighbors.map { String($0.id).utf8.count }.max() ?? 0
    return [heading]
      + answer.neighbors.map { neighbor in
        let id = String(neighbor.id)
        return "  " + Self.shown(neighbor.cosine) + "  "
          + String(repeating: " ", count: width - id.utf8.count) + id + "  "
          + name(of: neighbor.id)
      }
  }

  /// "apple", or "strawberries (␣straw + berries)".
  private func shown(_ word: WordTokens) -> String {
    let text = VisibleText.path(word.word)
    if word.ids.count == 1 { return text }
    return text + " (" + word.ids.map { name(of: $0) }.joined(separator: " + ") + ")"
  }

  private func name(of id: TokenID) -> String {
    tokenizer.bytes(of: id).map { VisibleText.token($0) } ?? "(no token)"
  }

  private static func shown(_ cosine: Float) -> String {
    (cosine < 0 ? "" : " ") + Figures.decimal(Double(cosine), places: 3)
  }

  func json(of answer: NeighborAnswer) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { object in
      object.key(answer.asked.count == 3 ? "analogy" : "word")
      if answer.asked.count == 3 {
        object.array { list in for word in answer.asked { list.string(word.word) } }
      } else {
        object.string(answer.asked.first?.word ?? [])
      }
      object.key("ids")
      object.array { list in
        for id in answer.asked.flatMap(\.ids) { list.integer(id) }
      }
      object.key("neighbors")
      object.array { list in
        for neighbor in answer.neighbors {
          list.object { object in
            object.key("id")
            object.integer(neighbor.id)
            object.key("token")
            object.string(name(of: neighbor.id))
            object.key("cosine")
            object.number(Double(neighbor.cosine))
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// How near two words are.
  struct Similarity {
    let first: [UInt8]
    let second: [UInt8]
    let cosine: Float

    var line: [UInt8] {
      Array(
        ("  " + NeighborListing.shown(cosine) + "  " + VisibleText.path(first) + ", "
          + VisibleText.path(second) + "\n").utf8)
    }

    var json: [UInt8] {
      var writer = JSONWriter(layout: .compact)
      writer.object { object in
        object.key("words")
        object.array { list in
          list.string(first)
          list.string(second)
        }
        object.key("cosine")
        object.number(Double(cosine))
      }
      return writer.bytes + [UInt8(ascii: "\n")]
    }
  }

  /// Each pair of words, in their order.
  func similarities(between answers: [NeighborAnswer]) -> [Similarity] {
    var pairs: [Similarity] = []
    for (index, first) in answers.enumerated() {
      for second in answers.dropFirst(index + 1) {
        pairs.append(
          Similarity(
            first: first.asked.flatMap(\.word), second: second.asked.flatMap(\.word),
            cosine: search.cosine(first.direction, second.direction)))
      }
    }
    return pairs
  }

  /// The words and their neighbors as a picture. A token that is near to several words is shown with
  /// the first; one that is itself a word, as that.
  func map(of answers: [NeighborAnswer]) throws(NeighborError) -> NeighborMap {
    var vectors: [[Float]] = []
    var points: [NeighborMap.Point] = []
    var shownIDs: Set<TokenID> = []
    for (group, answer) in answers.enumerated() {
      for word in answer.asked {
        if word.ids.count == 1 { shownIDs.formUnion(word.ids) }
        vectors.append(try search.direction(of: word.ids))
        points.append(
          NeighborMap.Point(
            place: SIMD2(), name: VisibleText.path(word.word), group: group, isCentre: true))
      }
    }
    for (group, answer) in answers.enumerated() {
      for neighbor in answer.neighbors where shownIDs.insert(neighbor.id).inserted {
        vectors.append(try search.direction(of: [neighbor.id]))
        points.append(
          NeighborMap.Point(
            place: SIMD2(), name: name(of: neighbor.id), group: group, isCentre: false))
      }
    }
    let plane = PrincipalPlane(of: vectors)
    for index in points.indices { points[index].place = plane.places[index] }
    let shares = (0..<2).map { Figures.decimal(100 * plane.shares[$0], places: 0) + "%" }
    return NeighborMap(
      points,
      caption:
        "principal components of \(Figures.counted(points.count, "direction")); the axes show "
        + "\(shares[0]) and \(shares[1]) of the variance")
  }
}
