/// One fluid's motion: its particles, or the heights of its surface, and what they come to.
public struct FluidTrack: Sendable, Equatable {
  public var name: String
  /// Of all particles that it has had, or of a surface as it was last, kg.
  public var mass: Double
  /// Of particles that it has had, in the order in which they came.
  public var count: Int
  /// Between particles at rest, m.
  public var spacing: Double
  /// One per sample time, m. Of a fluid that has no particles, where they last were or will come in.
  public var centersOfMass: [Vector3]
  /// One per sample time: how high the liquid stands (99 % of it is lower; of a surface, its mean), m.
  public var levels: [Double]
  /// One per sample time: how many particles there are. Empty where all are there all the time.
  public var presentCounts: [Int]
  /// Particles are recorded at every so many samples, from the first on.
  public var stride: Int
  /// When each particle is in the world; empty where all are there all the time.
  public var lifetimes: [Lifetime]
  /// x, y and z, world frame, m, record after record, of the particles that are there, in their order. Empty where a document
  /// doesn't hold them (JSON doesn't).
  public var positions: [Float]
  /// Where the heights stand, of a fluid that is a surface and has no particles.
  public var grid: Grid?
  /// The surface's heights, world frame, m: records × rows × columns numbers, x fastest. Empty where a document doesn't hold
  /// them.
  public var heights: [Float] = []

  /// Heights of a surface in the middles of a rectangle's cells.
  public struct Grid: Sendable, Equatable, Codable {
    /// Along x and along y.
    public var columns: Int
    public var rows: Int
    /// The rectangle's corner with the least x and y, m.
    public var x: Double
    public var y: Double
    /// Sides of a cell, m.
    public var width: Double
    public var depth: Double
    /// Height of the even floor, m.
    public var floor: Double

    public init(columns: Int, rows: Int, x: Double, y: Double, width: Double, depth: Double, floor: Double) {
      (self.columns, self.rows, self.x, self.y) = (columns, rows, x, y)
      (self.width, self.depth, self.floor) = (width, depth, floor)
    }

    /// Heights in all.
    public var count: Int { columns * rows }
  }

  /// From `birth` until just before `death`, s; the latter is infinite where the particle stays.
  public struct Lifetime: Sendable, Equatable {
    public var birth: Double
    public var death: Double

    public init(birth: Double, death: Double = .infinity) {
      self.birth = birth
      self.death = death
    }

    public func contains(_ time: Double) -> Bool { birth <= time && time < death }
  }

  public init(
    name: String, mass: Double, count: Int, spacing: Double, centersOfMass: [Vector3] = [], levels: [Double] = [],
    presentCounts: [Int] = [], stride: Int = 1, lifetimes: [Lifetime] = [], positions: [Float] = []
  ) {
    self.name = name
    self.mass = mass
    self.count = count
    self.spacing = spacing
    self.centersOfMass = centersOfMass
    self.levels = levels
    self.presentCounts = presentCounts
    self.stride = stride
    self.lifetimes = lifetimes
    self.positions = positions
  }

  /// Whether particles come or go.
  public var isOpen: Bool { !presentCounts.isEmpty }

  /// How many times the particles, or the heights, are recorded.
  public var records: Int {
    if let grid { return heights.count / grid.count }
    if isOpen { return positions.isEmpty && count > 0 ? 0 : (presentCounts.count + stride - 1) / stride }
    return count > 0 ? positions.count / (3 * count) : 0
  }

  /// The number of the sample of a record.
  public func sample(ofRecord record: Int) -> Int { record * stride }

  /// Kilograms of it that are there at a sample.
  public func mass(atSample sample: Int) -> Double {
    if let grid, let last = levels.last, last > grid.floor { return mass * (levels[sample] - grid.floor) / (last - grid.floor) }
    return isOpen && count > 0 ? mass * Double(presentCounts[sample]) / Double(count) : mass
  }

