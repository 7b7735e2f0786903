import Testing

@testable import TokenizerComparison
