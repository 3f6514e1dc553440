import Foundation
import WorldCore

/// A silhouette by its moments: what is left of it when only its ellipse is kept.
package struct ApparentShape {
  /// px
  var center: SIMD2<Double>
  /// px²
  package var area: Double
  /// Full lengths of the axes, major first, px.
  package var axes: SIMD2<Double>
  /// Of the major axis, from x clockwise as seen, radians in −π/2…π/2.
  var angle = 0.0
  var lower: SIMD2<Double>
  var upper: SIMD2<Double>

  var radius: Double { (area / .pi).squareRoot() }

  /// Of a disc.
  init(center: SIMD2<Double>, radius: Double) {
    self.center = center
    area = .pi * radius * radius
    axes = SIMD2(repeating: 2 * radius)
    (lower, upper) = (center - radius, center + radius)
  }

  /// Of the convex hull of points (Andrew's monotone chain); nil where they have no area.
  package init?(hullOf points: [SIMD2<Double>]) {
    guard points.count > 2 else { return nil }
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func cross(_ o: SIMD2<Double>, _ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double {
      (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x)
    }
    func half(_ points: some Sequence<SIMD2<Double>>) -> [SIMD2<Double>] {
      var chain: [SIMD2<Double>] = []
      for p in points {
        while chain.count > 1, cross(chain[chain.count - 2], chain[chain.count - 1], p) <= 0 { chain.removeLast() }
        chain.append(p)
      }
      return Array(chain.dropLast())
    }
    let hull = half(sorted) + half(sorted.reversed())
    // Area, centroid and second moments of a polygon by its edges, about its first corner.
    var (a, c, xx, xy, yy) = (0.0, SIMD2<Double>.zero, 0.0, 0.0, 0.0)
    let origin = hull[0]
    for (p, q) in zip(hull, hull.dropFirst() + [hull[0]]) {
      let (u, v) = (p - origin, q - origin)
      let w = u.x * v.y - u.y * v.x
      a += w / 2
      c += (u + v) * (w / 6)
      xx += w * (u.x * u.x + u.x * v.x + v.x * v.x) / 12
      yy += w * (u.y * u.y + u.y * v.y + v.y * v.y) / 12
      xy += w * (2 * u.x * u.y + u.x * v.y + v.x * u.y + 2 * v.x * v.y) / 24
    }
    guard abs(a) > 1e-9 else { return nil }
    area = abs(a)
    let mean = c / a
    center = origin + mean
    let (sxx, sxy, syy) = (xx / a - mean.x * mean.x, xy / a - mean.x * mean.y, yy / a - mean.y * mean.y)
    let half = (sxx + syy) / 2
    let spread = max(0, half * half - (sxx * syy - sxy * sxy)).squareRoot()
    axes = SIMD2(4 * max(0, half + spread).squareRoot(), 4 * max(0, half - spread).squareRoot())
    angle = 0.5 * atan2(2 * sxy, sxx - syy)
    lower = hull.reduce(hull[0], pointwiseMin)
    upper = hull.reduce(hull[0], pointwiseMax)
  }

  /// Its ellipse's pixels, axes taken as level.
  var outline: [Track.PixelRun] {
    let (a, b) = (axes.x / 2, axes.y / 2)
    guard a > 0.5, b > 0.5 else { return [] }
    return (Int((center.y - b).rounded())..<max(Int((center.y - b).rounded()) + 1, Int((center.y + b).rounded()))).compactMap {
      row in
      let up = (Double(row) + 0.5 - center.y) / b
      guard abs(up) < 1 else { return nil }
      let half = a * (1 - up * up).squareRoot()
      let (from, to) = (Int((center.x - half).rounded()), Int((center.x + half).rounded()))
      return from < to ? Track.PixelRun(row: row, from: from, to: to) : nil
    }
  }
}

extension ApparentShape {
  /// What is left of it where it is hidden but for a share: by the moments of a grid of points of it, and of those that are
  /// seen.
  mutating func keep(_ seen: Moments, of all: Moments) {
    area *= seen.count / all.count
    center += seen.mean - all.mean
    let (c, s) = (cos(angle), sin(angle))
    let (major, minor) = (axes.x * axes.x / 16, axes.y * axes.y / 16)
    // The ellipse's own moments, changed as the grid's are.
    let change = seen.spread - all.spread
    let xx = max(major * c * c + minor * s * s + change.x, Self.least)
    let yy = max(major * s * s + minor * c * c + change.y, Self.least)
    let xy = (major - minor) * c * s + change.z
    let half = (xx + yy) / 2
    let spread = max(0, half * half - (xx * yy - xy * xy)).squareRoot()
    axes = SIMD2(4 * (half + spread).squareRoot(), 4 * max(Self.least, half - spread).squareRoot())
    angle = 0.5 * atan2(2 * xy, xx - yy)
    (lower, upper) = (seen.lower, seen.upper)
  }

  /// Of a silhouette as wide as a pixel, px².
  private static let least = 1.0 / 12

  /// Of points of equal weight: how many, their mean, and second central moments xx, yy, xy.
  struct Moments {
    private(set) var count = 0.0
    private(set) var lower = SIMD2<Double>(repeating: .infinity)
    private(set) var upper = SIMD2<Double>(repeating: -.infinity)
    private var sum = SIMD2<Double>.zero
    private var squares = SIMD3<Double>.zero

    mutating func add(_ p: SIMD2<Double>) {
      count += 1
      sum += p
      squares += SIMD3(p.x * p.x, p.y * p.y, p.x * p.y)
      (lower, upper) = (pointwiseMin(lower, p), pointwiseMax(upper, p))
    }

    var mean: SIMD2<Double> { sum / max(count, 1) }
    var spread: SIMD3<Double> {
      let m = mean
      return squares / max(count, 1) - SIMD3(m.x * m.x, m.y * m.y, m.x * m.y)
    }
  }
}

/// A body's surface, ready to be projected many times.
struct ApparentBody {
  private let ball: Double?
  private let field: SignedDistanceField
  private let centerOfMass: Vector3
  /// In the body's frame, from the centre of mass, m.
  private let points: [Vector3]
  /// A few of its surface, spread over it: where it may be hidden is asked of these first.
  private let probes: [Vector3]
  /// Radius of the ball about the centre of mass that just fits into it, and a fifth, m: what of it is hidden is asked of that.
  let core: Double

  init(_ item: Stage.Item) {
    core = 1.2 * abs(item.shape.signedDistance(at: item.centerOfMass).distance)
    if case .sphere(let radius) = item.shape { ball = radius } else { ball = nil }
    (field, centerOfMass) = (SignedDistanceField(item.shape), item.centerOfMass)
    let vertices = item.shape.tessellated(segments: 12).vertices
    let every = max(1, vertices.count / 150)
    let points = stride(from: 0, to: vertices.count, by: every).map { vertices[$0] - item.centerOfMass }
    let sparse = max(1, points.count / Self.probeCount)
    (self.points, probes) = (points, stride(from: 0, to: points.count, by: sparse).map { points[$0] })
  }

  private static let probeCount = 16

  /// Places of its surface in the world.
  func probes(in state: BodyState, growth: Vector3) -> [Vector3] {
    probes.map { state.position + state.orientation.rotate($0 * growth) }
  }

  /// How far along a ray, m, from a point in a unit direction, it begins; nil where the ray misses it.
  func entry(of direction: Vector3, from eye: Vector3, in state: BodyState, growth: Vector3) -> Double? {
    let (smallest, largest) = (min(growth.x, growth.y, growth.z), max(growth.x, growth.y, growth.z))
    let middle = (state.position - eye).dot(direction)
    if let ball, smallest == largest {
      let across = (eye + direction * middle - state.position).lengthSquared
      let half = pow(ball * smallest, 2) - across
      return half > 0 ? middle - half.squareRoot() : nil
    }
    let reach = points.reduce(0) { max($0, $1.length) } * largest
    var gone = middle - reach
    for _ in 0..<64 where gone < middle + reach {
      let local = state.orientation.unrotate(eye + direction * gone - state.position) / growth
      // A stretched field's distances are right along its least stretched axis, and too small along the others.
      let distance = field.sample(at: local + centerOfMass).distance * smallest
      if distance < 1e-3 * reach { return gone }
      gone += distance
    }
    return nil
  }

  /// As a camera sees it; nil where it isn't wholly in front of the camera.
  func shape(in state: BodyState, from viewpoint: Viewpoint, growth: Vector3) -> ApparentShape? {
    let isEven = growth.x == growth.y && growth.y == growth.z
    if let ball, isEven {
      guard let (pixel, depth) = viewpoint.project(state.position), depth > 2 * ball else { return nil }
      return ApparentShape(center: pixel, radius: viewpoint.projection.focalLength * ball * growth.x / depth)
    }
    var pixels: [SIMD2<Double>] = []
    for point in points {
      guard let pixel = viewpoint.project(state.position + state.orientation.rotate(point * growth))?.pixel else { return nil }
      pixels.append(pixel)
    }
    return ApparentShape(hullOf: pixels)
  }
}
