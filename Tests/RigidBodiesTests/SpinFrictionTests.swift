import RigidBodies
import Testing
import WorldCore

/// Friction of faces that spin on what they lie on.
@Suite struct SpinFrictionTests {
  static let friction = 0.2

  /// When a body spun at `spin` about the vertical has stopped, s: at a steady braking the time to half the spin, doubled.
  private func stop(_ shape: Shape, height: Double, spin: Double, on ground: RigidBodyDefinition) throws -> Double {
    let body = solid(
      "body", shape, at: Vector3(0, 0, height / 2), spin: Vector3(0, 0, spin), restitution: 0, friction: Self.friction)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [ground, body], timeStep: 1.0 / 1000))
    var before = spin
    while world.time < 3 {
      let t = world.time
      try world.advance(to: t + 0.001)
      let now = world.state(of: 1).angularVelocity.z
      if now <= 1e-3 * spin { return t + 0.001 * min(1, before / max(before - now, 1e-12)) }
      before = now
    }
    return .infinity
  }

  private static let slab = fixed(
    "slab", .box(size: Vector3(2, 2, 0.2)), at: Vector3(0, 0, -0.1), restitution: 0, friction: friction)

  /// Under an even load a disc of radius R stops after ¾ ω R / (µ g).
  @Test(arguments: [(0.1, 30.0), (0.03, 60)], [false, true])
  func disc(_ size: (radius: Double, spin: Double), onBox: Bool) throws {
    let ground = onBox ? Self.slab : floor(restitution: 0, friction: Self.friction)
    let time = try stop(.cylinder(radius: size.radius, height: 0.02), height: 0.02, spin: size.spin, on: ground)
    let expected = 0.75 * size.spin * size.radius / (Self.friction * g)
    // On a box the disc is a polygon of twelve corners: its mean distance is 1.5 % less.
    #expect(abs(time / expected - 1) < (onBox ? 0.03 : 2e-3))
  }

  /// A square of side a: I ω = m a²/6 ω against µ m g ā, with ā = a (√2 + ln(1 + √2)) / 6 the mean distance from its middle.
  @Test(arguments: [false, true]) func square(onBox: Bool) throws {
    let (side, spin) = (0.2, 20.0)
    let ground = onBox ? Self.slab : floor(restitution: 0, friction: Self.friction)
    let time = try stop(.box(size: Vector3(side, side, 0.1)), height: 0.1, spin: spin, on: ground)
    let mean = side * 0.382597858
    #expect(abs(time / (side * side * spin / (6 * Self.friction * g * mean)) - 1) < 2e-3)
  }

  /// What slides and spins stops doing both at once (Farkas et al., Phys. Rev. Lett. 90, 248302, 2003), and goes farther than
  /// it would without its spin.
  @Test func slidingAndSpinningEndTogether() throws {
    let puck = solid(
      "puck", .cylinder(radius: 0.1, height: 2e-4), at: Vector3(0, 0, 1e-4), velocity: Vector3(2, 0, 0),
      spin: Vector3(0, 0, 20), restitution: 0, friction: Self.friction)
    let bodies = [floor(restitution: 0, friction: Self.friction), puck]
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies, timeStep: 1.0 / 1000))
    var (slides, spins) = (0.0, 0.0)
    for k in 1...3000 {
      try world.advance(to: Double(k) * 0.001)
      let state = world.state(of: 1)
      if state.velocity.length > 1e-3 { slides = world.time }
      if state.angularVelocity.z > 1e-2 { spins = world.time }
    }
    let place = world.state(of: 1).position
    #expect(abs(slides - spins) < 0.01 * slides)
    #expect(place.x > 1.1 * 4 / (2 * Self.friction * g))
    // Its friction acts at four points, not all round: it strays by 0.3 % of its way at most.
    #expect(abs(place.y) < 3e-3 * place.x)
  }
}
