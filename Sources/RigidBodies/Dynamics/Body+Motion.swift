import Foundation
import WorldCore

/// Place and motion on the way through a step.
struct MotionState {
  var position: Vector3
  var orientation: Quaternion
  var velocity: Vector3
  var angularMomentum: Vector3
}

extension Body {
  /// The state `time` seconds from now under gravity, the held load and air.
  ///
  /// Without air the path is the exact parabola. The orientation obeys q̇ = ½ ω(q) q with ω = I(q)⁻¹ L, where L is known
  /// exactly, by the fourth-order Runge-Kutta method in steps of at most 0.03 rad: |L| is kept to rounding and the energy to
  /// about (0.03)⁴ of a step's turn. A body with equal moments turns about a fixed axis, exactly.
  func motion(after time: Double, air: Air?) -> MotionState {
    guard isDynamic else {
      let turn =
        angularVelocity == .zero ? orientation : (Quaternion(rotationVector: angularVelocity * time) * orientation).normalized
      return MotionState(position: position + velocity * time, orientation: turn, velocity: velocity, angularMomentum: .zero)
    }
    if let arc { return arc.state(after: time) }
    if let air, air.drag { return motion(after: time, through: air) }
    let acceleration = hasLoad ? gravity + force * inverseMass : gravity
    return MotionState(
      position: position + velocity * time + acceleration * (0.5 * time * time),
      orientation: orientation(after: time, angularMomentum, hasLoad ? torque : .zero),
      velocity: velocity + acceleration * time,
      angularMomentum: hasLoad ? angularMomentum + torque * time : angularMomentum)
  }

  func orientation(after time: Double, _ momentum: Vector3, _ torque: Vector3) -> Quaternion {
    if isIsotropic && torque == .zero {
      let turn = momentum * (time / inertia.x)
      if turn == .zero { return orientation }
      return (Quaternion(rotationVector: turn) * orientation).normalized
    }
    let fastest = max(momentum.length, (momentum + torque * time).length) / inertia.min()
    // What has diverged is told at the end of the step.
    guard fastest.isFinite else { return orientation }
    if fastest * time < 1e-7 {
      // So slow that the first order is exact to rounding.
      let turn = spin(orientation, momentum + torque * (0.5 * time)) * (0.5 * time)
      return (orientation + Quaternion(w: 0, vector: turn) * orientation).normalized
    }
    let count = max(1, min(256, Int((fastest * time / 0.03).rounded(.up))))
    let h = time / Double(count)
    var q = orientation
    func slope(_ q: Quaternion, _ t: Double) -> Quaternion {
      Quaternion(w: 0, vector: spin(q, momentum + torque * t) * 0.5) * q
    }
    for step in 0..<count {
      let t = Double(step) * h
      let k1 = slope(q, t)
      let k2 = slope((q + k1 * (h / 2)).normalized, t + h / 2)
      let k3 = slope((q + k2 * (h / 2)).normalized, t + h / 2)
      let k4 = slope((q + k3 * h).normalized, t + h)
      q = (q + (k1 + k2 * 2 + k3 * 2 + k4) * (h / 6)).normalized
    }
    return q
  }

  /// How fast drag a = β v² brakes, 1/s: da/dv = 2 a / v at the present speed, and 2 √(β g) at the one that other forces of
  /// acceleration g end at; that one grows no faster than to 2 β g t.
  ///
  /// - Parameters:
  ///   - drag: m/s², at `velocity` relative to the air.
  ///   - steady: m/s², all else.
  ///   - time: s, how long it goes on.
  func dragRate(_ drag: Vector3, at velocity: Vector3, _ steady: Vector3, for time: Double, in air: Air) -> Double {
    let speed = velocity.length
    let factor = 0.5 * air.density * self.drag.areas.max() * inverseMass
    let force = steady.length
    let coming = min(2 * (factor * force).squareRoot(), 2 * factor * force * time)
    return max(speed > 0 ? 2 * drag.length / speed : 0, coming)
  }