  /// Adds a sample of a fluid whose particles are all there all the time; the particles themselves only where the stride says
  /// so.
  public mutating func append(_ particles: [SIMD3<Float>]) {
    precondition(particles.count == count, "a sample of a fluid has all its particles")
    note(particles)
  }

  /// Adds a sample of a fluid whose particles come and go.
  ///
  /// - Parameters:
  ///   - numbers: rising; which those are that are there.
  ///   - mass: of all that have been, kg.
  ///   - issued: how many have been.
  ///   - time: s, of the sample.
  ///   - place: what counts as the middle as long as there were none.
  public mutating func append(
    _ particles: [SIMD3<Float>], numbers: [Int], issued: Int, mass: Double, time: Double, emptyPlace: Vector3
  ) {
    // Who has come since the last sample, and who has gone.
    lifetimes.append(contentsOf: repeatElement(Lifetime(birth: time), count: issued - count))
    (count, self.mass) = (issued, mass)
    var next = 0
    for number in 0..<count {
      if next < numbers.count && numbers[next] == number {
        next += 1
      } else if lifetimes[number].death > time {
        lifetimes[number].death = time
      }
    }
    presentCounts.append(particles.count)
    if particles.isEmpty {
      centersOfMass.append(centersOfMass.last ?? emptyPlace)
      levels.append(levels.last ?? emptyPlace.z)
    } else {
      note(particles)
    }
  }

  /// Adds a sample of a surface; all its heights only where the stride says so.
  ///
  /// - Parameter mass: of the liquid that is there, kg.
  public mutating func append(heights sample: [Float], mass: Double) {
    guard let grid else { preconditionFailure("only a surface has heights") }
    precondition(sample.count == grid.count, "a sample of a surface has all its heights")
    if levels.count % stride == 0 { heights.append(contentsOf: sample) }
    self.mass = mass
    // Of the columns of water over each cell.
    var (weight, moment) = (0.0, Vector3.zero)
    for (index, height) in sample.enumerated() {
      let (column, row, top) = (index % grid.columns, index / grid.columns, Double(height))
      let place = Vector3(
        grid.x + (Double(column) + 0.5) * grid.width, grid.y + (Double(row) + 0.5) * grid.depth, (top + grid.floor) / 2)
      weight += top - grid.floor
      moment += place * (top - grid.floor)
    }
    centersOfMass.append(moment / weight)
    levels.append(sample.reduce(0.0) { $0 + Double($1) } / Double(sample.count))
  }

  private mutating func note(_ particles: [SIMD3<Float>]) {
    if levels.count % stride == 0 {
      positions.reserveCapacity(positions.count + 3 * particles.count)
      for p in particles {
        positions.append(p.x)
        positions.append(p.y)
        positions.append(p.z)
      }
    }
    let sum = particles.reduce(Vector3.zero) { $0 + Vector3($1) }
    centersOfMass.append(sum / Double(particles.count))
    levels.append(Self.level(of: particles) + spacing / 2)
  }

  private static func level(of particles: [SIMD3<Float>]) -> Double {
    let heights = particles.map(\.z).sorted()
    return Double(heights[min(heights.count - 1, heights.count * 99 / 100)])
  }

  /// The particles that are there in a record, in their order.
  public func particles(record: Int) -> [SIMD3<Float>] {
    let (before, here) =
      isOpen
      ? ((0..<record).reduce(0) { $0 + presentCounts[sample(ofRecord: $1)] }, presentCounts[sample(ofRecord: record)])
      : (count * record, count)
    return (3 * before..<3 * (before + here)).striding(by: 3).map { SIMD3(positions[$0], positions[$0 + 1], positions[$0 + 2]) }
  }

  /// The numbers of the particles that are there at a time, rising.
  public func numbers(at time: Double) -> [Int] {
    isOpen ? lifetimes.indices.filter { lifetimes[$0].contains(time) } : Array(0..<count)
  }
}

