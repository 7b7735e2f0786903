/// One metric of all models.
public struct MetricRow: Sendable, Equatable, Codable {
  public var metric: Metric
  /// By model; `nil` where the metric says nothing of it.
  public var values: [Double?]
  /// By model, to the first one; `nil` for the first one, and where a value is missing.
  public var differences: [MetricDifference?]

  public init(metric: Metric, values: [Double?], differences: [MetricDifference?]) {
    self.metric = metric
    self.values = values
    self.differences = differences
  }
}

/// How the value of a model differs from that of the first one.
public struct MetricDifference: Sendable, Equatable, Codable {
  /// Value less the first model's, in the metric's unit.
  public var absolute: Double
  /// The same as a part of the first model's value; `nil` where that is 0.
  public var relative: Double?
  /// Where the differences lie in 95 of 100 resamplings of the documents; `nil` for a metric that is
  /// not a ratio of sums over documents, and where there are less than two documents.
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
}
