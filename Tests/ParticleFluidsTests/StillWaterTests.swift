import ParticleFluids
import Testing
import WorldCore

@Suite struct StillWaterTests {
  /// p = ρ g (h − z) at every depth below two spacings, and the tank bears the water's weight.
  @Test func pressureGrowsWithDepth() throws {
    let (depth, spacing) = (0.5, 0.05)
    var pool = try TestPool(width: 0.5, depth: depth, spacing: spacing)
    try pool.advance(1.5)
    var sums = [SIMD3<Double>](repeating: .zero, count: 12)
    var (force, samples) = (0.0, 0.0)
    try pool.advance(0.5) { pool, report in
      for (p, pressure) in zip(pool.world.positions(of: 0), pool.world.pressures(of: 0)) {
        sums[max(Int(Double(p.z) / spacing), 0)] += SIMD3(Double(p.z), Double(pressure), 1)
      }
      force -= report.bodies[0].linear.z * 240
      samples += 1
    }
    let level = depth
    for sum in sums where sum.z > 0 && level - sum.x / sum.z > 2 * spacing {
      let expected = TestPool.density * 9.81 * (level - sum.x / sum.z)
      #expect(abs(sum.y / sum.z / expected - 1) < 0.02, "at \(sum.x / sum.z) m: \(sum.y / sum.z) Pa, not \(expected)")
    }
    #expect(abs(force / samples / (pool.world.mass(of: 0) * 9.81) - 1) < 0.005)
  }

  /// The first step of deep water takes few sweeps: from no pressure at all these 48 layers take 195.
  @Test func deepWaterStartsUnderItsWeight() throws {
    var pool = try TestPool(width: 0.2, depth: 1.2, spacing: 0.025)
    let sweeps = try pool.advance(1.0 / 240).divergenceIterations
    #expect(sweeps <= 25, "\(sweeps) sweeps")
  }

  /// Before any sweep the pressures are those of the particles' depths: the weight above, and the same at the same depth.
  @Test func startsWithTheWeightOfWhatStands() {
    let floor = (
      field: SignedDistanceField(.box(size: Vector3(2, 2, 0.1))),
      shapeFromWorld: RigidTransform(translation: Vector3(0, 0, 0.05))
    )
    let start = HydrostaticStart(gravity: Vector3(0, 0, -10), spacing: 0.1, solids: [floor])
    // Oil of half the density over water on the floor; beside them a lone particle in the air, and water under nothing.
    let points = [
      Vector3(0, 0, 0.05), Vector3(0, 0, 0.15), Vector3(0, 0, 0.25), Vector3(0.5, 0, 0.55), Vector3(0.1, 0, 0.05),
    ]
    let pressures = start?.pressures(at: points, fluids: [0, 0, 1, 0, 0], lightness: [1, 2]) ?? []
    for (found, expected) in zip(pressures, [2.0, 1.0, 0.25, 0, 2]) { #expect(abs(found - expected) < 1e-9, "\(pressures)") }
    #expect(HydrostaticStart(gravity: .zero, spacing: 0.1, solids: [floor]) == nil)
  }

  /// Nothing stirs it: particles move slower than a hundredth of the speed that falling through the depth gives.
  @Test func staysStill() throws {
    var pool = try TestPool(width: 0.5, depth: 0.5, spacing: 0.05)
    try pool.advance(2)
    let mass = pool.world.mass(of: 0)
    #expect((2 * pool.world.energy.kinetic / mass).squareRoot() < 0.01 * (2 * 9.81 * 0.5).squareRoot())
    // Nor does it swell or shrink.
    let height = pool.world.energy.potential / (mass * 9.81)
    #expect(abs(height / 0.25 - 1) < 0.005, "\(2 * height) m")
    // Its outermost layer stays one of a hundred particles; it was pressed into the next once, which made it a quarter denser.
    let top = pool.world.positions(of: 0).filter { $0.z > 0.45 }.count
    #expect(abs(top - 100) <= 6, "\(top) particles")
  }

  @Test(arguments: [0.3, 0.6])
  func boxFloatsAtItsDraft(share: Double) throws {
    let (width, depth, side) = (0.6, 0.4, 0.3)
    let size = Vector3(side, side, 0.2)
    let volume = width * width * depth
    let draft = share * size.z
    let level = (volume + draft * side * side) / (width * width)
    let float = TestPool.box(size, share: share, at: Vector3(0, 0, level - draft + size.z / 2))
    let spacing = 0.025
    // The box starts at rest in its place, the water it displaces round it.
    var pool = try TestPool(width: width, depth: depth, spacing: spacing, floats: [float])
    var (sum, count) = (0.0, 0.0)
    try pool.advance(0.5)
    let filled = pool.world.mass(of: 0) / TestPool.density
    let surface = (filled + draft * side * side) / (width * width)
    try pool.advance(0.9) { pool, _ in
      sum += surface - (pool.bodies[1].worldFromShape.translation.z - size.z / 2)
      count += 1
    }
    #expect(abs(sum / count / draft - 1) < 0.05, "draft \(sum / count) m, not \(draft)")
  }
}
