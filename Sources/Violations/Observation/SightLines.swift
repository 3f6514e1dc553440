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

  /// Points of a silhouette that are asked whether they are seen, about.
  private static let samples = 240.0
  private static let golden = 0.618_033_988_749_895
  /// Share of the body's core by which a surface lies in or behind another one before it is hidden.
  private static let margin = 0.02

  /// Hides what of a silhouette lies behind the fixed scene or within it, as a renderer does: along the ray through each of a
  /// grid of its points what comes first is seen.
  ///
  /// - Returns: the share that is hidden, 0…1.
  func hide(
    _ shape: inout ApparentShape, of body: ApparentBody, in state: BodyState, growth: Vector3, from viewpoint: Viewpoint
  ) -> Double {
    guard !obstacles.isEmpty, mayBeHidden(body, in: state, growth: growth, from: viewpoint) else { return 0 }
    let size = shape.upper - shape.lower
    let step = (shape.area / Self.samples).squareRoot()
    let (columns, rows) = (max(1, Int((size.x / step).rounded())), max(1, Int((size.y / step).rounded())))
    var (all, seen) = (ApparentShape.Moments(), ApparentShape.Moments())
    for row in 0..<rows {
      for column in 0..<columns {
        // Rows are shifted against each other by the golden section, so that no edge falls between two columns of all of them.
        let shift = (Double(row) * Self.golden).truncatingRemainder(dividingBy: 1)
        let share = SIMD2((Double(column) + shift) / Double(columns), (Double(row) + 0.5) / Double(rows))
        let pixel = shape.lower + size * share
        let direction = viewpoint.direction(through: pixel)
        guard let entry = body.entry(of: direction, from: viewpoint.position, in: state, growth: growth) else { continue }
        all.add(pixel)
        let point = viewpoint.position + direction * entry
        if !obstacles.hide(point, margin: Self.margin * body.core, from: viewpoint.position) { seen.add(pixel) }
      }
    }
    guard all.count > 0, seen.count < all.count else { return 0 }
    let hidden = 1 - seen.count / all.count
    if seen.count > 0 { shape.keep(seen, of: all) }
    return hidden
  }

  /// Whether places of its surface lie within a solid, or places in it behind one.
  private func mayBeHidden(_ body: ApparentBody, in state: BodyState, growth: Vector3, from viewpoint: Viewpoint) -> Bool {
    let (probes, margin) = (body.probes(in: state, growth: growth), Self.margin * body.core)
    if probes.contains(where: { obstacles.distance(to: $0) < -margin }) { return true }
    return (probes + [state.position]).contains { obstacles.hide($0, margin: margin, from: viewpoint.position) }
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
}
