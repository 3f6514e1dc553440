import Foundation
import WorldCore

/// Something that rolls or slides on level ground, or drifts freely, changes its motion with no cause.
struct RollChange: ViolationFamily {
  enum Kind { case speedsUp, turns }

  let name: String
  let law: String
  let evidence = Evidence.tracks
  var isOpenWithoutScene: Bool { kind == .speedsUp }
  private let kind: Kind

  /// It speeds up, by 0.3, 1, 3 of its speed a second.
  static let speedsUp = RollChange(name: "slide-speeds-up", law: "friction", kind: .speedsUp)
  /// Its way turns at once, by 10°, 30°, 90°.
  static let turns = RollChange(name: "turns-by-itself", law: "inertia", kind: .turns)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for (body, range) in world.steadyRides() {
      let start = range.lowerBound + Int(stream.uniform(in: 0.3...0.6) * Double(range.count))
      let onset = world.trajectory.times[start]
      let track = world.trajectory.body(body)!
      guard world.isInView(track.states[start].position, at: onset, margin: 3) else { continue }
      switch kind {
      case .speedsUp:
        // Without gravity there is nothing to slide on.
        guard world.gravity.length > 0 else { return nil }
        let rate = severity.of(0.3, 1.0, 3.0)
        let edited = Retiming(world, body: body).along(from: start) { $0 + rate * $0 * $0 / 2 }
        return BrokenWorld(world, trajectory: edited, onset: onset, body: body)
      case .turns:
        let angle = severity.of(10.0, 30, 90) * .pi / 180 * (stream.uniform() < 0.5 ? -1 : 1)
        let axis =
          world.gravity.length > 0 ? world.gravity.normalized : world.stage.viewpoint(at: onset, of: world.trajectory).forward
        let turn = Quaternion(axis: axis, angle: angle)
        let pivot = track.states[start].position
        let path = track.states[start...].map { state -> BodyState in
          var state = state
          state.position = pivot + turn.rotate(state.position - pivot)
          state.velocity = turn.rotate(state.velocity)
          return state
        }
        return BrokenWorld(world, trajectory: world.replacing(body, from: start, with: path), onset: onset, body: body)
      }
    }
    return nil
  }
}

extension ValidWorld {
  /// Stretches of 0.5 s or more in which a body goes nearly straight at nearly the same height and speed, the longest first.
  func steadyRides() -> [(body: String, samples: Range<Int>)] {
    var rides: [(String, Range<Int>)] = []
    let down = gravity.normalized
    for track in trajectory.bodies where track.motion == .dynamic && item(of: track.name) != nil {
      var start: Int?
      for k in 1...max(1, track.states.count) {
        let isSteady =
          k < track.states.count
          && {
            let (a, b) = (track.states[k - 1].velocity, track.states[k].velocity)
            return a.length > 0.2 && abs(a.dot(down)) < 0.05 * a.length && (b - a).length / step < 0.6 * a.length
          }()
        if isSteady {
          start = start ?? k - 1
        } else if let from = start {
          if Double(k - from) * step > 0.5 { rides.append((track.name, from..<k)) }
          start = nil
        }
      }
    }
    return rides.sorted { $0.1.count > $1.1.count }
  }
}
