import Foundation
import WorldCore

/// A joint at work: the definition seen from the frames of its two bodies.
struct Joint {
  var definition: JointDefinition
  /// Indices of bodies; the world's is one beyond the last.
  var a: Int
  var b: Int
  var isHolding = true
  /// Anchors in the bodies' frames, m.
  var anchorA: Vector3
  var anchorB: Vector3
  /// The axis in the bodies' frames, and two directions across it in the second's.
  let axisA: Vector3
  let axisB: Vector3
  let crossB: (Vector3, Vector3)
  /// Orientation of the first in the second's frame at the start.
  let bFromA: Quaternion
  /// Rest length of a spring or length of a rope, m.
  let length: Double
  /// Angle of a hinge, carried over turns, rad.
  var angle = 0.0
  /// Motor and dry friction of the free coordinate.
  var drives: [Drive]
  /// Dry friction of a ball joint.
  var grip = Grip()
  /// What it transmits, for those that may break.
  var strain = JointStrain()

  init(_ definition: JointDefinition, a: Int, b: Int, _ bodies: UnsafeMutablePointer<Body>) {
    self.definition = definition
    self.a = a
    self.b = b
    let (first, second) = (bodies[a], bodies[b])
    let other = definition.secondAnchor ?? definition.anchor
    anchorA = first.frame.inversePoint(definition.anchor)
    let isLine =
      switch definition.kind {
      case .spring, .rope: true
      default: false
      }
    anchorB = second.frame.inversePoint(isLine ? other : definition.anchor)
    let axis = definition.axis.normalized
    axisA = first.frame.inverseDirection(axis)
    axisB = second.frame.inverseDirection(axis)
    let across = axis.anyPerpendicular
    crossB = (second.frame.inverseDirection(across), second.frame.inverseDirection(axis.cross(across)))
    bFromA = second.orientation.conjugate * first.orientation
    drives = Drive.all(of: definition.kind)
    let distance = (definition.anchor - other).length
    length =
      switch definition.kind {
      case .spring(_, _, let rest): rest ?? distance
      case .rope(let length): length ?? distance
      default: 0
      }
  }

  /// Whether its two bodies don't collide with one another.
  var keepsApart: Bool {
    if let collides = definition.collides { return !collides }
    return switch definition.kind {
    case .spring, .rope: false
    default: true
    }
  }

  func arms(_ bodies: UnsafeMutablePointer<Body>) -> (rA: Vector3, rB: Vector3, apart: Vector3) {
    let rA = bodies[a].frame.direction(anchorA)
    let rB = bodies[b].frame.direction(anchorB)
    return (rA, rB, bodies[a].position + rA - bodies[b].position - rB)
  }

  // MARK: Constraints

  /// Which rows of bounded forces are wanted besides the bilateral ones.
  enum DriveRows {
    case none
    /// Those that hold their speed, as if they were bilateral.
    case held
    /// All, with their bounds.
    case bounded
  }

