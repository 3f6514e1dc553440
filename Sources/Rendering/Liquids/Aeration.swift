import Foundation
import WorldCore

/// How much air a splash has beaten into a liquid: what makes it white.
///
/// Air is trapped where neighbouring particles run into each other: Ihmsen et al. 2012 ("Unified spray, foam and bubbles for
/// particle-based fluids", equation 2) sum the speed of that, |vᵢⱼ| (1 − v̂ᵢⱼ · x̂ᵢⱼ), over the neighbours; here it is their
/// mean, so that it keeps its unit, and it counts from the speed at which a plunging jet begins to take air with it, about 1
/// m/s (Kiger & Duncan 2012): half of that, since half of the particles around one at the meeting of two streams go along with
/// it. The froth stays with its particles and bursts by halves. Whether a particle is white is a function of the trajectory
/// alone: moments on a fixed grid of times are looked at and remembered, so any frame can be made first.
struct Aeration {
  /// Seconds until 1/e of the froth is left; none forms at 0.
  let lifetime: Double
  /// The trapping at the moments that were looked at, and of what recording they are.
  private var moments: [Int: [(number: Int, share: Float)]] = [:]
  private var source: FluidTrack?

  /// Looks a second.
  private static let rate = 12.0
  /// m/s; below the first nothing is trapped, at the second most.
  private static let inception: Float = 0.5
  private static let saturation: Float = 2
  /// Froth that full trapping makes in a second.
  private static let production = 24.0

  init(lifetime: Double) { self.lifetime = lifetime }

  /// The white share of each particle that is there, 0…1.
  mutating func shares(of fluid: FluidTrack, at time: Double, in trajectory: Trajectory) -> [Float] {
    guard lifetime > 0, fluid.grid == nil, fluid.records > 1 else { return [] }
    if source != fluid { (source, moments) = (fluid, [:]) }
    let newest = Int((time * Self.rate).rounded(.down))
    let oldest = max(0, newest - Int(3 * lifetime * Self.rate))
    moments = moments.filter { $0.key >= oldest && $0.key <= newest }
    var froth = [Float](repeating: 0, count: fluid.count)
    for index in oldest...max(oldest, newest) {
      let age = time - Double(index) / Self.rate
      let trapped = moments[index] ?? Self.trapping(fluid, at: Double(index) / Self.rate, in: trajectory)
      moments[index] = trapped
      // The newest look comes in by and by, or froth would jump with its rate.
      let weight = Float(Self.production / Self.rate * exp(-age / lifetime) * min(1, age * Self.rate))
      for (number, share) in trapped { froth[number] += weight * share }
    }
    // It gathers in patches, which go where their particles go.
    return fluid.numbers(at: time).map { 1 - exp(-froth[$0] * 2 * Noise.hash(SIMD3(Int32(truncatingIfNeeded: $0), 7, 1))) }
  }

  /// The trapping at one time, 0…1, of the numbers of those particles that trap any.
  private static func trapping(_ fluid: FluidTrack, at time: Double, in trajectory: Trajectory) -> [(number: Int, share: Float)]
  {
    let (places, velocities) = trajectory.particleMotion(of: fluid, at: time)
    guard !places.isEmpty else { return [] }
    let reach = Float(2 * fluid.spacing)
    let neighbors = CellList(places, cell: reach)
    return zip(fluid.numbers(at: time), places.indices).compactMap { number, i in
      var (sum, weights) = (Float(0), Float(0))
      neighbors.forEachNeighbor(of: places[i]) { j in
        let offset = places[i] - places[j]
        let distance = offset.length
        guard j != i, distance < reach, distance > 0 else { return }
        let weight = 1 - distance / reach
        let difference = velocities[i] - velocities[j]
        sum += weight * (difference.length - difference.dot(offset) / distance)
        weights += weight
      }
      guard weights > 0, sum > weights * inception else { return nil }
      return (number, min((sum / weights - inception) / (saturation - inception), 1))
    }
  }
}

/// Points sorted by the cells of a grid, to find those near a place.
private struct CellList {
  private let low: SIMD3<Float>
  private let cell: Float
  private let counts: SIMD3<Int>
  /// Where the members of each cell begin.
  private var starts: [Int32]
  private var members: [Int32]

  init(_ points: [SIMD3<Float>], cell: Float) {
    var (low, high) = (points[0], points[0])
    for p in points {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    // A lone drop far away must not make the grid endless: cells widen instead.
    var width = cell
    var counts: SIMD3<Int>
    repeat {
      let extent = (high - low) / width
      counts = SIMD3(Int(extent.x) + 1, Int(extent.y) + 1, Int(extent.z) + 1)
      width *= 2
    } while counts.x * counts.y * counts.z > 8 * points.count + 4096
    self.low = low
    self.cell = width / 2
    self.counts = counts
    starts = [Int32](repeating: 0, count: counts.x * counts.y * counts.z + 1)
    members = [Int32](repeating: 0, count: points.count)
    let places = points.map { index(of: place(of: $0)) }
    for place in places { starts[place + 1] += 1 }
    for k in 1..<starts.count { starts[k] += starts[k - 1] }
    var next = starts
    for (point, place) in places.enumerated() {
      members[Int(next[place])] = Int32(point)
      next[place] += 1
    }
  }

  private func place(of point: SIMD3<Float>) -> SIMD3<Int> {
    let p = (point - low) / cell
    return SIMD3(min(max(Int(p.x), 0), counts.x - 1), min(max(Int(p.y), 0), counts.y - 1), min(max(Int(p.z), 0), counts.z - 1))
  }

  private func index(of place: SIMD3<Int>) -> Int { (place.z * counts.y + place.y) * counts.x + place.x }

  /// Calls `body` with every point in the cells around; some of them are farther than a cell.
  @inline(__always)
  func forEachNeighbor(of point: SIMD3<Float>, _ body: (Int) -> Void) {
    let center = place(of: point)
    for z in max(center.z - 1, 0)...min(center.z + 1, counts.z - 1) {
      for y in max(center.y - 1, 0)...min(center.y + 1, counts.y - 1) {
        let row = index(of: SIMD3(0, y, z))
        let (first, last) = (row + max(center.x - 1, 0), row + min(center.x + 1, counts.x - 1))
        for k in Int(starts[first])..<Int(starts[last + 1]) { body(Int(members[k])) }
      }
    }
  }
}