  /// The classical Runge-Kutta method for the velocity in air; at most 1/240 s a step, and no more than resolves the decay of
  /// what is very light.
  ///
  /// What decays within 1/256 of that goes by the exponential Euler method (Hochbruck & Ostermann 2010), which ends at the
  /// terminal velocity whatever the step is. Steps depend on the state alone, so that the path is the same wherever it ends.
  private func motion(after time: Double, through air: Air) -> MotionState {
    let count = max(1, Int((time * 240).rounded(.up)))
    let longest = time / Double(count)
    var state = MotionState(position: position, orientation: orientation, velocity: velocity, angularMomentum: angularMomentum)
    let steady = gravity + force * inverseMass
    var copy = self
    var left = longest
    var done = 0
    while done < count {
      let spin = copy.spin(state.orientation, state.angularMomentum)
      let axes = Frame(state.orientation, .zero)
      func slope(_ v: Vector3) -> Vector3 {
        steady + drag.force(velocity: v - air.wind, spin: spin, axes: axes, density: air.density) * inverseMass
      }
      let k1 = slope(state.velocity)
      let rate = dragRate(k1 - steady, at: state.velocity - air.wind, steady, for: longest, in: air)
      let h = min(left, max(ElasticPace.finestDecay / rate, 1.0 / (240 * 256)))
      defer {
        copy.orientation = state.orientation
        state.orientation = copy.orientation(after: h, state.angularMomentum, torque)
        state.angularMomentum += torque * h
        left -= h
        if left <= 0 { (done, left) = (done + 1, longest) }
      }
      let z = rate * h
      if z > 1.001 * ElasticPace.finestDecay {
        let decayed: Double = -expm1(-z)
        let (gain, travel) = (h * decayed / z, h * h * (z - decayed) / (z * z))
        state.position += state.velocity * h
        state.position += k1 * travel
        state.velocity += k1 * gain
        continue
      }
      let k2 = slope(state.velocity + k1 * (h / 2))
      let k3 = slope(state.velocity + k2 * (h / 2))
      let k4 = slope(state.velocity + k3 * h)
      var travel = k1 + k2
      travel += k3
      state.position += state.velocity * h + travel * (h * h / 6)
      var change = k1 + k4
      change += (k2 + k3) * 2
      state.velocity += change * (h / 6)
    }
    return state
  }

  /// Takes over a state reached by `motion`.
  mutating func take(_ state: MotionState) {
    position = state.position
    orientation = state.orientation
    velocity = state.velocity
    angularMomentum = state.angularMomentum
    refresh()
  }
}

extension Body {
  var motionState: MotionState {
    MotionState(position: position, orientation: orientation, velocity: velocity, angularMomentum: angularMomentum)
  }
}

/// A path between two known states: cubic in position, even in turning. It guides the search for impacts of jointed bodies.
struct Arc {
  var start: MotionState
  var end: MotionState
  var length: Double

  func state(after time: Double) -> MotionState {
    let t = length > 0 ? time / length : 0
    let (t2, t3) = (t * t, t * t * t)
    var state = start
    state.position = start.position * (2 * t3 - 3 * t2 + 1)
    state.position += end.position * (3 * t2 - 2 * t3)
    state.position += start.velocity * (length * (t3 - 2 * t2 + t))
    state.position += end.velocity * (length * (t3 - t2))
    state.orientation = start.orientation.slerp(to: end.orientation, t)
    state.velocity = start.velocity + (end.velocity - start.velocity) * t
    state.angularMomentum = start.angularMomentum + (end.angularMomentum - start.angularMomentum) * t
    return state
  }
}

extension Quaternion {
  static func + (a: Quaternion, b: Quaternion) -> Quaternion { Quaternion(w: a.w + b.w, vector: a.vector + b.vector) }
  static func * (q: Quaternion, s: Double) -> Quaternion { Quaternion(w: q.w * s, vector: q.vector * s) }
}
