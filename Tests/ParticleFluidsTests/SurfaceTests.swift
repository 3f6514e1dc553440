import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite("Water as a surface")
struct SurfaceTests {
  private static func box(_ size: Vector3, mass: Double, at position: Vector3) -> (FluidSolid, FluidBody) {
    let s = size * size
    let inertia = SymmetricMatrix3(diagonal: Vector3(s.y + s.z, s.x + s.z, s.x + s.y) * (mass / 12))
    return (
      FluidSolid(
        name: "box", shape: .box(size: size), massProperties: MassProperties(mass: mass, centerOfMass: .zero, inertia: inertia)),
      FluidBody(worldFromShape: RigidTransform(translation: position), acceleration: Vector3(0, 0, -9.81))
    )
  }

  /// Steps a body by what the surface gives it alone.
  private static func advance(
    _ world: SurfaceWorld, _ solid: FluidSolid, _ body: inout FluidBody, _ dt: Double, upright: Bool = false
  ) throws {
    let report = try world.step(dt, bodies: [body])
    guard let properties = solid.massProperties else { return }
    body.velocity += body.acceleration * dt + report.bodies[0].linear / properties.mass
    if !upright {
      // The inertia of a box about its centre, turned with it.
      let i = properties.inertia.rotated(by: body.worldFromShape.rotation)
      let columns = (i * .unitX, i * .unitY, i * .unitZ)
      let determinant = columns.0.dot(columns.1.cross(columns.2))
      let m = report.bodies[0].angular
      body.angularVelocity +=
        Vector3(
          m.dot(columns.1.cross(columns.2)), columns.0.dot(m.cross(columns.2)), columns.0.dot(columns.1.cross(m))) / determinant
    }
    let rotation = (Quaternion(rotationVector: body.angularVelocity * dt) * body.worldFromShape.rotation).normalized
    body.worldFromShape = RigidTransform(rotation: rotation, translation: body.worldFromShape.translation + body.velocity * dt)
  }

  /// Times at which a series passes its own end value, between samples.
  private static func crossings(_ series: [Double], about middle: Double, dt: Double) -> [Double] {
    (1..<series.count).compactMap { k in
      let (a, b) = (series[k - 1] - middle, series[k] - middle)
      return a * b < 0 ? (Double(k - 1) + a / (a - b)) * dt : nil
    }
  }

  @Test("what lies on the bank, or in the basin beside, isn't carried by this one")
  func bank() throws {
    let definition = SurfaceDefinition(
      name: "w", liquid: FluidLiquid(density: 1000), center: .zero, size: SIMD2(2, 2), depth: 1, spacing: 0.1)
    func lift(at x: Double) throws -> Vector3 {
      let (solid, body) = Self.box(Vector3(0.6, 0.2, 0.2), mass: 7, at: Vector3(x, 0, -0.05))
      return try SurfaceWorld(definition, solids: [solid]).step(1.0 / 240, bodies: [body]).bodies[0].linear
    }
    #expect(try lift(at: 1.2) == .zero && lift(at: 0.5).z > 0)
  }