  /// Appends the bilateral rows and those of motors and friction.
  func addRows(_ index: Int, _ bodies: UnsafeMutablePointer<Body>, drives wanted: DriveRows, to rows: inout [JointRow]) {
    guard isHolding else { return }
    let (rA, rB, apart) = arms(bodies)
    let frameB = bodies[b].frame
    func add(_ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3, _ error: Double) {
      rows.append(
        JointRow(
          joint: index, a: bodies + a, b: bodies + b, linear: linear, angularA: angularA, angularB: angularB, error: error))
    }
    func addPoint() {
      for e in [Vector3.unitX, .unitY, .unitZ] { add(e, rA.cross(e), rB.cross(e), e.dot(apart)) }
    }
    func addRotation() {
      let turn = turn(bodies)
      for e in [Vector3.unitX, .unitY, .unitZ] { add(.zero, e, e, e.dot(turn)) }
    }

    switch definition.kind {
    case .ball(let friction, _, _):
      addPoint()
      if friction > 0, wanted == .bounded || (wanted == .held && grip.isHeld) {
        // In the bounded solution a box stands in place of the ball of torques: the error is at most √3, between the axes.
        let bound = wanted == .held ? Double.infinity : friction
        for (k, e) in [Vector3.unitX, .unitY, .unitZ].enumerated() {
          add(.zero, e, e, 0)
          rows[rows.count - 1].drive = k
          (rows[rows.count - 1].low, rows[rows.count - 1].high) = (-bound, bound)
        }
      }
    case .hinge:
      addPoint()
      let tilt = frameB.direction(axisB).cross(bodies[a].frame.direction(axisA))
      for across in [crossB.0, crossB.1] {
        let e = frameB.direction(across)
        add(.zero, e, e, e.dot(tilt))
      }
    case .slider:
      addRotation()
      for across in [crossB.0, crossB.1] {
        let e = frameB.direction(across)
        add(e, rA.cross(e), (rB + apart).cross(e), e.dot(apart))
      }
    case .fixed:
      addPoint()
      addRotation()
    case .rope, .spring: return
    }
    guard wanted != .none, !drives.isEmpty, let free = freedom(bodies) else { return }
    for (k, drive) in drives.enumerated() where wanted == .bounded || drive.mode == .held {
      add(free.linear, free.angularA, free.angularB, 0)
      rows[rows.count - 1].drive = k
      rows[rows.count - 1].target = drive.speed
      if wanted == .bounded { (rows[rows.count - 1].low, rows[rows.count - 1].high) = (-drive.limit, drive.limit) }
    }
  }

  /// Appends the one-sided rows, C ≤ 0: a taut rope, a limit that is reached or may be within `horizon` seconds (all, if that
  /// is infinite).
  func addStops(_ index: Int, _ bodies: UnsafeMutablePointer<Body>, horizon: Double = 0, to rows: inout [JointRow]) {
    guard isHolding else { return }
    var stop = 0
    func add(_ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3, _ error: Double, _ restitution: Double) {
      var row = JointRow(
        joint: index, a: bodies + a, b: bodies + b, linear: linear, angularA: angularA, angularB: angularB, error: error)
      row.high = 0
      row.restitution = restitution
      row.stop = stop
      stop += 1
      let reach = horizon == .infinity ? horizon : horizon > 0 ? abs(row.rate) * horizon * 1.5 + 1e-6 : Self.atStop
      if error > -reach { rows.append(row) }
    }
    switch definition.kind {
    case .hinge(let options), .slider(let options):
      guard let limits = options.limits, let free = freedom(bodies) else { return }
      add(free.linear, free.angularA, free.angularB, free.value - limits.upperBound, options.restitution)
      add(-free.linear, -free.angularA, -free.angularB, limits.lowerBound - free.value, options.restitution)
    case .ball(_, let swing, _):
      guard let swing else { return }
      let turn = turn(bodies)
      let angle = turn.length
      if angle > 0 { add(.zero, turn / angle, turn / angle, angle - swing, 0) }
    case .rope:
      let (rA, rB, apart) = arms(bodies)
      let distance = apart.length
      guard distance > 0 else { return }
      let e = apart / distance
      add(e, rA.cross(e), rB.cross(e), distance - length, 0)
    case .fixed, .spring: return
    }
  }

  /// A stop nearer than this is reached, m or rad.
  static let atStop = 1e-7
  /// A reached stop that is left faster than this is left, m/s or rad/s; what an impact's solution leaves over is slower.
  static let leaving = 1e-3

  /// How the first body has turned against the second since the start, as a rotation vector in the world frame, rad.
  func turn(_ bodies: UnsafeMutablePointer<Body>) -> Vector3 {
    (bodies[a].orientation * (bodies[b].orientation * bFromA).conjugate).rotationVector
  }

  /// Follows a hinge's angle past half a turn.
  mutating func followAngle(_ bodies: UnsafeMutablePointer<Body>) {
    if case .hinge = definition.kind { angle = presentAngle(bodies) }
  }

  /// The hinge's angle that is nearest to the last one, rad.
  func presentAngle(_ bodies: UnsafeMutablePointer<Body>) -> Double {
    let turn = (bodies[a].orientation * (bodies[b].orientation * bFromA).conjugate)
    let now = 2 * atan2(turn.vector.dot(bodies[b].frame.direction(axisB)), turn.w)
    return angle + (now - angle).remainder(dividingBy: 2 * .pi)
  }
}
