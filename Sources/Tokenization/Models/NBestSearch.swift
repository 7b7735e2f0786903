/// The ways through a lattice with the greatest scores, found by A* from the end of the text to its
/// start: the best score of all ways up to an edge is known, so that no guess is ever too low.
///
/// With single precision, the ways, their order, their scores and the limits are SentencePiece's
/// (`Lattice::NBest` in `unigram_model.cc`, 0.2.3). Ways of equal score come in the order in which the
/// heap of the C++ library that its Linux packages are built with gives them (`std::priority_queue` of
/// GNU's), and `AgendaHeap` does the same. What the search finds beyond 500,000 partial ways, or
/// after the eleventh time that there were too many at once, is the best way alone, as there.
struct NBestSearch<Score: BinaryFloatingPoint & BitwiseCopyable> {
  struct Way {
    var edges: [UnigramLattice.Edge]
    var score: Score
  }

  private struct Node: BitwiseCopyable {
    var id: TokenID
    var start: Int
    var end: Int
    var score: Score
    /// Of the best way from the start of the text to the end of this edge.
    var best: Score
  }

  /// A way from an edge to the end of the text.
  private struct Hypothesis: BitwiseCopyable {
    /// -1: the end of the text.
    var node: Int
    /// The hypothesis behind; -1: none.
    var next: Int
    /// Of the way behind the start of this edge.
    var behind: Score
  }

  private static var largestAgenda: Int { 10_000 }
  private static var leastAgenda: Int { 512 }
  private static var hypothesesPerRound: Int { 100_000 }
  private static var mostHypotheses: Int { 500_000 }
  private static var mostRounds: Int { 10 }

  /// The first one stands for the start of the text.
  private let nodes: [Node]
  /// Nodes by where they end, `firstEnding[place]..<firstEnding[place + 1]` of `ending`; those that begin
  /// first come first.
  private let firstEnding: [Int]
  private let ending: [Int]
  private let length: Int

  init(_ lattice: UnigramLattice, _ text: UnsafeBufferPointer<UInt8>) {
    let length = text.count
    var nodes = [Node(id: 0, start: 0, end: 0, score: 0, best: 0)]
    // The best node that ends at a place; -1: none.
    var bestEnding = [Int](repeating: -1, count: length + 1)
    bestEnding[0] = 0
    var place = 0
    while place < length {
      let before = bestEnding[place]
      if before >= 0 {
        lattice.forEachEdge(of: text, at: place) { id, size, score in
          let node = Node(
            id: id, start: place, end: place + size, score: Score(score),
            best: nodes[before].best + Score(score))
          let other = bestEnding[node.end]
          if other < 0 || node.best > nodes[other].best { bestEnding[node.end] = nodes.count }
          nodes.append(node)
        }
      }
      place += UnigramLattice.characterLength(of: text, at: place)
    }
    var firstEnding = [Int](repeating: 0, count: length + 2)
    for node in nodes { firstEnding[node.end + 1] += 1 }
    for place in 0...length { firstEnding[place + 1] += firstEnding[place] }
    var ending = [Int](repeating: 0, count: nodes.count)
    var next = firstEnding
    for (index, node) in nodes.enumerated() {
      ending[next[node.end]] = index
      next[node.end] += 1
    }
    self.length = length
    self.nodes = nodes
    self.firstEnding = firstEnding
    self.ending = ending
  }

  /// At most `count` ways, the best first; none if there is no way through the text.
  func ways(_ count: Int) -> [Way] {
    guard count > 0, length > 0, firstEnding[length] < firstEnding[length + 1] else { return [] }
    if count == 1 { return [bestWay] }
    let kept = min(Self.leastAgenda, count * 10)
    var hypotheses = [Hypothesis(node: -1, next: -1, behind: 0)]
    var made = 1
    var mostHypotheses = Self.hypothesesPerRound
    var rounds = 0
    var agenda = AgendaHeap<Score>()
    agenda.insert(0, priority: 0)
    var ways: [Way] = []
    while let (top, priority) = agenda.removeFirst() {
      let hypothesis = hypotheses[top]
      if hypothesis.node == 0 {
        ways.append(Way(edges: edges(from: hypothesis.next, in: hypotheses), score: priority))
        if ways.count == count { break }
        continue
      }
      let start = hypothesis.node < 0 ? length : nodes[hypothesis.node].start
      for index in ending[firstEnding[start]..<firstEnding[start + 1]] {
        let node = nodes[index]
        hypotheses.append(
          Hypothesis(node: index, next: top, behind: node.score + hypothesis.behind))
        agenda.insert(hypotheses.count - 1, priority: node.best + hypothesis.behind)
        made += 1
      }
      if made >= Self.mostHypotheses { return [bestWay] }
      if agenda.count >= Self.largestAgenda
        || agenda.count > kept && hypotheses.count >= mostHypotheses
      {
        if rounds == Self.mostRounds { return [bestWay] }
        rounds += 1
        Self.shrink(&agenda, &hypotheses, to: kept)
        mostHypotheses = hypotheses.count + Self.hypothesesPerRound
      }
    }
    return ways
  }