  /// A still standing wave of the basin swings with ω² = g k tanh kh and keeps its energy.
  @Test("waves swing as Airy's do", arguments: [1, 4])
  func dispersion(mode: Int) throws {
    let (length, depth) = (4.0, 0.5)
    let definition = SurfaceDefinition(
      name: "w", liquid: FluidLiquid(density: 1000), center: .zero, size: SIMD2(length, 0.5), depth: depth, spacing: 0.05)
    let world = try SurfaceWorld(
      definition, solids: [FluidSolid(name: "paddle", shape: .box(size: Vector3(0.2, 0.6, 0.1)))])
    // A paddle dips in once and leaves; each mode of what it left has its own frequency, told by the energy that it holds twice
    // a period.
    var body = FluidBody(worldFromShape: RigidTransform(translation: Vector3(-1.9, 0, 0.05)), velocity: Vector3(0, 0, -0.5))
    for _ in 0..<24 {
      _ = try world.step(1.0 / 240, bodies: [body])
      body.worldFromShape.translation.z -= 0.5 / 240
    }
    body.worldFromShape.translation.z = 10
    body.velocity = .zero
    let k = .pi * Double(mode) / length
    let period = 2 * .pi / (9.81 * k * tanh(k * depth)).squareRoot()
    let cosines = (0..<world.counts.x * world.counts.y).map {
      cos(k * (Double($0 % world.counts.x) + 0.5) * length / Double(world.counts.x))
    }
    var amplitudes: [Double] = []
    for _ in 0..<Int(3 * period * 240) {
      _ = try world.step(1.0 / 240, bodies: [body])
      let heights = world.heights
      amplitudes.append(zip(heights, cosines).reduce(0) { $0 + Double($1.0) * $1.1 })
    }
    let zeros = Self.crossings(amplitudes, about: 0, dt: 1.0 / 240)
    let measured = 2 * (zeros.last! - zeros.first!) / Double(zeros.count - 1)
    #expect(abs(measured / period - 1) < 1e-3, "\(measured) s, not \(period)")
    let before = world.energy
    for _ in 0..<240 { _ = try world.step(1.0 / 240, bodies: [body]) }
    let after = world.energy
    #expect(abs(after.kinetic + after.potential - before.kinetic - before.potential) < 1e-6 * before.kinetic + 1e-3)
  }

  /// Half of a cube of one metre under a level at zero takes the room of ½ m³ whose middle is 25 cm deep.
  @Test func knowsTheRoomThatBodiesTakeBeforeTheFirstStep() throws {
    let solid = FluidSolid(name: "pier", shape: .box(size: Vector3(1, 1, 1)))
    let definition = SurfaceDefinition(
      name: "w", liquid: FluidLiquid(density: 1000), center: .zero, size: SIMD2(4, 4), depth: 2, spacing: 0.2)
    let (empty, world) = (try SurfaceWorld(definition), try SurfaceWorld(definition, solids: [solid]))
    world.place([FluidBody()])
    #expect(abs(world.energy.potential - empty.energy.potential - 1000 * 9.81 * 0.5 * 0.25) < 1e-6)
    let before = world.energy.potential
    _ = try world.step(1e-3, bodies: [FluidBody()])
    #expect(abs(world.energy.potential - before) < 1e-6)
  }

  @Test("a box floats at its draft, and the water it takes the room of raises the level", arguments: [0.3, 0.6])
  func draft(share: Double) throws {
    let size = Vector3(0.4, 0.3, 0.2)
    let (solid, start) = Self.box(size, mass: share * 998.2 * size.x * size.y * size.z, at: Vector3(0, 0, 0.15))
    var body = start
    let world = try SurfaceWorld(
      SurfaceDefinition(name: "w", center: .zero, size: SIMD2(2, 2), depth: 1, spacing: 0.1), solids: [solid])
    // It bobs on for long in so small a basin: what counts are the means.
    var (sum, rise) = (0.0, 0.0)
    for step in 0..<960 {
      try Self.advance(world, solid, &body, 1.0 / 120)
      guard step >= 480 else { continue }
      sum += body.worldFromShape.translation.z / 480
      rise += world.heights.reduce(0) { $0 + Double($1) } / Double(world.heights.count) / 480
    }
    let draft = share * size.z
    let level = draft * size.x * size.y / 4
    #expect(abs(level - (sum - size.z / 2) - draft) < 0.03 * draft, "draft \(level - (sum - size.z / 2)) m, not \(draft)")
    #expect(abs(rise - level) < 1e-3, "the level rises by \(rise) m, not \(level)")
    #expect(world.mass == 998.2 * 4)
  }

