import Foundation
import Testing

@Suite("Interruption")
struct InterruptionTests {
  let workplace = try? Workplace()

  /// Starts a training that waits for its standard input, with its output begun.
  private func start(_ place: Workplace, _ words: [String]) throws -> (Process, Pipe, Pipe) {
    let process = Process()
    process.executableURL = Tool.url
    process.arguments = words
    process.currentDirectoryURL = place.url
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    return (process, input, errors)
  }

  private func waitForTemporary(in place: Workplace) {
    for _ in 0..<200 where !place.names().contains(where: { $0.hasPrefix(".") }) {
      usleep(10_000)
    }
  }

  @Test(
    "A signal ends the run at once with its status and leaves nothing",
    arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func signal(row: (number: Int32, status: Int32)) throws {
    let place = try #require(workplace)
    let (process, input, errors) = try start(place, ["bpe", "-", "-o", "out/model"])
    waitForTemporary(in: place)
    #expect(place.names() == ["out"] || !place.names().isEmpty)
    let start = ContinuousClock.now
    kill(process.processIdentifier, row.number)
    process.waitUntilExit()
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == row.status)
    #expect(place.names() == [])
    let message = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(message.hasPrefix("toktrain: error: "))
    #expect(message.split(separator: "\n").count == 1)
    withExtendedLifetime(input) {}
  }

  @Test("An ignored signal stays ignored")
  func nohup() throws {
    let place = try #require(workplace)
    let run = try place.tool.shell(
      """
      trap '' HUP
      (sleep 0.3; echo "a text of some words"; sleep 0.2) | \(Tool.url.path) bpe - -v 257 -o out &
      sleep 0.1; kill -HUP $!; wait $!; echo "status $?"
      """)
    #expect(run.text.hasSuffix("status 0\n"), "\(run.text)\(run.errors)")
  }

  @Test("Killed at any moment, the target is the old or the new directory, whole")
  func killed() throws {
    let place = try #require(workplace)
    try place.write(String(repeating: "some words of text\n", count: 2000).utf8, to: "a.txt")
    #expect(try place.tool("bpe", "a.txt", "-v", "262", "-o", "out").status == 0)
    let old = place.names(in: "out")
    for round in 0..<30 {
      let (process, _, _) = try start(
        place, ["bpe", "a.txt", "-v", "\(261 + round % 3)", "-o", "out", "-f", "-q"])
      usleep(UInt32(1000 + 2500 * round))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(place.names(in: "out") == old)
      #expect(try place.tool("inspect", "out").status == 0)
      #expect(
        place.names().allSatisfy { $0 == "a.txt" || $0 == "out" || $0.hasPrefix(".out.toktrain-") })
    }
  }
}
