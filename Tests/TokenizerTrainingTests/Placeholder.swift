import Testing
@testable import TokenizerTraining
