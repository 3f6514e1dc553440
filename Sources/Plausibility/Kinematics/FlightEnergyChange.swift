import LinearAlgebra
import WorldCore

/// What a body's energy per mass does from one flight to the next, whether or not what happened between them was seen.
///
/// `E = ½(v·d)² − g(p·d)`, d down, is the same all along a flight, so a wrong guess of the instant between the flights moves
/// kinetic and potential energy by opposite amounts: no impact need be located. Both flights are read at the instant at which
/// they meet, where depth, and with it the scale, is the same for both.
struct FlightEnergyChange {
  /// Of the motion along gravity, px²/s², with its variance.
  let vertical: (value: Double, variance: Double)
  /// Of the motion along gravity and across it.
  let total: (value: Double, variance: Double)
  /// Kinetic energy along gravity on arrival.
  let arriving: Double

  /// - Parameters:
  ///   - gravity: px/s².
  ///   - gravityVariance: of its size.
  init(_ before: Arc, _ after: Arc, at time: Double, gravity: SIMD2<Double>, gravityVariance: Double) {
    let down = gravity.unit
    let g = gravity.length
    let (arrival, departure) = (State(before, at: time, down: down, g: g), State(after, at: time, down: down, g: g))
    let fall = (after.position(at: time) - before.position(at: time)).dot(down)
    vertical = (
      departure.energy - arrival.energy, arrival.variance + departure.variance + gravityVariance * fall * fall
    )
    total = (
      vertical.value + departure.sideways - arrival.sideways,
      vertical.variance + departure.sidewaysVariance + arrival.sidewaysVariance
    )
    arriving = arrival.kinetic
  }

  /// One flight read at an instant.
  private struct State {
    let energy: Double
    let kinetic: Double
    let variance: Double
    let sideways: Double
    let sidewaysVariance: Double

    init(_ arc: Arc, at time: Double, down: SIMD2<Double>, g: Double) {
      let v = arc.velocity(at: time)
      let speed = v.dot(down)
      kinetic = speed * speed / 2
      energy = kinetic - g * arc.position(at: time).dot(down)
      variance = arc.variance(of: (position: -g, velocity: speed), along: down, at: time)

      let across = SIMD2(-down.y, down.x)
      let drift = v.dot(across)
      sideways = drift * drift / 2
      sidewaysVariance = arc.variance(of: (position: 0, velocity: drift), along: across, at: time)
    }
  }
}

extension Arc {
  /// The variance of `position · p(t) + velocity · v(t)` along a unit direction, with what the fit makes of both together.
  func variance(of weights: (position: Double, velocity: Double), along u: SIMD2<Double>, at t: Double) -> Double {
    let row = zip(self.row(t, order: 0), self.row(t, order: 1)).map { weights.position * $0 + weights.velocity * $1 }
    var sum = 0.0
    for i in row.indices {
      for j in row.indices { sum += row[i] * row[j] * (u.x * u.x * covarianceX[i, j] + u.y * u.y * covarianceY[i, j]) }
    }
    return sum
  }
}
