import Foundation
import WorldCore

/// A joint at work: the definition seen from the frames of its two bodies.
struct Joint {
  var definition: JointDefinition
  /// Indices of bodies; the world's is one beyond the last.
  let a: Int
  let b: Int
  var isHolding = true
  /// Anchors in the bodies' frames, m.
  let anchorA: Vector3
  let anchorB: Vector3
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
  /// Largest force of the present step, N or N·m, and the sum of sudden impulses, N·s or N·m·s.
  var largestForce = 0.0
  var suddenImpulse = 0.0

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

  /// How much longer than allowed a rope is, m; nil for other joints.
  func ropeExcess(_ bodies: UnsafeMutablePointer<Body>) -> Double? {
    guard isHolding, case .rope = definition.kind else { return nil }
    return arms(bodies).apart.length - length
  }

  // MARK: Constraints

  /// Appends the bilateral rows and, when wanted, those that hold only one way or resist with a bounded force.
  ///
  /// - Parameter horizon: s; a limit that may be reached so soon gets its row.
  func addRows(
    _ index: Int, _ bodies: UnsafeMutablePointer<Body>, bounded: Bool, horizon: Double, to rows: inout [JointRow]
  ) {
    guard isHolding else { return }
    let (rA, rB, apart) = arms(bodies)
    let frameB = bodies[b].frame
    let axis = frameB.direction(axisB)
    func add(
      _ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3, _ error: Double, _ target: Double = 0,
      _ low: Double = -.infinity, _ high: Double = .infinity
    ) {
      rows.append(
        JointRow(
          joint: index, a: bodies + a, b: bodies + b, linear: linear, angularA: angularA, angularB: angularB, error: error,
          target: target, low: low, high: high))
    }
    func addPoint() {
      for e in [Vector3.unitX, .unitY, .unitZ] { add(e, rA.cross(e), rB.cross(e), e.dot(apart)) }
    }
    func addRotation() {
      let turn = (bodies[a].orientation * (bodies[b].orientation * bFromA).conjugate).rotationVector
      for e in [Vector3.unitX, .unitY, .unitZ] { add(.zero, e, e, e.dot(turn)) }
    }
    /// The free coordinate's limits, motor and friction.
    func addFree(_ options: JointDefinition.HingeOptions, _ value: Double, _ l: Vector3, _ mA: Vector3, _ mB: Vector3) {
      guard bounded else { return }
      if let motor = options.motor { add(l, mA, mB, 0, motor.speed, -motor.limit, motor.limit) }
      if options.friction > 0 { add(l, mA, mB, 0, 0, -options.friction, options.friction) }
      if let limits = options.limits {
        var row = JointRow(
          joint: index, a: bodies + a, b: bodies + b, linear: l, angularA: mA, angularB: mB, error: value - limits.lowerBound)
        let reach = abs(row.rate) * horizon * 1.5 + 1e-6
        if row.error < reach {
          row.low = 0
          rows.append(row)
        }
        row.error = value - limits.upperBound
        if row.error > -reach {
          (row.low, row.high) = (-.infinity, 0)
          rows.append(row)
        }
      }
    }

    switch definition.kind {
    case .ball(let friction, let swing, _):
      addPoint()
      guard bounded else { return }
      if friction > 0 {
        // A box in place of the ball of torques: the error is at most √3, in directions between the axes.
        for e in [Vector3.unitX, .unitY, .unitZ] { add(.zero, e, e, 0, 0, -friction, friction) }
      }
      if let swing {
        let turn = (bodies[a].orientation * (bodies[b].orientation * bFromA).conjugate).rotationVector
        let angle = turn.length
        if angle > swing - 0.1, angle > 0 { add(.zero, turn / angle, turn / angle, angle - swing, 0, -.infinity, 0) }
      }
    case .hinge(let options):
      addPoint()
      let tilt = axis.cross(bodies[a].frame.direction(axisA))
      for across in [crossB.0, crossB.1] {
        let e = frameB.direction(across)
        add(.zero, e, e, e.dot(tilt))
      }
      addFree(options, angle, .zero, axis, axis)
    case .slider(let options):
      addRotation()
      for across in [crossB.0, crossB.1] {
        let e = frameB.direction(across)
        add(e, rA.cross(e), (rB + apart).cross(e), e.dot(apart))
      }
      addFree(options, axis.dot(apart), axis, rA.cross(axis), (rB + apart).cross(axis))
    case .fixed:
      addPoint()
      addRotation()
    case .rope:
      let distance = apart.length
      guard distance > 0, distance - length > -1e-7 else { return }
      let e = apart / distance
      add(e, rA.cross(e), rB.cross(e), distance - length, 0, -.infinity, 0)
    case .spring: break
    }
  }

  /// Whether only the solver for bounded forces can deal with this joint now.
  func isBounded(_ bodies: UnsafeMutablePointer<Body>, horizon: Double) -> Bool {
    if case .rope = definition.kind { return false }
    var rows: [JointRow] = []
    addRows(0, bodies, bounded: true, horizon: horizon, to: &rows)
    return rows.contains { !$0.isBilateral }
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
