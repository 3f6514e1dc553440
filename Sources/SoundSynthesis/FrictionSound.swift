import Foundation
import WorldCore

/// What a lasting contact sounds like while it slides or rolls: the surfaces' grain, run over at the speed of the motion.
///
/// Amplitude is the square root of the power P = μ N v that the contact turns over, with μ as it is for the slip and 0.02 for
/// the rolling part. Faster is louder and, since the grain passes faster, brighter. N is the force that the body's own motion
/// takes, m (dv/dt − g) along the contact's normal: less on a slope, more in a loop, none beside a wall or where nothing falls.
/// What else leans on the body isn't in it.
struct FrictionSound {
  private let firstSample: Int
  private let knots: [Knot]
  /// Samples from one knot to the next.
  private let spacing: Double
  private let noise: LatticeNoise

  private struct Knot {
    var gain: SIMD2<Double>
    /// Grains passed since the contact began.
    var grains: Double
  }

  private static let rate = Double(AudioBuffer.standardSampleRate)
  /// Peak at 1 m of 1 W of friction.
  private static let referencePeak = 0.05
  private static let rollingFriction = 0.02

  /// - Parameter interval: Seconds from `begin` to `end`. nil where nothing is heard.
  init?(
    _ contact: ContactEvent, interval: ClosedRange<Double>, sounding: [SoundingBody], trajectory: Trajectory,
    stage: Stage, listener: Listener
  ) {
    guard !sounding.isEmpty, contact.bodies.count == 2, trajectory.times.count > 1, interval.upperBound > interval.lowerBound,
      let first = trajectory.body(contact.bodies[0]), let second = trajectory.body(contact.bodies[1])
    else { return nil }
    let (moving, other) = first.motion == .dynamic ? (first, second) : (second, first)
    let loudness = sounding.map(\.acoustics.loudness).reduce(1, *)
    let grain = sounding.map(\.acoustics.grain).max() ?? 3e-4
    let mass = max(moving.mass, 0.001)
    let outward = first.motion == .dynamic ? contact.normal : -contact.normal

    // A round body's point of contact stays below it; another's moves with it.
    let atStart = trajectory.state(of: moving, at: interval.lowerBound)
    let offset = contact.point - atStart.position
    let isRound = stage.items.first { $0.name == moving.name }.map { Self.isRound($0.shape) } ?? false
    let bodyOffset = atStart.orientation.unrotate(offset)

    // The motion is sampled at the trajectory's own rate.
    let step = trajectory.times[1] - trajectory.times[0]
    let count = Int((interval.upperBound - interval.lowerBound) / step) + 2
    var knots: [Knot] = []
    var grains = 0.0
    var isHeard = false
    for k in 0..<count {
      let time = min(interval.lowerBound + Double(k) * step, interval.upperBound)
      let state = trajectory.state(of: moving, at: time)
      let point = state.position + (isRound ? offset : state.orientation.rotate(bodyOffset))
      let ground = trajectory.state(of: other, at: time).velocity(at: point)
      func alongSurface(_ velocity: Vector3) -> Double { (velocity - contact.normal * velocity.dot(contact.normal)).length }
      let slip = alongSurface(state.velocity(at: point) - ground)
      let roll = alongSurface(state.velocity - ground)
      // The change of velocity from half a step before to half a step after, as far as the contact lasts.
      let (before, after) = (max(time - step / 2, interval.lowerBound), min(time + step / 2, interval.upperBound))
      let change = trajectory.state(of: moving, at: after).velocity - trajectory.state(of: moving, at: before).velocity
      let load = mass * max(0, (change / (after - before) - stage.gravity).dot(outward))
      let power = load * (contact.friction * slip + Self.rollingFriction * roll)
      grains += max(slip, roll) / grain * step
      // Contacts don't start or stop with a click.
      let fade = k == 0 || k == count - 1 ? 0.0 : 1.0
      let peak = fade * Self.referencePeak * loudness * power.squareRoot()
      isHeard = isHeard || peak > 1e-5
      knots.append(Knot(gain: listener.arrival(from: point, at: time).gain * peak, grains: grains))
    }
    guard isHeard else { return nil }
    self.knots = knots
    spacing = step * Self.rate
    let delay = listener.arrival(from: contact.point, at: interval.lowerBound).delay
    firstSample = Int(((interval.lowerBound + delay) * Self.rate).rounded(.up))
    var random = RandomStream(seed: 0, "grain of " + contact.bodies.joined(separator: " on "))
    noise = LatticeNoise(seed: random.next())
  }

  /// Adds what lies in the clip's samples `range` to `output`, whose first element is the range's first.
  func add(to output: inout [SIMD2<Double>], range: Range<Int>) {
    let length = Int(spacing * Double(knots.count - 1))
    let own = (firstSample..<firstSample + length).clamped(to: range)
    for n in own {
      let x = Double(n - firstSample) / spacing
      let k = min(Int(x), knots.count - 2)
      let t = x - Double(k)
      let (a, b) = (knots[k], knots[k + 1])
      let grains = a.grains + (b.grains - a.grains) * t
      // Two scales of roughness; the coarse one gives a roll its rumble.
      let value = 0.5 * noise.value(at: grains) + 0.5 * noise.value(at: grains / 7 + 0.5)
      output[n - range.lowerBound] += (a.gain + (b.gain - a.gain) * t) * value
    }
  }

  private static func isRound(_ shape: Shape) -> Bool {
    switch shape {
    case .sphere, .cylinder, .capsule, .torus, .cone: true
    default: false
    }
  }
}
