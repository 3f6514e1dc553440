import Foundation

/// Energies that set in at once and die away, as the short overlapping spectra of a sound show them: in closed form, with the
/// fraction of a spectrum at which each sets in.
///
/// Times are in spectra, 384 a second. A spectrum looks through a window of two of them whose square is sin²(πs/2), of
/// integral 1; an energy that begins at u shows in spectrum n as ∫ sin²(πs/2) exp(−(n + s − u)/τ) ds over what of the window
/// lies behind u.
package enum FadingEnvelopes {
  /// Spectra in which an energy falls to 1/e: from a click (2 ms) to a bell (1 s).
  package static let times = [0.7, 3, 10, 30, 100, 400]

  /// [count, onsets, times] for the spectra from `start` on.
  package static func values(of onsets: [Double], from start: Int, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count * onsets.count * times.count)
    let whole = times.map { share(behind: 0, time: $0) }
    let falls = times.map { exp(-1 / $0) }
    for (k, onset) in onsets.enumerated() {
      for j in times.indices {
        var later: Double?
        for n in 0..<count {
          let age = Double(start + n) - onset
          guard age > -2 else { continue }
          let value: Double
          if age < 0 {
            value = share(behind: -age, time: times[j])
          } else {
            value = later ?? whole[j] * exp(-age / times[j])
            later = value * falls[j]
          }
          values[(n * onsets.count + k) * times.count + j] = Float(value)
        }
      }
    }
    return values
  }

  /// ∫ sin²(πs/2) exp(−(s − u)/τ) ds from u to 2.
  private static func share(behind u: Double, time: Double) -> Double {
    let a = 1 / time
    let end = exp(-a * (2 - u))
    // sin² = (1 − cos πs)/2, and the antiderivative of the second part.
    func wave(_ s: Double, _ fall: Double) -> Double {
      fall * (Double.pi * sin(Double.pi * s) - a * cos(Double.pi * s)) / (a * a + Double.pi * Double.pi)
    }
    return (1 - end) / (2 * a) - (wave(2, end) - wave(u, 1)) / 2
  }
}