  /// By the scores up to each place; the edge that begins first among equal ones.
  private var bestWay: Way {
    var edges: [UnigramLattice.Edge] = []
    var place = length
    var score: Score = 0
    while place > 0 {
      let candidates = ending[firstEnding[place]..<firstEnding[place + 1]]
      guard var best = candidates.first else { break }
      for index in candidates where nodes[index].best > nodes[best].best { best = index }
      let node = nodes[best]
      if place == length { score = node.best }
      edges.append(UnigramLattice.Edge(id: node.id, range: node.start..<node.end))
      place = node.start
    }
    return Way(edges: edges.reversed(), score: score)
  }

  private func edges(from first: Int, in hypotheses: [Hypothesis]) -> [UnigramLattice.Edge] {
    var edges: [UnigramLattice.Edge] = []
    var index = first
    while index >= 0, hypotheses[index].node >= 0 {
      let node = nodes[hypotheses[index].node]
      edges.append(UnigramLattice.Edge(id: node.id, range: node.start..<node.end))
      index = hypotheses[index].next
    }
    return edges
  }

  /// Keeps the best hypotheses and what they lead to.
  private static func shrink(
    _ agenda: inout AgendaHeap<Score>, _ hypotheses: inout [Hypothesis], to count: Int
  ) {
    var places = [Int](repeating: -1, count: hypotheses.count)
    var kept: [Hypothesis] = []
    var rest = AgendaHeap<Score>()
    for _ in 0..<min(count, agenda.count) {
      guard let (top, priority) = agenda.removeFirst() else { break }
      var index = top
      var referrer = -1
      while index >= 0, places[index] < 0 {
        places[index] = kept.count
        kept.append(hypotheses[index])
        if referrer >= 0 { kept[referrer].next = places[index] }
        referrer = places[index]
        index = hypotheses[index].next
      }
      if index >= 0, referrer >= 0 { kept[referrer].next = places[index] }
      rest.insert(places[top], priority: priority)
    }
    agenda = rest
    hypotheses = kept
  }
}

/// A heap that gives the greatest priority first, and equal ones in the order of `std::push_heap` and
/// `std::pop_heap` of GNU's C++ library (`bits/stl_heap.h`): the hole that the first entry leaves sinks
/// to the bottom along the greater children, the right one of equal ones, and the last entry rises there.
struct AgendaHeap<Priority: Comparable> {
  private var entries: [(value: Int, priority: Priority)] = []

  var count: Int { entries.count }

  mutating func insert(_ value: Int, priority: Priority) {
    entries.append((value, priority))
    rise((value, priority), at: entries.count - 1)
  }

  mutating func removeFirst() -> (value: Int, priority: Priority)? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    let count = entries.count
    if count == 0 { return first }
    var hole = 0
    while hole < (count - 1) / 2 {
      var child = 2 * (hole + 1)
      if entries[child].priority < entries[child - 1].priority { child -= 1 }
      entries[hole] = entries[child]
      hole = child
    }
    if count % 2 == 0, hole == (count - 2) / 2 {
      entries[hole] = entries[2 * hole + 1]
      hole = 2 * hole + 1
    }
    rise(last, at: hole)
    return first
  }

  private mutating func rise(_ entry: (value: Int, priority: Priority), at place: Int) {
    var hole = place
    while hole > 0, entries[(hole - 1) / 2].priority < entry.priority {
      entries[hole] = entries[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    entries[hole] = entry
  }
}

extension UnigramLattice {
  /// A way and the sum of its scores.
  struct Way {
    var edges: [Edge]
    var score: Double
  }

  /// At most `count` ways through a text, the best first, in the precision of the model's rules.
  func bestWays(through text: UnsafeBufferPointer<UInt8>, _ count: Int) -> [Way] {
    switch model.rules {
    case .sentencePiece:
      NBestSearch<Float>(self, text).ways(count).map {
        Way(edges: $0.edges, score: Double($0.score))
      }
    case .huggingFace:
      NBestSearch<Double>(self, text).ways(count).map { Way(edges: $0.edges, score: $0.score) }
    }
  }
}
