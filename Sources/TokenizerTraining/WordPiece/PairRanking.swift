import Primitives
import Tokenization

/// All pairs that may be merged, and the one that a criterion prefers to all others.
///
/// Merging a and b lowers c(a) and c(b), and with them changes the scores of all pairs with a or b:
/// a symbol that stands before 100,000 others must not cost 100,000 steps each time. So every pair
/// is hosted by that of its two parts which has more pairs when it is born. What all pairs of a host
/// owe to its count is one number, told to the host's tournament and to the heap of hosts. Only the
/// pairs that a symbol has as a guest of others are told one by one, and these are few: the k-th of
/// them has a host with k pairs or more, each host has at most two of them, and all hosts together
/// have at most twice the E pairs there are, so a symbol is a guest fewer than 3 sqrt(E) times.
///
/// n(ab) only falls once a pair is born, so a pair below the minimum is gone for good.
struct PairRanking<Criterion: PairCriterion>: ~Copyable {
  private let criterion: Criterion
  private let minimum: Int64
  /// Weighted occurrences by symbol.
  private let symbolCounts: PageBuffer<Int64>
  /// What these bring into scores.
  private let shares: PageBuffer<Int64>
  /// Pairs ever born with each symbol.
  private let degrees: PageBuffer<UInt32>
  private var tournaments: PairTournaments<Criterion>
  private var hosts: HostHeap<Criterion>
  /// Records of the pairs that others host, by symbol; those that are gone are forgotten at the
  /// next walk.
  private var guests: RecordLists
  /// Slot of each record's pair, the top bit where the right part hosts it; `nowhere`.
  private var places: [UInt32] = []
  /// Pairs told one by one so far.
  private var guestSteps = 0

  private static var nowhere: UInt32 { .max }
  private static var rightHosts: UInt32 { 1 << 31 }

  /// `nil` without memory.
  init?(criterion: Criterion, minimum: Int64, symbolLimit: Int) {
    guard let symbolCounts = PageBuffer<Int64>(count: symbolLimit),
      let shares = PageBuffer<Int64>(count: symbolLimit),
      let degrees = PageBuffer<UInt32>(count: symbolLimit),
      let tournaments = PairTournaments<Criterion>(hostLimit: symbolLimit),
      let hosts = HostHeap<Criterion>(hostLimit: symbolLimit),
      let guests = RecordLists(symbolLimit: symbolLimit)
    else { return nil }
    self.criterion = criterion
    self.minimum = minimum
    self.symbolCounts = symbolCounts
    self.shares = shares
    self.degrees = degrees
    self.tournaments = tournaments
    self.hosts = hosts
    self.guests = guests
  }

  /// The best pair; `nil`: none is left.
  var best: UInt64? { hosts.top }

  /// Pairs and matches looked at so far.
  var steps: Int { tournaments.steps + guestSteps }

  func count(of symbol: Int) -> Int64 { symbolCounts[symbol] }

  /// Changes the count of a symbol; its pairs are told later, by `tellGuests`.
  mutating func setCount(_ count: Int64, of symbol: Int) {
    symbolCounts[symbol] = count
    shares[symbol] = criterion.symbolShare(count)
  }

  /// Adds records that were born together.
  ///
  /// - Precondition: the counts of all symbols are up to date.
  mutating func add(
    _ rows: Range<Int>, _ records: borrowing PairRecords, where isAllowed: (UInt64) -> Bool
  ) {
    for row in rows {
      let record = records.records[row]
      let isAlive = record.count >= minimum && isAllowed(record.key)
      places.append(isAlive ? 0 : Self.nowhere)
      guard isAlive else { continue }
      let (left, right) = Self.parts(record.key)
      degrees[left] &+= 1
      if left != right { degrees[right] &+= 1 }
    }
    for row in rows where places[row] != Self.nowhere { settle(row, records) }
  }

  /// A record's count has fallen.
  mutating func lower(_ row: Int, _ records: borrowing PairRecords) {
    let place = places[row]
    guard place != Self.nowhere else { return }
    let record = records.records[row]
    if record.count < minimum {
      remove(row, record.key)
    } else {
      update(record, place)
    }
  }

  /// The count of a symbol has changed: its host's share, and what its pairs owe to it at others.
  mutating func tellGuests(of symbol: Int, _ records: borrowing PairRecords) {
    tournaments.setShare(shares[symbol], host: symbol)
    promote(symbol)
    var kept = 0
    for index in 0..<guests.count(of: symbol) {
      let row = guests[symbol, index]
      guestSteps &+= 1
      guard places[row] != Self.nowhere else { continue }
      guests[symbol, kept] = row
      kept &+= 1
      update(records.records[row], places[row])
    }
    guests.keep(kept, of: symbol)
  }

  /// Takes a pair out: it was merged.
  mutating func remove(_ row: Int, _ key: UInt64) {
    let place = places[row]
    guard place != Self.nowhere else { return }
    places[row] = Self.nowhere
    let host = Self.host(key, place)
    if tournaments.remove(at: Self.slot(place), host: host) { promote(host) }
  }

  private mutating func update(_ record: PairRecord, _ place: UInt32) {
    let host = Self.host(record.key, place)
    if tournaments.set(hosted(record, place), at: Self.slot(place), host: host) { promote(host) }
  }

  /// Tells the heap the best pair of a host. One host at a time: a heap in which two nodes have
  /// changed is not put in order by moving one after the other.
  private mutating func promote(_ host: Int) {
    hosts.set(tournaments.best(of: host), share: tournaments.share(of: host), host: host)
  }

  /// Gives a record to that of its parts which has more pairs.
  private mutating func settle(_ row: Int, _ records: borrowing PairRecords) {
    let record = records.records[row]
    let (left, right) = Self.parts(record.key)
    let side = degrees[left] >= degrees[right] ? 0 : Self.rightHosts
    let host = side == 0 ? left : right
    let slot = tournaments.insert(hosted(record, side), host: host)
    places[row] = UInt32(truncatingIfNeeded: slot) | side
    // (a, a) is its own guest: its score falls with the count of a twice.
    guests.append(row, to: side == 0 ? right : left)
    promote(host)
  }

  private func hosted(_ record: PairRecord, _ side: UInt32) -> HostedPair {
    let (left, right) = Self.parts(record.key)
    let guest = side & Self.rightHosts == 0 ? right : left
    return HostedPair(
      count: record.count,
      share: criterion.pairShare(record.count, guest: shares[guest]), key: record.key)
  }

  @inline(__always)
  private static func parts(_ key: UInt64) -> (left: Int, right: Int) {
    (Int(key &>> 32), Int(key & 0xFFFF_FFFF))
  }

  @inline(__always)
  private static func host(_ key: UInt64, _ place: UInt32) -> Int {
    let (left, right) = parts(key)
    return place & rightHosts == 0 ? left : right
  }

  @inline(__always)
  private static func slot(_ place: UInt32) -> Int { Int(place & ~rightHosts) }
}
