import RigidBodies
import Testing
import WorldCore

/// Bodies that break into pieces.
@Suite struct BreakingTests {
  /// A pane of 4 kg that bears `strength` N·s, with its pieces, and a ball that flies at it; nothing else.
  private func world(
    strength: Double, speed: Double, step: Double = 1.0 / 240, shape: Shape = .box(size: Vector3(0.02, 0.4, 0.4)),
    restitution: Double = 0.3
  ) throws -> RigidWorld {
    var random = RandomStream(seed: 7, "pane")
    let place = RigidTransform(rotation: Quaternion(axis: Vector3(1, 1, 0), angle: 0.2), translation: Vector3(0, 0, 0.2))
    var pane = solid(
      "pane", shape, mass: 4, at: place.translation, rotation: place.rotation, spin: Vector3(0.3, -0.5, 2),
      restitution: restitution)
    pane.breaksAt = strength
    let ball = solid(
      "ball", .sphere(radius: 0.05), mass: 2, at: Vector3(-0.5, 0.03, 0.25), velocity: Vector3(speed, 0, 0),
      restitution: restitution)
    let parts = shape.pieces(9, random: &random)
    let masses = parts.map { $0.shape.massProperties(density: 1)!.mass }
    var bodies = [pane, ball]
    for (k, part) in parts.enumerated() {
      var piece = solid(
        "piece-\(k)", part.shape, mass: 4 * masses[k] / masses.reduce(0, +), at: place.point(part.compoundFromPart.translation),
        rotation: place.rotation, restitution: restitution)
      piece.pieceOf = "pane"
      bodies.append(piece)
    }
    return try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, timeStep: step))
  }

  /// Momentum and angular momentum are what they were, through the break and all that follows. Energy doesn't grow but for what
  /// the method of the second order makes of shards that turn on one another.
  @Test(arguments: [1.0 / 60, 1.0 / 240, 1.0 / 1000], [0.5, 4])
  func momentumIsKept(step: Double, strength: Double) throws {
    var world = try world(strength: strength, speed: 8, step: step)
    let (start, energy) = (world.momentum, world.energy.kinetic)
    var last = energy
    for k in 1...120 {
      try world.advance(to: Double(k) / 240)
      let now = world.momentum
      #expect((now.linear - start.linear).length < 1e-9 * start.linear.length)
      #expect((now.angular - start.angular).length < 1e-6 * start.angular.length)
      #expect(world.energy.kinetic < last + 1e-5 * energy)
      last = world.energy.kinetic
    }
    let presence = [world.isPresent(body: 0), world.isPresent(body: 2)]
    #expect(presence == [false, true])
    let events = world.drainContacts()
    let breaks = events.filter { $0.kind == .break }
    #expect(breaks.count == 1)
    let told = try #require(breaks.first)
    #expect(told.bodies == ["pane", "ball"] && abs(told.impulse - strength) < 1e-6 * strength)
    #expect(world.drainFractures().map(\.time) == [told.time])
    // The blow that broke it is told with what the pane bore; nothing happens to the pane after, or to a piece before.
    #expect(events.contains { $0.kind == .impact && $0.involves("pane", "ball") && abs($0.impulse - strength) < 1e-6 })
    for event in events where event.kind == .impact && event.bodies != ["pane", "ball"] { #expect(event.time >= told.time) }
  }

  /// The less a pane bears, the faster the ball goes on behind it.
  @Test func weakPanesHardlySlowABall() throws {
    var speeds: [Double] = []
    for strength in [0.1, 2, 1000] {
      var world = try world(strength: strength, speed: 8)
      try world.advance(to: 0.5)
      speeds.append(world.state(of: 1).velocity.x)
    }
    #expect(speeds[0] > speeds[2] && speeds[1] > speeds[2])
    #expect(speeds[0] > 0)
  }

  /// Just more than it bears breaks it, just less doesn't, at any step: a head-on blow gives (1 + e) µ v.
  @Test(arguments: [1.0 / 60, 1.0 / 1000], [0.99, 1.01])
  func strengthIsAnImpulse(step: Double, share: Double) throws {
    func blow(_ strength: Double) throws -> RigidWorld {
      var random = RandomStream(seed: 7, "block")
      let shape = Shape.box(size: Vector3(repeating: 0.4))
      var block = solid("block", shape, mass: 4, at: .zero, restitution: 0.25)
      block.breaksAt = strength
      var bodies = [
        block,
        solid("ball", .sphere(radius: 0.1), mass: 1, at: Vector3(-1, 0, 0), velocity: Vector3(5, 0, 0), restitution: 0.25),
      ]
      for (k, part) in shape.pieces(4, random: &random).enumerated() {
        var piece = solid("piece-\(k)", part.shape, mass: 1, at: part.compoundFromPart.translation)
        piece.pieceOf = "block"
        bodies.append(piece)
      }
      var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, timeStep: step))
      try world.advance(to: 0.5)
      return world
    }
    let world = try blow(share * 1.25 * 0.8 * 5)
    let isWhole = world.isPresent(body: 0)
    #expect(isWhole == (share > 1))
  }

  /// A weight on a shelf breaks it by its lasting force, compared as what it gives in 10 ms.
  @Test(arguments: [0.98, 1.02], [1.0 / 60, 1.0 / 240])
  func lastingForcesBreakToo(share: Double, step: Double) throws {
    let shape = Shape.box(size: Vector3(1, 0.3, 0.02))
    var random = RandomStream(seed: 2, "shelf")
    var shelf = solid("shelf", shape, mass: 0.5, at: Vector3(0, 0, 0.51), restitution: 0)
    shelf.breaksAt = share * 20 * g * JointDefinition.blowDuration
    var bodies = [floor(restitution: 0), shelf]
    for side in [-0.4, 0.4] {
      bodies.append(fixed("stand\(side)", .box(size: Vector3(0.1, 0.3, 0.5)), at: Vector3(side, 0, 0.25), restitution: 0))
    }
    bodies.append(solid("weight", .box(size: Vector3(0.2, 0.2, 0.2)), mass: 20, at: Vector3(0, 0, 0.62), restitution: 0))
    let parts = shape.pieces(6, random: &random)
    for (k, part) in parts.enumerated() {
      var piece = solid(
        "piece-\(k)", part.shape, mass: 0.5 / 6, at: Vector3(0, 0, 0.51) + part.compoundFromPart.translation, restitution: 0)
      piece.pieceOf = "shelf"
      bodies.append(piece)
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies, timeStep: step))
    try world.advance(to: 1)
    let isWhole = world.isPresent(body: 1)
    #expect(isWhole == (share > 1))
    if share > 1 { #expect(world.state(of: 4).position.z > 0.619) }
  }

  /// What hangs on a body hangs on its nearest piece then.
  @Test func jointsHoldOnToAPiece() throws {
    let shape = Shape.box(size: Vector3(1, 0.1, 0.1))
    var random = RandomStream(seed: 2, "beam")
    var beam = solid("beam", shape, mass: 4, at: Vector3(0, 0, 2), restitution: 0)
    beam.breaksAt = 0.5
    var bodies = [beam, solid("ball", .sphere(radius: 0.1), mass: 5, at: Vector3(0, 0, 3), restitution: 0)]
    let parts = shape.pieces(2, random: &random)
    for (k, part) in parts.enumerated() {
      var piece = solid(
        "piece-\(k)", part.shape, mass: 2, at: Vector3(0, 0, 2) + part.compoundFromPart.translation, restitution: 0)
      piece.pieceOf = "beam"
      bodies.append(piece)
    }
    let joints = [-0.45, 0.45].map { x in
      JointDefinition(name: "\(x)", .hinge(.init()), between: "beam", and: nil, anchor: Vector3(x, 0, 2), axis: .unitY)
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies, joints: joints))
    try world.advance(to: 0.7)
    let isWhole = world.isPresent(body: 0)
    #expect(!isWhole)
    // The halves swing about the ends that hold them.
    for piece in [2, 3] {
      let state = world.state(of: piece)
      let side = world.definition.bodies[piece].initialState.position.x < 0 ? -0.45 : 0.45
      let arm = Vector3(side, 0, 2) - world.definition.bodies[piece].initialState.position
      #expect((state.worldFromBody.point(arm) - Vector3(side, 0, 2)).length < 1e-6)
      #expect(state.position.z < 2)
    }
  }

  @Test func refusesImpossiblePiecesWithARemedy() {
    func message(_ change: (inout [RigidBodyDefinition]) -> Void) -> String {
      var bodies = [solid("a", .sphere(radius: 1), at: .zero), solid("b", .sphere(radius: 1), at: Vector3(5, 0, 0))]
      change(&bodies)
      do {
        _ = try RigidWorld(RigidWorldDefinition(bodies: bodies))
        return ""
      } catch { return "\(error)" }
    }
    #expect(message { $0[0].breaksAt = 1 } == "body 'a': it breaks, but has no pieces; add bodies with 'pieceOf'")
    #expect(message { $0[0].breaksAt = -1 } == "body 'a': it breaks at -1.0 N*s; give a positive impulse")
    #expect(message { $0[1].pieceOf = "c" } == "body 'b': there is no body 'c' that breaks; name one")
  }
}
