import ParticleFluids
import WorldCore

/// A tank of water and what floats in it.
struct TestPool {
  static let density = 998.2
  let world: FluidWorld
  var bodies: [FluidBody]
  let size: Vector3

  /// A tank `width` wide filled to `depth`, with `floats` in or over it.
  init(
    width: Double, depth: Double, spacing: Double, floats: [(solid: FluidSolid, body: FluidBody)] = [], workers: Int = 2,
    liquid: FluidLiquid = .water
  ) throws {
    size = Vector3(width, width, depth)
    var options = FluidOptions(spacing: spacing)
    options.workers = workers
    let tank = FluidSolid(name: "tank", shape: .tank(size: Vector3(width, width, 2 * depth), wall: 0.02))
    bodies = [FluidBody()] + floats.map(\.body)
    world = try FluidWorld(
      [
        FluidDefinition(
          name: "pool", liquid: liquid, region: .box(size: size),
          worldFromRegion: RigidTransform(translation: Vector3(0, 0, depth / 2)))
      ], solids: [tank] + floats.map(\.solid), bodies: bodies, options: options)
  }

  /// A box of `share` of water's density.
  static func box(_ size: Vector3, share: Double, at position: Vector3) -> (solid: FluidSolid, body: FluidBody) {
    let mass = share * density * size.x * size.y * size.z
    let s = size * size
    let inertia = SymmetricMatrix3(diagonal: Vector3(s.y + s.z, s.x + s.z, s.x + s.y) * (mass / 12))
    return (
      FluidSolid(
        name: "box", shape: .box(size: size),
        massProperties: MassProperties(mass: mass, centerOfMass: .zero, inertia: inertia)),
      FluidBody(worldFromShape: RigidTransform(translation: position), acceleration: Vector3(0, 0, -9.81))
    )
  }

  /// Steps on; the bodies go where the fluid and their own motion take them.
  @discardableResult
  mutating func advance(_ duration: Double, each: (TestPool, FluidStepReport) -> Void = { _, _ in }) throws -> FluidStepReport {
    var last: FluidStepReport?
    for _ in 0..<Int((duration * 240).rounded()) {
      let report = try world.step(1.0 / 240, bodies: bodies)
      bodies = report.bodies.map(\.end)
      each(self, report)
      last = report
    }
    return last!
  }
}