extension Range<Int> {
  fileprivate func striding(by step: Int) -> StrideTo<Int> { stride(from: lowerBound, to: upperBound, by: step) }
}

extension Trajectory {
  public func fluid(_ name: String) -> FluidTrack? { fluids.first { $0.name == name } }

  /// A surface's heights at any time, evenly between their records.
  public func heights(of fluid: FluidTrack, at time: Double) -> [Float] {
    guard let grid = fluid.grid, fluid.records > 0 else { return [] }
    let (index, t) = cell(at: time)
    let place = min((Double(index) + t) / Double(fluid.stride), Double(fluid.records - 1))
    let (first, share) = (Int(place), Float(place - Double(Int(place))))
    let before = fluid.heights[grid.count * first..<grid.count * (first + 1)]
    guard share > 0 else { return Array(before) }
    return zip(before, fluid.heights[(grid.count * (first + 1))...]).map { $0 + ($1 - $0) * share }
  }

  /// A fluid's particles at any time, on straight lines between their records.
  public func particles(of fluid: FluidTrack, at time: Double) -> [SIMD3<Float>] {
    particleMotion(of: fluid, at: time).positions
  }

  /// A fluid's particles at any time, on straight lines between their records, and their velocities along these, m/s.
  ///
  /// One that has come since the record before is where its next motion leads back to; one that is gone by the next record
  /// stays where it was.
  public func particleMotion(of fluid: FluidTrack, at time: Double) -> (positions: [SIMD3<Float>], velocities: [SIMD3<Float>]) {
    let (index, t) = cell(at: time)
    let last = fluid.records - 1
    guard last >= 0, fluid.grid == nil else { return ([], []) }
    let place = min((Double(index) + t) / Double(fluid.stride), Double(last))
    // The record before, or the last but one at the end: velocities need two.
    let first = max(min(Int(place), last - 1), 0)
    let share = Float(place - Double(first))
    func recordTime(_ record: Int) -> Double { times[min(fluid.sample(ofRecord: record), times.count - 1)] }
    let interval = Float(recordTime(min(first + 1, last)) - recordTime(first))
    let before = fluid.particles(record: first)
    guard first < last, interval > 0 else { return (before, [SIMD3<Float>](repeating: .zero, count: before.count)) }
    let after = fluid.particles(record: first + 1)
    guard fluid.isOpen else {
      let ways = zip(before, after).map { $1 - $0 }
      return (zip(before, ways).map { $0 + $1 * share }, ways.map { $0 / interval })
    }

    // The same numbers in both records; those that only one has.
    let (old, new) = (fluid.numbers(at: recordTime(first)), fluid.numbers(at: recordTime(first + 1)))
    var later: [Int: SIMD3<Float>] = [:]
    if first + 2 <= last {
      let newest = fluid.numbers(at: recordTime(first + 2))
      let places = fluid.particles(record: first + 2)
      if let least = new.first(where: { !fluid.lifetimes[$0].contains(recordTime(first)) }) {
        for (number, p) in zip(newest, places) where number >= least { later[number] = p }
      }
    }
    var positions: [SIMD3<Float>] = []
    var velocities: [SIMD3<Float>] = []
    var (i, k) = (0, 0)
    while i < old.count || k < new.count {
      if i < old.count && (k == new.count || old[i] < new[k]) {
        if time < fluid.lifetimes[old[i]].death {
          positions.append(before[i])
          velocities.append(.zero)
        }
        i += 1
      } else if k < new.count && (i == old.count || new[k] < old[i]) {
        if fluid.lifetimes[new[k]].birth <= time {
          let way = later[new[k]].map { $0 - after[k] } ?? .zero
          positions.append(after[k] - way * (1 - share))
          velocities.append(way / interval)
        }
        k += 1
      } else {
        positions.append(before[i] + (after[k] - before[i]) * share)
        velocities.append((after[k] - before[i]) / interval)
        (i, k) = (i + 1, k + 1)
      }
    }
    return (positions, velocities)
  }
}
