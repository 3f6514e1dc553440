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

/// A body's surface, ready to be projected many times.
struct ApparentBody {
  private let ball: Double?
  /// In the body's frame, m.
  private let points: [Vector3]
  /// Radius of the ball about the centre of mass that just fits into it, and a fifth, m: what of it is hidden is asked of that.
  let core: Double

  init(_ item: Stage.Item) {
    core = 1.2 * abs(item.shape.signedDistance(at: item.centerOfMass).distance)
    if case .sphere(let radius) = item.shape { ball = radius } else { ball = nil }
    let vertices = item.shape.tessellated(segments: 12).vertices
    let every = max(1, vertices.count / 150)
    points = stride(from: 0, to: vertices.count, by: every).map { vertices[$0] - item.centerOfMass }
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
