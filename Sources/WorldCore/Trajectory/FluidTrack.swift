/// One fluid's motion: its particles, and what they come to.
public struct FluidTrack: Sendable, Equatable {
  public var name: String
  /// Of the whole fluid, kg.
  public var mass: Double
  /// Of particles.
  public var count: Int
  /// Between particles at rest, m.
  public var spacing: Double
  /// One per sample time, m.
  public var centersOfMass: [Vector3]
  /// One per sample time: how high the liquid stands (99 % of it is lower), m.
  public var levels: [Double]
  /// Particles are recorded at every so many samples, from the first on.
  public var stride: Int
  /// x, y and z of each particle, world frame, m: records × count × 3 numbers. Empty where a document doesn't hold them (JSON doesn't).
  public var positions: [Float]

  public init(
    name: String, mass: Double, count: Int, spacing: Double, centersOfMass: [Vector3] = [], levels: [Double] = [], stride: Int = 1,
    positions: [Float] = []
  ) {
    self.name = name
    self.mass = mass
    self.count = count
    self.spacing = spacing
    self.centersOfMass = centersOfMass
    self.levels = levels
    self.stride = stride
    self.positions = positions
  }

  /// How many times the particles are recorded.
  public var records: Int { count > 0 ? positions.count / (3 * count) : 0 }

  /// Adds a sample; its particles only where the stride says so.
  public mutating func append(_ particles: [SIMD3<Float>]) {
    precondition(particles.count == count, "a sample of a fluid has all its particles")
    if levels.count % stride == 0 {
      positions.reserveCapacity(positions.count + 3 * count)
      for p in particles {
        positions.append(p.x)
        positions.append(p.y)
        positions.append(p.z)
      }
    }
    let sum = particles.reduce(Vector3.zero) { $0 + Vector3($1) }
    centersOfMass.append(sum / Double(count))
    levels.append(Self.level(of: particles) + spacing / 2)
  }

  private static func level(of particles: [SIMD3<Float>]) -> Double {
    let heights = particles.map(\.z).sorted()
    return Double(heights[min(heights.count - 1, heights.count * 99 / 100)])
  }

  /// The particles of a record.
  public func particles(record: Int) -> [SIMD3<Float>] {
    let start = 3 * count * record
    return (0..<count).map { SIMD3(positions[start + 3 * $0], positions[start + 3 * $0 + 1], positions[start + 3 * $0 + 2]) }
  }
}

extension Trajectory {
  public func fluid(_ name: String) -> FluidTrack? { fluids.first { $0.name == name } }

  /// A fluid's particles at any time, on straight lines between their records.
  public func particles(of fluid: FluidTrack, at time: Double) -> [SIMD3<Float>] {
    let (index, t) = cell(at: time)
    let place = (Double(index) + t) / Double(fluid.stride)
    let last = fluid.records - 1
    let first = min(Int(place), last)
    let share = Float(min(place - Double(first), 1))
    if share == 0 || first == last { return fluid.particles(record: first) }
    return zip(fluid.particles(record: first), fluid.particles(record: first + 1)).map { $0 + ($1 - $0) * share }
  }
}
