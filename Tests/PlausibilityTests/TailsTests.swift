import Foundation
import Plausibility
import Testing

@Suite("Tail probabilities") struct TailsTests {
  /// Values from the tables of Abramowitz & Stegun (26.1, 26.8, 26.9), to their digits.
  @Test("tabulated values")
  func tables() {
    #expect(abs(Tails.normal(above: 1.959964) - 0.025) < 1e-7)
    #expect(abs(Tails.chiSquare(above: 3.841459, degrees: 1) - 0.05) < 1e-7)
    #expect(abs(Tails.chiSquare(above: 18.307038, degrees: 10) - 0.05) < 1e-7)
    #expect(abs(Tails.chiSquare(above: 124.342113, degrees: 100) - 0.05) < 1e-7)
    #expect(abs(Tails.fisher(above: 3.325835, 5, 10) - 0.05) < 1e-6)
  }

  @Test("two degrees of freedom are an exponential, and one is a squared normal", arguments: [0.1, 1, 3, 10, 40])
  func closedForms(x: Double) {
    #expect(abs(Tails.chiSquare(above: x, degrees: 2) / exp(-x / 2) - 1) < 1e-10)
    #expect(abs(Tails.chiSquare(above: x, degrees: 1) / Tails.normal(beyond: x.squareRoot()) - 1) < 1e-10)
    // F with many denominator degrees tends to chi-square over its degrees.
    #expect(abs(Tails.fisher(above: x / 3, 3, 10_000_000) - Tails.chiSquare(above: x, degrees: 3)) < 1e-5)
  }

  @Test("quantiles undo tails", arguments: [0.4, 0.05, 1e-3, 1e-8, 1e-40, 0.9])
  func quantiles(p: Double) {
    #expect(abs(Tails.normal(above: Tails.normalQuantile(above: p)) / p - 1) < 1e-9)
  }
}
