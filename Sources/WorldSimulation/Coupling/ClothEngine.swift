import Cloth
import ParticleFluids
import RigidBodies
import SceneDescription
import WorldCore

/// The cloths of a scene beside the rigid world.
final class ClothEngine: CoupledEngine {
  private let world: ClothWorld
  private let solids: [Solid]
  private var tears: [[ClothTrack.Tear]]
  private let names: [String]
  /// The liquids that the cloths may meet.
  private let fluids: FluidEngine?
  private let surfaces: [SurfaceEngine]
  private let triangles: [[SIMD3<Int32>]]
  private let resistances: [Double]
  private var touches: [Touch] = []
  private var events: [ContactEvent] = []

  /// A cloth and a body that touch.
  private struct Touch {
    var cloth: Int
    var body: Int
    /// s
    var last: Double
    var event: ContactEvent
  }

  /// A contact that opens for less than this has not ended, s.
  private static let parting = 0.02

  /// What of a body the cloths meet and never changes.
  private struct Solid {
    var field: SignedDistanceField
    var centerOfMass: Vector3
    var massProperties: MassProperties?
    var isFixed: Bool
    /// With each cloth.
    var frictions: [Double]
    /// Half its smallest thickness and its farthest point from the shape frame's origin, m.
    var halfThickness: Double
    var reach: Double
  }

  /// - Parameters:
  ///   - fluids: steps after the cloths; nil where the scene has no liquid of particles.
  ///   - surfaces: likewise, the liquids that are surfaces.
  /// - Throws: `ClothError`.
  init(
    _ scene: Scene, _ definition: RigidWorldDefinition, fluids: FluidEngine?, surfaces: [SurfaceEngine], seed: UInt64,
    workers: Int
  ) throws(ClothError) {
    self.fluids = fluids
    self.surfaces = surfaces
    let bodies = Dictionary(uniqueKeysWithValues: scene.bodies.enumerated().map { ($1.name, $0) })
    let air = scene.air.flatMap { air in
      air.drag
        ? ClothAir(
          density: air.density, wind: air.wind, gustiness: air.gustiness, gustLength: air.gustLength, seed: seed)
        : nil
    }
    world = try ClothWorld(
      scene.cloths.map { ClothDefinition($0, bodies: bodies) }, gravity: definition.gravity, air: air, workers: workers)
    solids = zip(scene.bodies, definition.bodies).map { body, rigid in
      Solid(
        field: SignedDistanceField(body.shape), centerOfMass: rigid.centerOfMass,
        massProperties: rigid.motion != .dynamic
          ? nil
          : MassProperties(
            mass: rigid.mass, centerOfMass: rigid.centerOfMass,
            inertia: SymmetricMatrix3(diagonal: rigid.inertia).rotated(by: rigid.inertiaAxes)),
        isFixed: rigid.motion == .fixed,
        frictions: scene.cloths.map { scene.contact.friction.combine($0.fabric.friction, body.material.friction) },
        halfThickness: body.shape.leastHalfThickness, reach: body.shape.reach)
    }
    let world = world
    triangles = (0..<world.count).map(world.triangles)
    resistances = scene.cloths.map { FluidSheet.resistance(passing: $0.fabric.porosity, drag: $0.fabric.dragCoefficient) }
    tears = scene.cloths.map { _ in [] }
    names = scene.bodies.map(\.name)
  }

  /// The share of its half thickness by which a body may move before the cloths look again.
  ///
  /// A body that the cloth stops early in a stretch goes on to the stretch's end with half the speed it lost.
  private static let boldness = 0.25
  /// s
  private static let shortestStretch = 1.0 / 3840

  func longestStretch(among bodies: [MovingBody]) -> Double {
    var longest = Double.infinity
    for (solid, body) in zip(solids, bodies) where body.isPresent && !solid.isFixed && solid.reach.isFinite {
      let speed = body.state.velocity.length + body.state.angularVelocity.length * solid.reach
      let wanted = max(Self.boldness * solid.halfThickness / speed, Self.shortestStretch)
      guard wanted < longest else { continue }
      // Two hundredths of a second ahead is farther than any stretch.
      let near = solid.reach + (speed + world.greatestSpeed) * 0.02
      let isNear = (0..<world.count).contains { world.distance(of: $0, to: body.state.position) < near }
      if isNear { longest = wanted }
    }
    return longest
  }

