import Foundation
import WorldCore

/// Trajectories with known contents.
enum SampleTrajectories {
  /// Numbers of every size and sign, names with every kind of character, all kinds of contacts.
  static func random(seed: UInt64, bodies: Int = 3, samples: Int = 7) -> Trajectory {
    var stream = RandomStream(seed: seed, "trajectories")
    func number() -> Double {
      let value = Double(bitPattern: stream.next())
      return value.isFinite ? value : stream.normal()
    }
    func vector() -> Vector3 { Vector3(number(), stream.normal() * 1e-3, Double(stream.index(below: 100))) }
    func rotation() -> Quaternion {
      Quaternion(w: stream.normal(), x: stream.normal(), y: stream.normal(), z: stream.normal()).normalized
    }
    let names = ["ball", "tür \"9\"", "a/b\\c\n\u{1}", "球-1"]
    let tracks = (0..<bodies).map { i in
      BodyTrack(
        name: i < names.count ? names[i] : "body-\(i)", motion: BodyTrack.Motion.allCases[i % 3], mass: abs(number()),
        inertia: vector(), inertiaAxes: rotation(), centerOfMass: vector(),
        states: (0..<samples).map { _ in
          BodyState(position: vector(), orientation: rotation(), velocity: vector(), angularVelocity: vector())
        })
    }
    let contacts = (0..<5).map { i in
      ContactEvent(
        time: Double(i) * 0.3, bodies: [tracks[i % bodies].name, tracks[(i + 1) % bodies].name], point: vector(),
        normal: vector(), impulse: number(), approachSpeed: number(), restitution: number(), friction: -0.0,
        kind: ContactEvent.Kind.allCases[i % 3])
    }
    return Trajectory(
      scene: .init(name: "zufällig \(seed)", seed: stream.next(), duration: abs(stream.normal()), digest: "sha256:00"),
      times: (0..<samples).map { Double($0) / 240 }, bodies: tracks, contacts: contacts,
      energy: .init(kinetic: (0..<samples).map { _ in number() }, potential: (0..<samples).map { _ in number() }),
      momentum: .init(linear: (0..<samples).map { _ in vector() }, angular: (0..<samples).map { _ in vector() }))
  }

  static let gravity = 9.81
  static let restitution = 0.8
  /// When the ball dropped from 1 m first touches the floor.
  static let impactTime = (2 / gravity).squareRoot()

  /// A ball (a point) that falls from z = 1 m at x = 0.5 t, and rebounds once with e = 0.8, in closed form; and the floor.
  static func bounce(rate: Double = 240, duration: Double = 1, name: String = "ball") -> Trajectory {
    let times = (0...Int(duration * rate)).map { Double($0) / rate }
    let speed = gravity * impactTime
    let states = times.map { t in
      if t < impactTime {
        return BodyState(
          position: Vector3(0.5 * t, 0, 1 - gravity * t * t / 2), velocity: Vector3(0.5, 0, -gravity * t),
          angularVelocity: Vector3(0, 0, 2))
      }
      let s = t - impactTime
      return BodyState(
        position: Vector3(0.5 * t, 0, restitution * speed * s - gravity * s * s / 2),
        velocity: Vector3(0.5, 0, restitution * speed - gravity * s), angularVelocity: Vector3(0, 0, 2))
    }
    let ball = BodyTrack(name: name, motion: .dynamic, mass: 0.5, inertia: Vector3(repeating: 0.01), states: states)
    let floor = BodyTrack(
      name: "floor-1", motion: .fixed, mass: 0, inertia: .zero, states: times.map { _ in BodyState(position: .zero) })
    let impact = ContactEvent(
      time: impactTime, bodies: [name, "floor-1"], point: Vector3(0.5 * impactTime, 0, 0), normal: .unitZ,
      impulse: 0.5 * 1.8 * speed, approachSpeed: speed, restitution: restitution, friction: 0.4, kind: .impact)
    return Trajectory(
      scene: .init(name: "bounce", seed: 7, duration: duration, digest: "sha256:00"), times: times, bodies: [ball, floor],
      contacts: [impact],
      energy: .init(
        kinetic: states.map { 0.25 * $0.velocity.lengthSquared }, potential: states.map { 0.5 * gravity * $0.position.z }),
      momentum: .init(linear: states.map { $0.velocity * 0.5 }, angular: states.map { _ in .zero }))
  }
}
