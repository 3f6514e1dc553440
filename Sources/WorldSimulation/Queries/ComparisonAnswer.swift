import WorldCore

/// What `compare --set …` answers: how a changed world departs from the one it was made from.
public struct ComparisonAnswer: Codable, Equatable, Sendable {
  public var query = "compare"
  /// The changes, as given: `bodies.ball.velocity[0]=6`.
  public var changes: [String]
  /// Whether any body or cloth moves otherwise at all.
  public var differs: Bool
  /// Positions (m), velocities (m/s) and rotations (rad) that differ by no more count as the same.
  public var tolerance: Double
  /// When the two first differ; nil where they never do.
  public var firstDifference: Onset?
  /// Bodies that move otherwise, the most displaced first.
  public var bodies: [Body]
  /// Cloths that move otherwise; nil where neither world has cloth.
  public var cloths: [Matter]?
  /// Fluids that move otherwise; nil where neither world has any.
  public var fluids: [Matter]?
  /// Bodies that only one of the two worlds has.
  public var onlyInOriginal: [String]
  public var onlyInChanged: [String]
  public var impacts: Impacts

  enum CodingKeys: String, CodingKey {
    case query, changes, differs, tolerance, bodies, cloths, fluids, impacts
    case firstDifference = "first_difference"
    case onlyInOriginal = "only_in_original"
    case onlyInChanged = "only_in_changed"
  }

  public struct Onset: Codable, Equatable, Sendable {
    /// The first sample at which they differ.
    public var time: Measured<Double>
    public var bodies: [String]
  }

  public struct Body: Codable, Equatable, Sendable {
    public var name: String
    /// When this body first differs.
    public var from: Measured<Double>
    /// The greatest distance between its two centres of mass, and when.
    public var largestDistance: Measured<Double>
    public var largestDistanceTime: Measured<Double>
    public var finalDistance: Measured<Double>
    public var largestSpeedDifference: Measured<Double>
    /// The greatest angle between its two orientations.
    public var largestAngle: Measured<Double>
    public var originalFinalPosition: Measured<[Double]>
    public var changedFinalPosition: Measured<[Double]>

    enum CodingKeys: String, CodingKey {
      case name, from
      case largestDistance = "largest_distance"
      case largestDistanceTime = "largest_distance_time"
      case finalDistance = "final_distance"
      case largestSpeedDifference = "largest_speed_difference"
      case largestAngle = "largest_angle"
      case originalFinalPosition = "original_final_position"
      case changedFinalPosition = "changed_final_position"
    }
  }

  /// A cloth or a fluid that moves otherwise.
  public struct Matter: Codable, Equatable, Sendable {
    public var name: String
    /// When it first differs.
    public var from: Measured<Double>
    /// The greatest distance between the two places of any vertex of a cloth, of a fluid's two centres of mass; and when.
    public var largestDistance: Measured<Double>
    public var largestDistanceTime: Measured<Double>
    public var finalDistance: Measured<Double>

    enum CodingKeys: String, CodingKey {
      case name, from
      case largestDistance = "largest_distance"
      case largestDistanceTime = "largest_distance_time"
      case finalDistance = "final_distance"
    }
  }

  public struct Impacts: Codable, Equatable, Sendable {
    public var original: Int
    public var changed: Int
    /// Pairs whose number of impacts changed.
    public var pairs: [Pair]
  }

  public struct Pair: Codable, Equatable, Sendable {
    public var bodies: [String]
    public var original: Int
    public var changed: Int
    /// The first impact of the pair in each world.
    public var originalFirst: Measured<Double>?
    public var changedFirst: Measured<Double>?

    enum CodingKeys: String, CodingKey {
      case bodies, original, changed
      case originalFirst = "original_first"
      case changedFirst = "changed_first"
    }
  }
}

extension WorldHistory {
  /// Compares this world with a changed one, sample by sample over the time both cover.
  ///
  /// - Parameter tolerance: m, m/s and rad.
  public func comparison(
    with changed: WorldHistory, changes: [String] = [], tolerance: Double = 1e-9
  ) throws(QueryError) -> ComparisonAnswer {
    let (original, other) = (trajectory, changed.trajectory)
    let count = min(original.times.count, other.times.count)
    guard original.times.prefix(count) == other.times.prefix(count) else {
      throw QueryError("the two trajectories are sampled at different times; simulate both at the same rate")
    }
    let bodies = original.bodies.compactMap { body in
      other.body(body.name).flatMap { Self.departure(of: body, $0, times: original.times.prefix(count), tolerance) }
    }
    let cloths = original.cloths.compactMap { cloth in
      other.cloth(cloth.name).flatMap { Self.departure(of: cloth, $0, times: original.times.prefix(count), tolerance) }
    }
    let fluids = original.fluids.compactMap { fluid in
      other.fluid(fluid.name).flatMap { Self.departure(of: fluid, $0, times: original.times.prefix(count), tolerance) }
    }
    let onsets =
      bodies.map { ($0.name, $0.from.value) } + cloths.map { ($0.name, $0.from.value) }
      + fluids.map { ($0.name, $0.from.value) }
    let start = onsets.map(\.1).min()
    return ComparisonAnswer(
      changes: changes, differs: start != nil, tolerance: tolerance,
      firstDifference: start.map { start in
        ComparisonAnswer.Onset(time: Measured(start, "s"), bodies: onsets.filter { $0.1 == start }.map(\.0))
      },
      bodies: bodies.sorted { $0.largestDistance.value > $1.largestDistance.value },
      cloths: original.cloths.isEmpty && other.cloths.isEmpty
        ? nil : cloths.sorted { $0.largestDistance.value > $1.largestDistance.value },
      fluids: original.fluids.isEmpty && other.fluids.isEmpty ? nil : fluids,
      onlyInOriginal: original.bodies.map(\.name).filter { other.body($0) == nil },
      onlyInChanged: other.bodies.map(\.name).filter { original.body($0) == nil },
      impacts: Self.impacts(original, other))
  }

