/// One metric of all models.
public struct MetricRow: Sendable, Equatable, Codable {
  public var metric: Metric
  /// By model; `nil` where the metric says nothing of it.
  public var values: [Double?]
  /// By model, to the first one; `nil` for the first one, and where a value is missing.
  public var differences: [MetricDifference?]
  /// By model, of a metric that is itself about a difference to the first one (`isOfPair`): where its
  /// value lies in 95 of 100 resamplings; `nil` for other metrics, and as for `MetricDifference`.
  public var intervals: [MetricInterval?]

  public init(
    metric: Metric, values: [Double?], differences: [MetricDifference?],
    intervals: [MetricInterval?]? = nil
  ) {
    self.metric = metric
    self.values = values
    self.differences = differences
    self.intervals = intervals ?? values.map { _ in nil }
  }
}

/// How the value of a model differs from that of the first one.
public struct MetricDifference: Sendable, Equatable, Codable {
  /// Value less the first model's, in the metric's unit.
  public var absolute: Double
  /// The same as a part of the first model's value; `nil` where that is 0.
  public var relative: Double?
  /// Where the differences lie in 95 of 100 resamplings of the documents; `nil` for a metric that
  /// resamplings say nothing of (`vocabularyUsed`, `vocabularyOverlap`), and where there are less than
  /// two documents, for `languageGini` of a language.
  public var interval: MetricInterval?
  public var relativeInterval: MetricInterval?

  public init(
    absolute: Double, relative: Double?, interval: MetricInterval? = nil,
    relativeInterval: MetricInterval? = nil
  ) {
    self.absolute = absolute
    self.relative = relative
    self.interval = interval
    self.relativeInterval = relativeInterval
  }
}

/// Both ends belong to it.
public struct MetricInterval: Sendable, Equatable, Codable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// What a reader of intervals must know besides how they are made; one paragraph without line ends.
  public static let definition =
    "Borders shared with A are about a difference already: there it is the value that lies in the "
    + "interval. Rényi and Shannon efficiency are taken to vary with the shares of tokens as they do "
    + "close to those in the text (linear terms), because texts that are drawn always lack some rare "
    + "tokens. For the inequality of languages, as many documents are drawn of each language as it "
    + "has; documents of a parallel corpus that say the same are drawn together. How much of a "
    + "vocabulary is used cannot be told from texts that are drawn, and what vocabularies share "
    + "depends on no text: these have no interval."
}
