import Testing
import TokenizerComparison

@testable import toktrain

@Suite("Conditions of --fail-if")
struct FailConditionTests {
  /// A report with one metric: the value of A, then those of others; `nil` where there is none.
  private func report(_ metric: Metric, _ values: Double?...) -> ComparisonReport {
    let first = values.first ?? nil
    return ComparisonReport(
      models: values.map { _ in
        ComparedModel(name: [0x61], family: "BPE", tokenCount: 1, vocabularyFingerprint: "")
      }, corpus: ComparedCorpus(),
      metrics: [
        MetricRow(
          metric: metric, values: values,
          differences: values.enumerated().map { model, value in
            guard model > 0, let value, let first else { return nil }
            return MetricDifference(
              absolute: value - first, relative: first == 0 ? nil : (value - first) / first)
          })
      ])
  }

  private func failure(_ conditions: [String], _ report: ComparisonReport) -> Failure? {
    do throws(Failure) {
      try FailCondition.check(conditions.compactMap { FailCondition($0) }, report)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "A condition is a metric, a sign and a bound",
    arguments: [
      ("bytes/token<-1%", Metric.bytesPerToken, true, -0.01, true),
      ("bytes/token>-1%", .bytesPerToken, false, -0.01, true),
      ("tokens>100", .tokens, false, 100, false), ("unknown>0", .unknown, false, 0, false),
      ("whole-words<-.005", .wholeWords, true, -0.005, false),
      ("length>+2.5%", .sequenceLength, false, 0.025, true),
      ("renyi<-0", .renyi, true, 0, false), ("language-gini>1.", .languageGini, false, 1, false),
    ] as [(String, Metric, Bool, Double, Bool)])
  func parsing(
    text: String, metric: Metric, failsBelow: Bool, bound: Double, isRelative: Bool
  ) throws {
    let condition = try #require(FailCondition(text))
    #expect(condition.metric == metric)
    #expect(condition.failsBelow == failsBelow)
    #expect(condition.bound == bound)
    #expect(condition.isRelative == isRelative)
    #expect(condition.text == text)
  }

  @Test("Every metric that a model has by itself can be named", arguments: Metric.allCases)
  func metrics(metric: Metric) {
    #expect((FailCondition("\(metric.rawValue)>1%") == nil) == metric.isOfPair)
  }

  @Test(
    "What is none is refused, with what it should be",
    arguments: [
      "", "<", ">1", "tokens", "tokens<", "tokens<%", "tokens=1", "tokens<=1", "tokens<>1",
      "tokens<1<2", "tokens<1%%", "tokens<%1", "tokens<1e3", "tokens<0x1", "tokens<inf",
      "tokens<nan", "tokens<1,5", "tokens<--1", "tokens< 1", "tokens <1", " tokens<1",
      "Tokens<1", "nothing<1", "boundaries<1", "vocabulary-overlap>1%", "tokens<\u{0661}",
      "tokens<1" + String(repeating: "0", count: 400),
    ])
  func malformed(text: String) {
    #expect(FailCondition(text) == nil)
    let words = ["a", "b", "--fail-if", text].map { RawArgument($0) }
    do throws(UsageError) {
      _ = try CompareCommand.schema.parse(words)
      Issue.record("\(text) was taken")
    } catch {
      guard case .badValue("--fail-if", text, let expected, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(expected.contains("'bytes/token<-1%'"))
      for metric in Metric.allCases where !metric.isOfPair {
        #expect(expected.contains(metric.rawValue))
      }
    }
  }

  @Test(
    "Values worked by hand, each beside A's 4",
    arguments: [
      ("bytes/token<-1%", 3.9, true), ("bytes/token<-1%", 3.97, false),
      ("bytes/token>1%", 4.1, true), ("bytes/token>1%", 3, false),
      ("bytes/token<0", 3.999, true), ("bytes/token<0", 4, false), ("bytes/token>0", 4, false),
      // -25% exactly, and half a unit exactly: what is equal to the bound is not beyond it.
      ("bytes/token<-25%", 3, false), ("bytes/token<-24.9%", 3, true),
      ("bytes/token>0.5", 4.5, false), ("bytes/token>0.5", 4.75, true),
      ("bytes/token<-0.5", 3.5, false), ("bytes/token<-0.5", 3.25, true),
    ])
  func evaluation(text: String, value: Double, isMet: Bool) throws {
    let condition = try #require(FailCondition(text))
    #expect(condition.isMet(in: report(.bytesPerToken, 4, value), model: 1) == isMet)
  }

  @Test("Without a value on either side, or without A's, there is no answer")
  func missing() throws {
    let (relative, absolute) = (
      try #require(FailCondition("unknown<1%")), try #require(FailCondition("unknown>0.001"))
    )
    for values in [[nil, 0.5], [0.5, nil], [nil, nil]] as [[Double?]] {
      let report = report(.unknown, values[0], values[1])
      #expect(relative.isMet(in: report, model: 1) == nil)
      #expect(absolute.isMet(in: report, model: 1) == nil)
    }
    // Nothing is a part of 0, but the difference is known.
    let fromZero = report(.unknown, 0, 0.25)
    #expect(relative.isMet(in: fromZero, model: 1) == nil)
    #expect(absolute.isMet(in: fromZero, model: 1) == true)
    // A report without the metric.
    #expect(absolute.isMet(in: report(.tokens, 1, 2), model: 1) == nil)
  }

  @Test("The first condition that any model meets ends with status 1 and names both")
  func check() {
    let report = report(.tokens, 100, 100, 150)
    #expect(failure([], report) == nil)
    #expect(failure(["tokens>50", "tokens<-1"], report) == nil)
    #expect(
      failure(["tokens<-1", "tokens>49%", "tokens>1"], report)
        == Failure(.answeredNo, "C is beyond --fail-if 'tokens>49%'"))
  }

  @Test("What has no answer is an error, not a pass")
  func unanswered() throws {
    let found = try #require(failure(["unknown<1%"], report(.unknown, 0, 0)))
    #expect(found.status == .badData)
    #expect(found.message.contains("--fail-if 'unknown<1%': B and A have no such difference"))
  }
}
