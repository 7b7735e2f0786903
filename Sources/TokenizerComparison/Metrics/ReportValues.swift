/// The values of metrics and their differences, from what was counted.
struct ReportValues {
  let total: Tally
  let languages: [Tally]
  let isParallel: Bool
  /// By model.
  let distributions: [TokenDistribution]
  let vocabularies: [VocabularyUse]
  /// Of the second model and those behind it.
  let overlaps: [VocabularyOverlap]

  func row(of metric: Metric, _ resampling: Resampling) -> MetricRow {
    let values = distributions.indices.map { value(of: metric, model: $0) }
    return MetricRow(
      metric: metric, values: values,
      differences: values.indices.map { model in
        guard model > 0, let value = values[model], let first = values[0] else { return nil }
        let intervals = resampling.intervals(of: metric, model: model)
        return MetricDifference(
          absolute: value - first, relative: first == 0 ? nil : (value - first) / first,
          interval: intervals.absolute, relativeInterval: intervals.relative)
      },
      intervals: values.indices.map {
        metric.isOfPair ? resampling.interval(of: metric, model: $0) : nil
      })
  }

  private func value(of metric: Metric, model: Int) -> Double? {
    switch metric {
    case .tokens: Double(total[.tokens, of: model])
    case .vocabularyUsed:
      distributions[model].tokenCount == 0
        ? nil : Double(vocabularies[model].usedCount) / Double(distributions[model].tokenCount)
    case .renyi: distributions[model].renyiEfficiency
    case .shannon: distributions[model].shannonEfficiency
    case .vocabularyOverlap: model == 0 ? nil : overlaps[model - 1].jaccard
    case .languageGini:
      LanguageCosts(languages, model: model, isParallel: isParallel).gini
    default: total.value(of: metric, model: model)
    }
  }
}
