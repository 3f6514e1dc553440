import Foundation
import LinearAlgebra
import WorldCore

/// A swing to and fro, as its equation of motion: `θ″ = −ω² sin(θ − θ₀) − 2γθ′ − μ sgn θ′` for a pendulum, with the sine's
/// argument itself for what bobs or hangs on a spring. Without μ the damping γ stands for all that takes or gives energy.
///
/// Fitted to measured angles (radians) or heights (px) by Gauss and Newton through the integrated equation (Runge and Kutta,
/// fourth order).
struct Oscillation {
  enum Kind: Sendable { case pendulum, harmonic }

  /// The unknowns, in this order: rest position, start, starting speed, ω² (1/s²), γ (1/s) and, where asked for, μ (the
  /// amplitude's unit per s²).
  let unknowns: [Double]
  let covariance: Matrix
  let chiSquare: Double
  let degreesOfFreedom: Int
  let kind: Kind

  var angularFrequency: Double { max(unknowns[3], 0).squareRoot() }
  var damping: Double { unknowns[4] }

  struct Sample {
    var time: Double
    var value: Double
    var deviation: Double
  }

  /// nil where the fit doesn't converge, or the swing is no swing.
  init?(_ samples: [Sample], kind: Kind, frequency guess: Double, rest: Double, dryFriction: Bool = false) {
    guard samples.count > 12, guess > 0 else { return nil }
    self.kind = kind
    let amplitude = samples.map { abs($0.value - rest) }.max() ?? 0
    guard amplitude > 0 else { return nil }
    let head = samples.prefix(4)
    let speed = (head.last!.value - head.first!.value) / max(head.last!.time - head.first!.time, 1e-9)
    var x = [rest, samples[0].value, speed, guess * guess, 0.02 * guess, 0]
    let count = dryFriction ? 6 : 5
    let scales = [amplitude, amplitude, amplitude * guess, guess * guess, guess, amplitude * guess * guess]
    var previous = Double.infinity
    var solved: LeastSquaresSolution?
    var damping = 1e-3
    func residuals(_ x: [Double]) -> [Double] {
      zip(samples, Self.path(x, samples, kind: kind)).map { ($0.value - $1) / $0.deviation }
    }
    var r = residuals(x)
    var chi = r.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      // Numeric derivatives, in units of each unknown's own scale; a share of each is held back (Levenberg and Marquardt).
      var design = Matrix(rows: samples.count + count, columns: count)
      let target = r + [Double](repeating: 0, count: count)
      for k in 0..<count {
        var shifted = x
        let step = 1e-5 * scales[k]
        shifted[k] += step
        let moved = residuals(shifted)
        for i in samples.indices { design[i, k] = (r[i] - moved[i]) / 1e-5 }
      }
      for k in 0..<count {
        let size = samples.indices.reduce(1e-12) { $0 + design[$1, k] * design[$1, k] }.squareRoot()
        design[samples.count + k, k] = damping * size
      }
      guard let step = try? leastSquares(design, target) else { return nil }
      var next = x
      for k in 0..<count { next[k] += step.unknowns[k] * scales[k] }
      // Dry friction takes energy, never gives it.
      next[5] = max(0, next[5])
      let moved = residuals(next)
      let nextChi = moved.reduce(0) { $0 + $1 * $1 }
      if nextChi.isFinite, nextChi <= chi {
        previous = chi
        (x, r, chi, solved) = (next, moved, nextChi, step)
        damping = max(1e-9, damping / 5)
        if previous - chi < 1e-7 * (1 + chi) { break }
      } else {
        damping *= 8
        if damping > 1e4 { break }
      }
    }
    guard let solved, x[3] > 0 else { return nil }
    unknowns = x
    chiSquare = chi
    degreesOfFreedom = samples.count - count
    var scaled = solved.covariance
    for i in 0..<count { for j in 0..<count { scaled[i, j] *= scales[i] * scales[j] } }
    covariance = scaled
  }

  private static func path(_ x: [Double], _ samples: [Sample], kind: Kind) -> [Double] {
    var (value, speed) = (x[1], x[2])
    func pull(_ value: Double, _ speed: Double) -> Double {
      let off = value - x[0]
      return -x[3] * (kind == .pendulum ? sin(off) : off) - 2 * x[4] * speed - x[5] * (speed > 0 ? 1 : speed < 0 ? -1 : 0)
    }
    var path = [value]
    let longest = 0.08 / max(x[3], 1e-9).squareRoot()
    for (a, b) in zip(samples, samples.dropFirst()) {
      let steps = max(1, Int(((b.time - a.time) / longest).rounded(.up)))
      guard steps < 1000 else { return path + [Double](repeating: .infinity, count: samples.count - path.count) }
      let h = (b.time - a.time) / Double(steps)
      for _ in 0..<steps {
        let (k1, l1) = (speed, pull(value, speed))
        let (k2, l2) = (speed + h / 2 * l1, pull(value + h / 2 * k1, speed + h / 2 * l1))
        let (k3, l3) = (speed + h / 2 * l2, pull(value + h / 2 * k2, speed + h / 2 * l2))
        let (k4, l4) = (speed + h * l3, pull(value + h * k3, speed + h * l3))
        value += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        speed += h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
      }
      path.append(value)
    }
    return path
  }
}
