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

  /// The front of a column twice as high as wide against Martin & Moyce 1952. Their clock starts when the gate is gone, some
  /// time after the water has begun to move: a constant shift of the clock is allowed.
  @Test func damBreakFrontFollowsTheMeasuredOne() throws {
    let a = 0.2
    var options = FluidOptions(spacing: a / 12)
    options.workers = 2
    let tank = FluidSolid(name: "tank", shape: .tank(size: Vector3(1.8, 0.1, 0.8), wall: 0.1))
    let world = try FluidWorld(
      [
        FluidDefinition(
          name: "dam", region: .box(size: Vector3(a, 0.1, 2 * a)),
          worldFromRegion: RigidTransform(translation: Vector3(-0.9 + a / 2, 0, a)))
      ], solids: [tank], bodies: [FluidBody()], options: options)
    var fronts: [(T: Double, Z: Double)] = []
    while fronts.last?.Z ?? 0 < 8 {
      _ = try world.step(1.0 / 120, bodies: [FluidBody()])
      let x = world.positions(of: 0).map { Double($0.x) }.sorted()
      // Half a spacing lies between the last centre and the edge; single drops don't count.
      let front = x[x.count - 1 - x.count / 500] + options.spacing / 2 + 0.9
      fronts.append((world.time * (2 * 9.81 / a).squareRoot(), front / a))
      // Incompressible on the way.
      let densities = world.relativeDensities(of: 0)
      #expect(densities.reduce(0) { $0 + max($1 - 1, 0) } / Float(densities.count) < 2e-3)
    }
    let measured = [
      (1.219, 1.474), (1.997, 2.292), (2.547, 2.995), (3.345, 4.134), (4.034, 4.944), (4.418, 5.881), (5.091, 6.980),
    ]
    func error(shift: Double) -> Double {
      let squares = measured.map { T, Z in
        let after = fronts.firstIndex { $0.T > T - shift }!
        let (a, b) = (fronts[after - 1], fronts[after])
        let front = a.Z + (b.Z - a.Z) * (T - shift - a.T) / (b.T - a.T)
        return (front / Z - 1) * (front / Z - 1)
      }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let best = stride(from: 0.0, through: 0.4, by: 0.02).map(error).min()!
    #expect(best < 0.05, "RMS \(best)")
    let energy = world.energy
    #expect(energy.kinetic + energy.potential < world.mass(of: 0) * 9.81 * a * 1.001)
  }

  @Test func anExplosionIsSaid() throws {
    let world = try FluidWorld(
      [FluidDefinition(name: "jet", region: .sphere(radius: 0.1), velocity: Vector3(5e4, 0, 0))],
      options: FluidOptions(spacing: 0.03))
    #expect {
      _ = try world.step(0.01)
    } throws: { error in
      "\(error)".hasPrefix("fluid 'jet': exploded at 0.0 s near (")
        && "\(error)".contains("make room, or take a smaller spacing")
    }
  }
}
