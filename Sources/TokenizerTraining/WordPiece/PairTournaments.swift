import Primitives

/// The pairs of each host and the best of them: knock-out tournaments over blocks of eight pairs,
/// which stay valid while the share of the host rises.
///
/// Every match remembers up to which share its outcome holds (a kinetic tournament: Basch, Guibas
/// and Hershberger 1999, "Data structures for mobile data"), so that a host whose count has fallen
/// replays only the matches that may end otherwise now. For scores in which the host's count does
/// not decide between its own pairs, outcomes hold for ever.
struct PairTournaments<Criterion: PairCriterion>: ~Copyable {
  private struct Match: BitwiseCopyable {
    /// Slot of the best pair; `nobody`: none is there.
    var winner: UInt32
    /// The share from which on the match must be played again.
    var end: Int64
  }

  private struct Host: BitwiseCopyable {
    /// First slot in `pairs`; a quarter of it, first match in `matches`.
    var start: Int
    /// Slots: eight times a power of two; 0: the host never had a pair.
    var capacity: UInt32
    var used: UInt32
    /// 1 + the first of the slots whose pairs are gone; each has the next in its share.
    var free: UInt32
    var share: Int64
  }

  private static var nobody: UInt32 { .max }

  private let hosts: PageBuffer<Host>
  private var pairs: UnsafeMutablePointer<HostedPair>
  /// By host: match 1 is the final, those of the winners of 2n and 2n + 1 is n, the last half of
  /// them are the blocks.
  private var matches: UnsafeMutablePointer<Match>
  private var capacity = 1 << 12
  private var end = 0
  /// 1 + the first of the regions of 2^i slots that hosts have outgrown, in the share of whose
  /// first slot stands the next.
  private var regions = [Int](repeating: 0, count: 64)
  /// Pairs and matches looked at so far: what all this costs.
  private(set) var steps = 0

  /// `nil` without memory.
  init?(hostLimit: Int) {
    guard let hosts = PageBuffer<Host>(count: hostLimit) else { return nil }
    self.hosts = hosts
    pairs = .allocate(capacity: capacity)
    matches = .allocate(capacity: capacity / 4)
  }

  deinit {
    pairs.deallocate()
    matches.deallocate()
  }

  /// The best pair of a host; its count is 0 if there is none.
  func best(of host: Int) -> HostedPair {
    let own = hosts[host]
    guard own.capacity > 0 else { return HostedPair(count: 0, share: 0, key: 0) }
    let winner = matches[own.start / 4 + 1].winner
    guard winner != Self.nobody else { return HostedPair(count: 0, share: 0, key: 0) }
    return pairs[own.start + Int(winner)]
  }

  @inline(__always)
  func share(of host: Int) -> Int64 { hosts[host].share }

  /// Adds a pair and returns its slot, which stays the same.
  mutating func insert(_ pair: HostedPair, host: Int) -> Int {
    var own = hosts[host]
    let slot: Int
    if own.free > 0 {
      slot = Int(own.free) - 1
      own.free = UInt32(truncatingIfNeeded: pairs[own.start + slot].share)
      hosts[host] = own
    } else {
      if own.used == own.capacity { grow(host) }
      slot = Int(hosts[host].used)
      hosts[host].used += 1
    }
    _ = set(pair, at: slot, host: host)
    return slot
  }

  mutating func remove(at slot: Int, host: Int) -> Bool {
    let next = Int64(hosts[host].free)
    hosts[host].free = UInt32(slot + 1)
    return set(HostedPair(count: 0, share: next, key: 0), at: slot, host: host)
  }

  /// Changes a pair; returns whether the host's best one may be another now, or the same with
  /// another score.
  @inline(__always)
  mutating func set(_ pair: HostedPair, at slot: Int, host: Int) -> Bool {
    let own = hosts[host]
    pairs[own.start &+ slot] = pair
    let blocks = Int(own.capacity) / 8
    let match = matches[own.start / 4 &+ blocks &+ slot / 8]
    steps &+= 1
    if match.winner != Self.nobody, Int(match.winner) != slot {
      if pair.count == 0 { return false }
      let ahead = pairs[own.start &+ Int(match.winner)]
      if !Criterion.precedes(pair, ahead, host: own.share),
        Criterion.overtaking(pair, ahead, host: own.share) >= match.end
      {
        return false
      }
    }
    return replay(slot, own)
  }

  /// Plays again what the pair of a slot takes part in; returns whether that may change the final.
  private mutating func replay(_ slot: Int, _ own: Host) -> Bool {
    let blocks = Int(own.capacity) / 8
    let first = own.start / 4
    var number = blocks + slot / 8
    var match = playBlock(slot / 8, own)
    while true {
      let known = matches[first + number]
      matches[first + number] = match
      if match.winner == known.winner, match.end == known.end, Int(match.winner) != slot {
        return false
      }
      if number == 1 { return true }
      number /= 2
      match = play(number, own)
    }
  }

