import Foundation
import WorldCore

/// Whether the fixed scene stands between a camera and a body, by sphere tracing through signed distances.
struct SightLines {
  private let obstacles: FixedSolids
  /// Clear ones among them: panes hide nothing, but their outlines show.
  private let outlined: FixedSolids
  /// Of each of these, whether its surface has edges of its own: patterns, and what a pane mirrors and bends.
  private let isPatterned: [Bool]

  init(_ trajectory: Trajectory, _ stage: Stage) {
    obstacles = FixedSolids(trajectory, on: stage) { $0.surface.transmission < 0.2 }
    outlined = FixedSolids(trajectory, on: stage)
    isPatterned = stage.items.filter { trajectory.body($0.name)?.motion == .fixed }.map {
      $0.surface.pattern != nil || $0.surface.transmission >= 0.2
    }
  }

  /// Share of the body that is hidden, 0…1, from five places of its middle half.
  func hiddenShare(of center: Vector3, radius: Double, from viewpoint: Viewpoint) -> Double {
    guard !obstacles.isEmpty else { return 0 }
    let offsets = [Vector3.zero, viewpoint.right, viewpoint.right * -1, viewpoint.up, viewpoint.up * -1]
    let hidden = offsets.count { isHidden(center + $0 * (0.7 * radius), margin: 0.02 * radius, from: viewpoint.position) }
    return Double(hidden) / Double(offsets.count)
  }

  /// Places on each of two circles about a silhouette, from which its surroundings are told.
  private static let places = 16
  /// Cosine between normals from which on a solid's faces look alike.
  private static let sameFace = 0.94
  /// Nothing is beyond this, m.
  private static let farthest = 1e3

  /// Per eighth of a turn, whether the still scene shows an edge between two circles about a silhouette: as
  /// `Track.Sighting.edges`.
  func edges(around center: SIMD2<Double>, inner: Double, outer: Double, from viewpoint: Viewpoint) -> UInt8 {
    // Rays are this far apart, as an angle: what passes between two of them is near both.
    let spacing = 2 * Double.pi * outer / Double(Self.places) / viewpoint.projection.focalLength
    let views = (0..<Self.places).map { k -> [Sight] in
      let turn = 2 * Double.pi * Double(k) / Double(Self.places)
      let way = SIMD2<Double>(cos(turn), sin(turn))
      return [inner, (inner + outer) / 2, outer].map { sight(of: center + way * $0, within: spacing / 2, from: viewpoint) }
    }
    var found: UInt8 = 0
    for sector in 0..<8 {
      var seen: [Sight] = []
      for place in (2 * sector - 1)...(2 * sector + 1) { seen += views[(place + Self.places) % Self.places] }
      let first = seen[0]
      let hasPattern = first.solid.map { isPatterned[$0] } ?? false
      let isPlain =
        !hasPattern
        && seen.allSatisfy { !$0.isNearEdge && $0.solid == first.solid && $0.normal.dot(first.normal) > Self.sameFace }
      if !isPlain { found |= 1 << UInt8(sector) }
    }
    return found
  }

  /// What is seen at a pixel.
  private struct Sight {
    /// None of the sky.
    var solid: Int?
    var normal = Vector3.unitZ
    /// The way to it passes something else closely.
    var isNearEdge = false
  }

  /// - Parameter angle: how near to the ray something else counts as near.
  private func sight(of pixel: SIMD2<Double>, within angle: Double, from viewpoint: Viewpoint) -> Sight {
    let direction = (viewpoint.unproject(pixel, depth: 1) - viewpoint.position).normalized
    var (gone, closest) = (0.0, Double.infinity)
    var sight = Sight()
    for _ in 0..<64 {
      let point = viewpoint.position + direction * gone
      let distance = outlined.distance(to: point)
      // Past its closest to what it doesn't hit.
      if closest < angle * gone && distance > 2 * closest { sight.isNearEdge = true }
      closest = min(closest, distance)
      if distance > 2 * closest { closest = distance }
      if distance < 1e-3 * max(1, gone) {
        let samples = outlined.samples(at: point)
        sight.solid = samples.indices.min { samples[$0].distance < samples[$1].distance }
        sight.normal = sight.solid.map { samples[$0].normal } ?? .unitZ
        return sight
      }
      gone += distance
      if gone > Self.farthest { break }
    }
    return sight
  }

  private func isHidden(_ point: Vector3, margin: Double, from eye: Vector3) -> Bool {
    let way = point - eye
    let length = way.length
    let direction = way / max(length, 1e-12)
    var gone = 0.0
    for _ in 0..<64 {
      let distance = obstacles.distance(to: eye + direction * gone)
      if distance < 1e-3 { return gone < length - margin }
      gone += distance
      if gone >= length - margin { return false }
    }
    // Along a surface: the way is taken to be free.
    return false
  }
}
