import Foundation
import RigidBodies
import SceneDescription
import WorldCore

/// A scene as the engines take it: a rigid world, and what is done to it when.
struct SimulationPlan {
  var world: RigidWorldDefinition
  /// In order of time.
  var effects: [Effect]

  /// - Throws: `SceneError` that names everything in the scene that no engine can do yet.
  init(_ scene: Scene) throws(SceneError) {
    let gaps = Self.gaps(in: scene)
    guard gaps.isEmpty else { throw SceneError(gaps) }
    var world = RigidWorldDefinition(
      gravity: scene.gravity, air: scene.air.map { Air(density: $0.density, drag: $0.drag, wind: $0.wind) },
      bodies: scene.bodies.map(RigidBodyDefinition.init), joints: [],
      contactRules: ContactRules(
        restitution: .init(scene.contact.restitution), friction: .init(scene.contact.friction),
        rollingFriction: .init(scene.contact.friction)))
    world.joints = scene.joints.map(JointDefinition.init)

    let bodies = Dictionary(uniqueKeysWithValues: scene.bodies.enumerated().map { ($1.name, $0) })
    let joints = Dictionary(uniqueKeysWithValues: scene.joints.enumerated().map { ($1.name, $0) })
    let definition = world
    self.world = world
    // A stable sort: events of one instant act in the order of the scene.
    effects = scene.events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map { _, event in
      Effect(time: event.time, action: event.action, bodies: bodies, joints: joints, definition: definition)
    }
  }

  /// What the scene asks for and no engine gives yet.
  private static func gaps(in scene: Scene) -> [Diagnostic] {
    func gap(_ what: String, _ location: SourceLocation?) -> Diagnostic {
      Diagnostic(
        at: location ?? SourceLocation(file: scene.name, line: 1, column: 1), "\(what) is not simulated yet",
        suggestion: "take it out of the scene to simulate the rest")
    }
    let figures = scene.figures.map { gap("figure '\($0.name)'", $0.location) }
    let breakable = Set(scene.bodies.filter { $0.breakingImpulse != nil }.map(\.name))
    let pins = scene.cloths.filter { cloth in cloth.pins.contains { pin in pin.body.map { breakable.contains($0) } ?? false } }
    return figures + pins.map { gap("cloth '\($0.name)', pinned to a body that breaks,", $0.location) }
  }
}

extension RigidBodyDefinition {
  fileprivate init(_ body: Body) {
    let properties = body.massProperties
    let (inertia, axes) = properties?.inertia.principal ?? (.zero, .identity)
    let center = properties?.centerOfMass ?? .zero
    let motion: Motion =
      switch body.motion {
      case .dynamic: .dynamic
      case .fixed: .fixed
      case .scripted: .scripted(ScriptedPath(body.path, centerOfMass: center))
      }
    self.init(
      name: body.name, shape: body.shape, motion: motion, mass: properties?.mass ?? 0, centerOfMass: center, inertia: inertia,
      inertiaAxes: axes,
      initialState: BodyState(
        position: body.worldFromShape.point(center), orientation: body.worldFromShape.rotation, velocity: body.velocity,
        angularVelocity: body.spin),
      material: ContactMaterial(
        restitution: body.material.restitution, friction: body.material.friction,
        rollingFriction: body.material.rollingFriction, spinningFriction: body.material.spinningFriction),
      breaksAt: body.breakingImpulse, pieceOf: body.pieceOf)
  }
}

extension ScriptedPath {
  /// The path of the centre of mass of a shape that goes from keyframe to keyframe.
  ///
  /// The shape's own origin runs straight; a centre of mass beside it swings as the shape turns, so such stretches get keys
  /// every degree or so.
  fileprivate init(_ frames: [Body.Keyframe], centerOfMass: Vector3) {
    var keys: [Key] = []
    func add(_ time: Double, _ worldFromShape: RigidTransform) {
      keys.append(Key(time: time, position: worldFromShape.point(centerOfMass), orientation: worldFromShape.rotation))
    }
    for (a, b) in zip(frames, frames.dropFirst()) {
      let (from, to) = (a.worldFromShape, b.worldFromShape)
      let turn = (from.rotation.conjugate * to.rotation).rotationVector.length
      let pieces = centerOfMass == .zero ? 1 : max(1, Int((turn / 0.02).rounded(.up)))
      for piece in 0..<pieces {
        let t = Double(piece) / Double(pieces)
        add(
          a.time + (b.time - a.time) * t,
          RigidTransform(
            rotation: from.rotation.slerp(to: to.rotation, t),
            translation: from.translation + (to.translation - from.translation) * t))
      }
    }
    if let last = frames.last { add(last.time, last.worldFromShape) }
    self.init(keys: keys, interpolation: .linear)
  }
}

extension RigidBodies.ContactRules.Combination {
  fileprivate init(_ rule: Scene.ContactRules.Rule) {
    switch rule {
    case .geometric: self = .geometricMean
    case .min: self = .minimum
    case .max: self = .maximum
    case .product: self = .product
    }
  }
}
