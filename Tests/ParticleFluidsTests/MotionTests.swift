import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite struct MotionTests {
  /// Two drops that collide off centre, and a free box between them, without gravity: both momenta stay.
  @Test func momentumStays() throws {
    var options = FluidOptions(spacing: 0.03)
    options.gravity = .zero
    let float = TestPool.box(Vector3(0.15, 0.2, 0.1), share: 0.4, at: .zero)
    var body = float.body
    body.acceleration = .zero
    body.angularVelocity = Vector3(1, 2, -1)
    func drop(_ x: Double, _ velocity: Vector3) -> FluidDefinition {
      FluidDefinition(
        name: "drop \(x)", region: .sphere(radius: 0.12), worldFromRegion: RigidTransform(translation: Vector3(x, 0.02, 0.03)),
        velocity: velocity)
    }
    let world = try FluidWorld(
      [drop(-0.25, Vector3(1.5, 0.1, 0)), drop(0.25, Vector3(-1.5, 0, 0.2))], solids: [float.solid], bodies: [body],
      options: options)
    let properties = try #require(float.solid.massProperties)
    func total(_ body: FluidBody) -> (linear: Vector3, angular: Vector3) {
      let p = body.velocity * properties.mass
      let turned = properties.inertia.rotated(by: body.worldFromShape.rotation)
      let spin = turned * body.angularVelocity
      return (world.momentum.linear + p, world.momentum.angular + body.worldFromShape.translation.cross(p) + spin)
    }
    let start = total(body)
    let scale = world.mass(of: 0) * 1.5
    var spinDrift = Vector3.zero
    for _ in 0..<60 {
      // The body's own free turning isn't the fluid's doing: only what it was given counts.
      let before = body
      let fluidBefore = world.momentum
      let report = try world.step(1.0 / 240, bodies: [body])
      body = report.bodies[0].end
      let given = report.bodies[0]
      #expect((world.momentum.linear - fluidBefore.linear + given.linear).length < 1e-5 * scale)
      let moment = given.angular + before.worldFromShape.translation.cross(given.linear)
      spinDrift += world.momentum.angular - fluidBefore.angular + moment
    }
    let end = total(body)
    #expect((end.linear - start.linear).length < 1e-4 * scale)
    #expect(spinDrift.length < 2e-3 * scale * 0.25)
    #expect(body.velocity.length > 0.01)
  }

  @Test func anyNumberOfWorkersGivesTheSameBits() throws {
    func run(_ workers: Int) throws -> ([SIMD3<Float>], Vector3) {
      let float = TestPool.box(Vector3(0.15, 0.15, 0.1), share: 0.5, at: Vector3(0.03, 0, 0.34))
      var pool = try TestPool(width: 0.4, depth: 0.25, spacing: 0.025, floats: [float], workers: workers)
      try pool.advance(0.2)
      return (pool.world.positions(of: 0), pool.bodies[1].worldFromShape.translation)
    }
    let (one, two) = (try run(1), try run(2))
    #expect(one.0 == two.0 && one.1 == two.1)
  }

  /// The front of a column twice as high as wide against Martin & Moyce 1952.
  @Test func damBreakFrontFollowsTheMeasuredOne() throws {
    let a = 0.2
    var options = FluidOptions(spacing: a / 12)
    options.workers = 2
    let tank = FluidSolid(name: "tank", shape: .tank(size: Vector3(1.6, 0.1, 0.8), wall: 0.1))
    let world = try FluidWorld(
      [
        FluidDefinition(
          name: "dam", region: .box(size: Vector3(a, 0.1, 2 * a)),
          worldFromRegion: RigidTransform(translation: Vector3(-0.8 + a / 2, 0, a)))
      ], solids: [tank], bodies: [FluidBody()], options: options)
    let measured = [(1.219, 1.474), (1.997, 2.292), (2.547, 2.995), (3.345, 4.134), (4.034, 4.944), (4.418, 5.881)]
    var square = 0.0
    for (T, Z) in measured {
      let time = T / (2 * 9.81 / a).squareRoot()
      _ = try world.step(time - world.time, bodies: [FluidBody()])
      let x = world.positions(of: 0).map { Double($0.x) }.sorted()
      // Half a spacing lies between the last centre and the edge; single drops don't count.
      let front = (x[x.count - 1 - x.count / 500] + options.spacing / 2 + 0.8) / a
      square += (front / Z - 1) * (front / Z - 1)
      // Incompressible on the way.
      let densities = world.relativeDensities(of: 0)
      #expect(densities.reduce(0) { $0 + max($1 - 1, 0) } / Float(densities.count) < 2e-3)
    }
    #expect((square / Double(measured.count)).squareRoot() < 0.08)
    let energy = world.energy
    #expect(energy.kinetic + energy.potential < world.mass(of: 0) * 9.81 * a * 1.001)
  }

  /// A cube of liquid becomes a ball by its surface tension.
  @Test func tensionRoundsADrop() throws {
    var options = FluidOptions(spacing: 1e-3)
    options.gravity = .zero
    let world = try FluidWorld(
      [FluidDefinition(name: "drop", region: .box(size: Vector3(14e-3, 7e-3, 7e-3)))], options: options)
    func lengthOverWidth() -> Double {
      let p = world.positions(of: 0)
      let squares = p.reduce(Vector3.zero) { $0 + Vector3($1) * Vector3($1) }
      return (2 * squares.x / (squares.y + squares.z)).squareRoot()
    }
    let start = lengthOverWidth()
    var least = start
    for _ in 0..<12 {
      _ = try world.step(2e-3)
      least = min(least, lengthOverWidth())
    }
    #expect(start > 1.9 && least < 1.1)
  }

  @Test func anExplosionIsSaid() throws {
    let world = try FluidWorld(
      [FluidDefinition(name: "jet", region: .sphere(radius: 0.1), velocity: Vector3(5e4, 0, 0))],
      options: FluidOptions(spacing: 0.03))
    #expect {
      _ = try world.step(0.01)
    } throws: { error in
      "\(error)".hasPrefix("fluid 'jet': exploded at 0.0 s near (") && "\(error)".contains("make room, or take a smaller spacing")
    }
  }
}
