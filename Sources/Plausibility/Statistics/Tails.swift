import Foundation

/// Tail probabilities of the distributions that the tests use.
package enum Tails {
  /// P(Z ≥ z) of the standard normal.
  package static func normal(above z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

  /// P(|Z| ≥ |z|) of the standard normal.
  package static func normal(beyond z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// P(χ² ≥ x) with `degrees` of freedom: the regularised upper incomplete gamma function Q(degrees/2, x/2).
  package static func chiSquare(above x: Double, degrees: Int) -> Double {
    guard x > 0, degrees > 0 else { return 1 }
    return upperGamma(Double(degrees) / 2, x / 2)
  }

  /// P(F ≥ x) with m and n degrees of freedom, by the regularised incomplete beta function.
  package static func fisher(above x: Double, _ m: Int, _ n: Int) -> Double {
    guard x > 0 else { return 1 }
    let (a, b) = (Double(n) / 2, Double(m) / 2)
    return regularizedBeta(Double(n) / (Double(n) + Double(m) * x), a, b)
  }

  /// The z that a standard normal exceeds with probability p: Newton's method on `normal(above:)` from a rational start
  /// (Abramowitz & Stegun 26.2.23).
  package static func normalQuantile(above p: Double) -> Double {
    if p > 0.5 { return -normalQuantile(above: 1 - p) }
    guard p > 1e-300 else { return 37 }
    let t = (-2 * log(p)).squareRoot()
    var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in 0..<3 {
      let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      z += (normal(above: z) - p) / density
    }
    return z
  }

  /// Q(a, x): by series below a + 1, by Lentz's continued fraction above (Abramowitz & Stegun 6.5.29, 6.5.31).
  private static func upperGamma(_ a: Double, _ x: Double) -> Double {
    let front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1 {
      var (term, sum, n) = (1 / a, 1 / a, a)
      while abs(term) > abs(sum) * 1e-16 {
        n += 1
        term *= x / n
        sum += term
      }
      return max(0, 1 - sum * front)
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1...500 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      let delta = d * c
      h *= delta
      if abs(delta - 1) < 1e-15 { break }
    }
    return front * h
  }

  /// I_x(a, b) by Lentz's continued fraction (Abramowitz & Stegun 26.5.8).
  private static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
    let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let logFront: Double = a * log(x) + b * log(1 - x) - logBeta
    let front = exp(logFront) / a
    var (c, d) = (1.0, 1 / max(1 - (a + b) * x / (a + 1), 1e-300))
    var h = d
    for m in 1...500 {
      let k = Double(m)
      let even: Double = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
      let odd: Double = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
      for numerator in [even, odd] {
        d = 1 / (1 + numerator * d)
        c = 1 + numerator / c
        h *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * h
  }
}