  /// A board so flat that its waves are short: its period is that of its metacentric height and of its own and the water's
  /// inertia, as long as it raises no more water than it shades.
  @Test("a flat board rolls with its own and the water's inertia alone", arguments: [0.04, 0.08])
  func roll(spacing: Double) throws {
    let size = Vector3(0.4, 0.2, 0.04)
    let draft = 0.6 * size.z
    let mass = 998.2 * size.x * size.y * draft
    let (solid, start) = Self.box(size, mass: mass, at: Vector3(0, 0, size.z / 2 - draft))
    var body = start
    body.worldFromShape.rotation = Quaternion(rotationVector: Vector3(0.05, 0, 0))
    let world = try SurfaceWorld(
      SurfaceDefinition(name: "w", center: .zero, size: SIMD2(3, 3), depth: 0.5, spacing: spacing), solids: [solid])
    let dt = 1.0 / 480
    var heel: [Double] = []
    for _ in 0..<480 {
      try Self.advance(world, solid, &body, dt)
      heel.append(body.worldFromShape.rotation.rotate(.unitY).z)
    }
    let metacentric = size.y * size.y / (12 * draft) - (size.z - draft) / 2
    let inertia = mass * (size.y * size.y + size.z * size.z) / 12 + world.addedMass(of: 0)[3 * 7]
    let period = 2 * Double.pi * (inertia / (mass * 9.81 * metacentric)).squareRoot()
    let crossings = Self.crossings(heel, about: 0, dt: dt)
    try #require(crossings.count >= 3)
    let measured = crossings[2] - crossings[0]
    #expect(abs(measured / period - 1) < 0.04, "\(measured) s, not \(period)")
    #expect(heel.allSatisfy { abs($0) < 0.0501 })
  }

  @Test("rain wets the basin alone, however far it reaches")
  func rain() throws {
    let shower = SurfaceRain(center: .zero, size: SIMD2(6, 6), intensity: 1e-3, diameter: 4e-3, speed: 6, seed: 5)
    let world = try SurfaceWorld(
      SurfaceDefinition(name: "w", center: .zero, size: SIMD2(2, 2), depth: 0.5, spacing: 0.1, rain: [shower]))
    let dry = world.mass
    for _ in 0..<60 { _ = try world.step(1.0 / 60, bodies: []) }
    // Some 120 000 drops fall on 36 m², a ninth of them into the basin.
    let caught = (world.mass - dry) / (998.2 * 1e-3 * 4)
    #expect(abs(caught - 1) < 0.03, "\(caught) of what fell on it")
  }

  /// A sphere's added mass far below the surface is half of what it displaces; on the surface a flat disc moves 4/3 ρ a³.
  @Test("added masses of a deep ball and of a disc on the water")
  func addedMass() throws {
    func added(_ shape: Shape, at z: Double) throws -> [Double] {
      let solid = FluidSolid(
        name: "b", shape: shape,
        massProperties: MassProperties(mass: 1, centerOfMass: .zero, inertia: SymmetricMatrix3(diagonal: Vector3(1, 1, 1))))
      let world = try SurfaceWorld(
        SurfaceDefinition(
          name: "w", liquid: FluidLiquid(density: 1000), center: .zero, size: SIMD2(20, 20), depth: 10, spacing: 1),
        solids: [solid])
      _ = try world.step(1e-3, bodies: [FluidBody(worldFromShape: RigidTransform(translation: Vector3(0, 0, z)))])
      return world.addedMass(of: 0)
    }
    let ball = try added(.sphere(radius: 0.2), at: -3)
    let half = 0.5 * 1000 * 4 / 3 * Double.pi * 0.008
    for k in [0, 7, 14] { #expect(abs(ball[k] / half - 1) < 0.08, "\(ball[k]) kg, not \(half)") }
    let disc = try added(.cylinder(radius: 0.2, height: 0.02), at: 0)
    #expect(abs(disc[14] / (4.0 / 3 * 1000 * 0.008) - 1) < 0.15, "\(disc[14]) kg")
  }
}