  /// nil where the two move alike.
  private static func departure(
    of a: BodyTrack, _ b: BodyTrack, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Body? {
    var start: Double?
    var (distance, distanceTime, speed, angle) = (0.0, 0.0, 0.0, 0.0)
    for (k, time) in times.enumerated() {
      let (x, y) = (a.states[k], b.states[k])
      let gap = (y.position - x.position).length
      let speedGap = (y.velocity - x.velocity).length
      let angleGap = (x.orientation.conjugate * y.orientation).rotationVector.length
      if start == nil, max(gap, speedGap, angleGap) > tolerance { start = time }
      if gap > distance { (distance, distanceTime) = (gap, time) }
      speed = max(speed, speedGap)
      angle = max(angle, angleGap)
    }
    guard let start, !times.isEmpty else { return nil }
    let (last, otherLast) = (a.states[times.count - 1], b.states[times.count - 1])
    return ComparisonAnswer.Body(
      name: a.name, from: Measured(start, "s"), largestDistance: Measured(distance, "m"),
      largestDistanceTime: Measured(distanceTime, "s"),
      finalDistance: Measured((otherLast.position - last.position).length, "m"),
      largestSpeedDifference: Measured(speed, "m/s"), largestAngle: Measured(angle, "rad"),
      originalFinalPosition: Measured(last.position, "m"), changedFinalPosition: Measured(otherLast.position, "m"))
  }

  /// nil where the two cloths move alike, or can't be compared vertex by vertex.
  private static func departure(
    of a: ClothTrack, _ b: ClothTrack, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Matter? {
    guard a.count == b.count, min(a.samples, b.samples) >= times.count else { return nil }
    let distances = times.indices.lazy.map { sample in
      zip(a.vertices(at: sample), b.vertices(at: sample)).reduce(0) { max($0, ($1.1 - $1.0).length) }
    }
    return departure(of: a.name, distances, times: times, tolerance)
  }

  /// nil where the two fluids move alike.
  private static func departure(
    of a: FluidTrack, _ b: FluidTrack, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Matter? {
    let distances = zip(a.centersOfMass, b.centersOfMass).lazy.map { ($1 - $0).length }
    return departure(of: a.name, distances, times: times, tolerance)
  }

  /// - Parameter distances: at the times, m.
  private static func departure(
    of name: String, _ distances: some Sequence<Double>, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Matter? {
    var start: Double?
    var (largest, largestTime, last) = (0.0, 0.0, 0.0)
    for (time, distance) in zip(times, distances) {
      last = distance
      if start == nil, distance > tolerance { start = time }
      if distance > largest { (largest, largestTime) = (distance, time) }
    }
    return start.map {
      ComparisonAnswer.Matter(
        name: name, from: Measured($0, "s"), largestDistance: Measured(largest, "m"),
        largestDistanceTime: Measured(largestTime, "s"), finalDistance: Measured(last, "m"))
    }
  }

  private static func impacts(_ original: Trajectory, _ changed: Trajectory) -> ComparisonAnswer.Impacts {
    func times(_ trajectory: Trajectory) -> [[String]: [Double]] {
      Dictionary(grouping: trajectory.contacts.filter { $0.kind == .impact }, by: { $0.bodies.sorted() })
        .mapValues { $0.map(\.time) }
    }
    let (a, b) = (times(original), times(changed))
    let pairs = Set(a.keys).union(b.keys).sorted { $0.lexicographicallyPrecedes($1) }.compactMap { pair in
      let (x, y) = (a[pair] ?? [], b[pair] ?? [])
      return x.count == y.count
        ? nil
        : ComparisonAnswer.Pair(
          bodies: pair, original: x.count, changed: y.count, originalFirst: x.first.map { Measured($0, "s") },
          changedFirst: y.first.map { Measured($0, "s") })
    }
    return ComparisonAnswer.Impacts(
      original: a.values.reduce(0) { $0 + $1.count }, changed: b.values.reduce(0) { $0 + $1.count }, pairs: pairs)
  }
}