  /// Tells a host its share; matches that may end otherwise with it are played again.
  mutating func setShare(_ share: Int64, host: Int) {
    let known = hosts[host].share
    hosts[host].share = share
    let own = hosts[host]
    guard own.capacity > 0, !Criterion.ignoresHost else { return }
    if share < known {
      // Outcomes hold upwards. (A whole logarithm may fall by one where the count rises by one.)
      playAll(own)
    } else {
      refresh(1, own)
    }
  }

  /// As deep as the logarithm of the number of blocks.
  private mutating func refresh(_ number: Int, _ own: Host) {
    let place = own.start / 4 + number
    guard matches[place].end <= own.share else { return }
    let blocks = Int(own.capacity) / 8
    if number >= blocks {
      matches[place] = playBlock(number - blocks, own)
    } else {
      refresh(2 * number, own)
      refresh(2 * number + 1, own)
      matches[place] = play(number, own)
    }
  }

  /// The match between two winners.
  private mutating func play(_ number: Int, _ own: Host) -> Match {
    let left = matches[own.start / 4 + 2 * number]
    let right = matches[own.start / 4 + 2 * number + 1]
    steps &+= 1
    if right.winner == Self.nobody { return left }
    if left.winner == Self.nobody { return right }
    let a = pairs[own.start + Int(left.winner)]
    let b = pairs[own.start + Int(right.winner)]
    let end = min(left.end, right.end)
    if Criterion.precedes(b, a, host: own.share) {
      let crossing = Criterion.overtaking(a, b, host: own.share)
      return Match(winner: right.winner, end: min(end, crossing))
    }
    return Match(
      winner: left.winner, end: min(end, Criterion.overtaking(b, a, host: own.share)))
  }

  /// The best of eight.
  private mutating func playBlock(_ block: Int, _ own: Host) -> Match {
    let first = 8 * block
    let slots = pairs + own.start
    let last = min(first + 8, Int(own.used))
    steps &+= 8
    var winner = -1
    for slot in first..<max(first, last) where slots[slot].count > 0 {
      if winner < 0 || Criterion.precedes(slots[slot], slots[winner], host: own.share) {
        winner = slot
      }
    }
    guard winner >= 0 else { return Match(winner: Self.nobody, end: .max) }
    let best = slots[winner]
    var end = Int64.max
    for slot in first..<last where slots[slot].count > best.count {
      end = min(end, Criterion.overtaking(slots[slot], best, host: own.share))
    }
    return Match(winner: UInt32(truncatingIfNeeded: winner), end: end)
  }

  private mutating func playAll(_ own: Host) {
    let blocks = Int(own.capacity) / 8
    for block in 0..<blocks { matches[own.start / 4 + blocks + block] = playBlock(block, own) }
    for number in stride(from: blocks - 1, to: 0, by: -1) {
      matches[own.start / 4 + number] = play(number, own)
    }
  }

  /// Twice the room for a host; slots stay the same.
  private mutating func grow(_ host: Int) {
    let old = hosts[host]
    let slots = max(8, 2 * Int(old.capacity))
    let start = region(slots)
    (pairs + start).update(from: pairs + old.start, count: Int(old.capacity))
    for slot in Int(old.capacity)..<slots {
      pairs[start + slot] = HostedPair(count: 0, share: 0, key: 0)
    }
    if old.capacity > 0 {
      let size = old.capacity.trailingZeroBitCount
      pairs[old.start].share = Int64(regions[size])
      regions[size] = 1 + old.start
    }
    hosts[host].start = start
    hosts[host].capacity = UInt32(slots)
    playAll(hosts[host])
  }

  /// The first of so many slots that nobody uses.
  private mutating func region(_ slots: Int) -> Int {
    let size = slots.trailingZeroBitCount
    if regions[size] > 0 {
      let start = regions[size] - 1
      regions[size] = Int(pairs[start].share)
      return start
    }
    while end + slots > capacity { growArena() }
    end += slots
    return end - slots
  }

  private mutating func growArena() {
    let morePairs = UnsafeMutablePointer<HostedPair>.allocate(capacity: 2 * capacity)
    morePairs.update(from: pairs, count: end)
    pairs.deallocate()
    pairs = morePairs
    let moreMatches = UnsafeMutablePointer<Match>.allocate(capacity: capacity / 2)
    moreMatches.update(from: matches, count: end / 4)
    matches.deallocate()
    matches = moreMatches
    capacity *= 2
  }
}