  func advance(by stretch: Double, among bodies: [MovingBody]) throws -> [BodyImpulse] {
    let colliders = zip(solids, bodies).enumerated().filter { $0.element.1.isPresent }.map { index, pair in
      let (solid, body) = pair
      let worldFromShape = body.state.worldFromBody * RigidTransform(translation: -solid.centerOfMass)
      // The velocity of an immovable body is that of its shape frame's origin.
      let arm = solid.massProperties == nil ? worldFromShape.translation - body.state.position : .zero
      return ClothCollider(
        id: index, field: solid.field, worldFromShape: worldFromShape,
        velocity: body.state.velocity + body.state.angularVelocity.cross(arm), angularVelocity: body.state.angularVelocity,
        acceleration: body.acceleration,
        frictions: solid.frictions, massProperties: solid.massProperties)
    }
    let start = world.time
    let report = try world.step(stretch, colliders: colliders, liquids: liquids)
    // Where a node is in a surface, the particles have none of it, and the impulse is the basin's.
    fluids?.moveSheets(report.liquidImpulses, to: (0..<world.count).map(world.positions))
    follow(report.contacts, from: start)
    for tear in report.tears {
      guard let cloth = (0..<world.count).first(where: { world.name(of: $0) == tear.cloth }) else { continue }
      tears[cloth].append(ClothTrack.Tear(time: tear.time, row: tear.row, column: tear.column, force: tear.force))
    }
    return report.bodies.compactMap { given in
      let isMoved = solids[given.id].massProperties != nil && (given.linear != .zero || given.angular != .zero)
      return isMoved ? BodyImpulse(body: given.id, linear: given.linear, angular: given.angular) : nil
    }
  }

  /// What each node of each cloth is in: particles before surfaces; empty where the scene has no liquid.
  private var liquids: [[ClothLiquid]] {
    let sheets = sheets
    var all = fluids.map { [$0.liquid(at: sheets)] } ?? []
    all += surfaces.map { $0.liquid(at: sheets) }
    guard let first = all.first else { return [] }
    return first.indices.map { cloth in
      first[cloth].indices.map { node in
        ClothLiquid(all.map { $0[cloth][node] }.first { $0.mass > 0 } ?? first[cloth][node])
      }
    }
  }

  /// The cloths as liquids meet them.
  private var sheets: [FluidSheet] {
    (0..<world.count).map { cloth in
      FluidSheet(
        triangles: triangles[cloth], positions: world.positions(of: cloth), velocities: world.velocities(of: cloth),
        resistance: resistances[cloth])
    }
  }

  /// Tells contacts that begin, by the start of the stretch in which they do, and those that have ended.
  private func follow(_ contacts: [ClothStepReport.Contact], from start: Double) {
    for contact in contacts {
      if let known = touches.firstIndex(where: { $0.cloth == contact.cloth && $0.body == contact.id }) {
        touches[known].last = world.time
        touches[known].event.point = contact.point
        touches[known].event.normal = -contact.normal
        continue
      }
      let begin = ContactEvent(
        time: start, bodies: [names[contact.id], world.name(of: contact.cloth)], point: contact.point, normal: -contact.normal,
        impulse: contact.impulse, approachSpeed: contact.approachSpeed, restitution: 0,
        friction: solids[contact.id].frictions[contact.cloth], kind: .begin)
      events.append(begin)
      touches.append(Touch(cloth: contact.cloth, body: contact.id, last: world.time, event: begin))
    }
    for touch in touches where world.time - touch.last > Self.parting {
      var end = touch.event
      (end.kind, end.time, end.impulse, end.approachSpeed) = (.end, touch.last, 0, 0)
      events.append(end)
    }
    touches.removeAll { world.time - $0.last > Self.parting }
  }

  func drainContacts() -> [ContactEvent] {
    defer { events.removeAll() }
    return events
  }

  var energy: (kinetic: Double, potential: Double) {
    let energy = world.energy
    return (energy.kinetic, energy.total - energy.kinetic)
  }

  var momentum: (linear: Vector3, angular: Vector3) { world.momentum }

  func record(into trajectory: inout Trajectory) {
    if trajectory.cloths.isEmpty {
      trajectory.cloths = (0..<world.count).map {
        ClothTrack(
          name: world.name(of: $0), rows: world.rows(of: $0), columns: world.columns(of: $0),
          mass: world.masses(of: $0).reduce(0, +))
      }
    }
    for cloth in 0..<world.count {
      trajectory.cloths[cloth].append(world.positions(of: cloth))
      trajectory.cloths[cloth].tears += tears[cloth]
      tears[cloth] = []
    }
  }
}

extension ClothLiquid {
  fileprivate init(_ liquid: SheetLiquid) {
    self.init(
      mass: liquid.mass, velocity: liquid.velocity, immersion: liquid.immersion, side: liquid.side, density: liquid.density)
  }
}
