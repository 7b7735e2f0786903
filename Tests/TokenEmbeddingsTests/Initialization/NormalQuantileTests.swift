import Testing

@testable import TokenEmbeddings

@Suite("Normal quantiles")
struct NormalQuantileTests {
  /// From tables of the normal distribution (NIST Handbook, and `scipy.special.ndtri` 1.17).
  @Test("Known quantiles, and the shares back")
  func known() {
    for (share, sigmas) in [
      (0.5, 0.0), (0.158_655_253_931_457_05, 1), (0.022_750_131_948_179_21, 2),
      (0.001_349_898_031_630_094_6, 3), (0.025, 1.959_963_984_540_054),
      (2.866_515_718_791_939e-7, 5), (1.164_153_218_269_348e-10, 6.337_957_754_553_79),
    ] {
      #expect(abs(NormalQuantile.value(share) + sigmas) < 1e-13 * max(1, sigmas))
    }
    #expect(abs(NormalQuantile.share(below: 2) - 0.022_750_131_948_179_21) < 1e-16)
    #expect(NormalQuantile.share(below: 0) == 0.5)
  }

  @Test("The table of polynomials is the function, over all octaves")
  func table() {
    let rows = NormalTable.shared.rows
    var greatest = 0.0
    func check(_ share: Double) {
      greatest = max(
        greatest, abs(NormalTable.value(share, rows) - NormalQuantile.value(share * 0x1p-32)))
    }
    var octave = 0.5
    while octave < 0x1p31 {
      for step in 0..<500 { check(octave * (1 + Double(step) / 500)) }
      check((octave * 2).nextDown)
      octave *= 2
    }
    #expect(greatest < 1e-11, "\(greatest)")
    #expect(NormalTable.value(0x1p31, rows) == 0)
  }
}
