import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite("Thick liquids")
struct ViscosityTests {
  private static let honey = FluidLiquid(density: 1420, viscosity: 10)

  /// A layer of honey on a floor that is tilted at once: its mean speed is Nusselt's g h²/3ν once the parabola has formed, and
  /// before that less by Σ 96/((2n+1)⁴ π⁴) exp(−(2n+1)² π² ν t/4h²).
  @Test("honey runs down a slope as Nusselt's film does")
  func film() throws {
    let (height, spacing, time) = (0.06, 0.01, 0.25)
    let nu = Self.honey.viscosity / Self.honey.density
    var options = FluidOptions(spacing: spacing)
    options.workers = 2
    options.gravity = Vector3(4, 0, -9)
    let layer = FluidDefinition(
      name: "honey", liquid: Self.honey, region: .box(size: Vector3(0.6, 0.3, height)),
      worldFromRegion: RigidTransform(translation: Vector3(0, 0, height / 2)))
    let floor = FluidSolid(name: "floor", shape: .plane(normal: .unitZ))
    let world = try FluidWorld([layer], solids: [floor], bodies: [FluidBody()], options: options)
    for _ in 0..<60 { _ = try world.step(time / 60, bodies: [FluidBody()]) }
    let (p, v) = (world.positions(of: 0), world.velocities(of: 0))
    // Away from the edges, which slump.
    let middle = p.reduce(0.0) { $0 + Double($1.x) } / Double(p.count)
    let inner = p.indices.filter { abs(Double(p[$0].x) - middle) < 0.1 && abs(p[$0].y) < 0.06 }
    let mean = inner.reduce(0.0) { $0 + Double(v[$1].x) } / Double(inner.count)
    let fading = (0..<4).reduce(0.0) { sum, n in
      let odd = Double(2 * n + 1)
      return sum + 96 / pow(odd * .pi, 4) * exp(-odd * odd * .pi * .pi * nu * time / (4 * height * height))
    }
    let expected = 4 * height * height / (3 * nu) * (1 - fading)
    #expect(abs(mean / expected - 1) < 0.1, "\(mean) m/s, not \(expected)")
    // At the floor it hardly moves, on top half as fast again as on average.
    let top = inner.filter { Double(p[$0].z) > height - 1.5 * spacing }
    let peak = top.reduce(0.0) { $0 + Double(v[$1].x) } / Double(top.count)
    #expect(peak / mean > 1.25 && peak / mean < 1.6, "\(peak / mean)")
  }

  /// A drop of honey meets a light free ball: the impulse that the ball gets is the drop's loss, and the light ball stays calm.
  @Test("implicit viscosity keeps momentum, with bodies lighter than the liquid too")
  func momentum() throws {
    var options = FluidOptions(spacing: 0.015)
    options.gravity = .zero
    let mass = 0.3
    let ball = FluidSolid(
      name: "ball", shape: .sphere(radius: 0.08),
      massProperties: MassProperties(
        mass: mass, centerOfMass: .zero, inertia: SymmetricMatrix3(diagonal: Vector3(repeating: 0.4 * mass * 0.0064))))
    var body = FluidBody(worldFromShape: RigidTransform(translation: Vector3(0.17, 0.04, 0)))
    let drop = FluidDefinition(name: "drop", liquid: Self.honey, region: .sphere(radius: 0.07), velocity: Vector3(2, 0, 0))
    let world = try FluidWorld([drop], solids: [ball], bodies: [body], options: options)
    let start = world.momentum.linear
    for _ in 0..<48 {
      let before = world.momentum
      let report = try world.step(1.0 / 240, bodies: [body])
      let given = report.bodies[0]
      #expect((world.momentum.linear - before.linear + given.linear).length < 1e-5 * start.length)
      body = given.end
    }
    #expect(body.velocity.x > 0.1 && body.velocity.length < 3)
    #expect((world.momentum.linear + body.velocity * mass - start).length < 1e-4 * start.length)
  }
}
