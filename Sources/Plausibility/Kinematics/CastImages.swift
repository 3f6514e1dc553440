import Foundation
import LinearAlgebra
import WorldCore

/// Shadows and mirror images: tracks of nothing, which move as a body does but obey no law of their own.
///
/// Under a distant light a shadow's place on a plane, and under any camera nearly the mirror image in one, is an affine
/// function of the body's place in the picture: `p′ = A p + b`. A track is the image of another when this map explains its
/// whole motion, bends and kinks included, while uniform motion does not; when the map turns the body's fall by more than 20°
/// or takes it away, since bodies that fall side by side all fall alike; and when the two are as a body and its image are: a
/// kink in common (the bounce), or an image flat on the floor. Colours tell a flat shadow, too, where one goes with a larger
/// body: it darkens the scene and shows nothing of its own.
struct CastImages {
  /// Sightings at common frames that a map of three unknowns a coordinate is trusted on.
  static let leastCommon = 7
  /// Share of its sightings at which an image has its body in sight.
  static let leastShare = 0.6
  /// The same where motion tells: a body may be out of the picture while its shadow is in it.
  static let leastSeen = 0.35
  /// Share of the squared departure from uniform motion that the map may leave unexplained.
  static let unexplained = 0.12
  /// Cosine of the angle between the falls of body and image above which the image may be a body that falls, too.
  static let alike = 0.94
  /// The map is wrong by about this share of the body's diameter: perspective, texture and light.
  static let mapError = 0.06
  /// Median share of a silhouette's pixels that only darken the scene, for a shadow by its colours alone.
  static let darkening = 0.6
  /// An image is flat where its minor axis is below this share of its body's.
  static let flat = 0.6

  /// Indices of images, each with that of its body.
  private(set) var bodies: [Int: Int] = [:]

  init(_ motions: [TrackMotion], falls: [Int: SharedGravity.Fall]) {
    for (body, fall) in falls.sorted(by: { $0.key < $1.key }) where bodies[body] == nil {
      let times = motions[body].track.sightings[0].time...motions[body].track.sightings.last!.time
      for image in motions.indices where image != body && bodies[image] == nil {
        // One that is never there with the body is no image of it.
        if motions[image].sightings(during: times).isEmpty { continue }
        if Self.isShadow(motions[image], of: motions[body]) {
          bodies[image] = body
          continue
        }
        guard Self.isBodily(motions[body], than: motions[image]),
          Self.isImage(motions[image], of: motions[body], fall: fall.acceleration, own: falls[image]?.acceleration)
        else { continue }
        bodies[image] = body
      }
    }
  }

  /// Of two tracks that move together the body is the larger one, and of equals the higher.
  private static func isBodily(_ a: TrackMotion, than b: TrackMotion) -> Bool {
    func size(_ motion: TrackMotion) -> Double {
      let areas = motion.track.sightings.map(\.area).sorted()
      return areas[areas.count / 2]
    }
    func height(_ motion: TrackMotion) -> Double {
      let heights = motion.track.sightings.map(\.position.y).sorted()
      return heights[heights.count / 2]
    }
    let ratio = size(a) / size(b)
    return ratio > 1.4 || (ratio > 1 / 1.4 && height(a) < height(b))
  }

  /// It only ever darkens the scene, and it is there when a larger body is, which does more than that.
  private static func isShadow(_ image: TrackMotion, of body: TrackMotion) -> Bool {
    func shade(_ motion: TrackMotion) -> Double {
      let shades = motion.track.sightings.map(\.shade).sorted()
      return shades[shades.count / 2]
    }
    let common = image.track.sightings.filter { body.track.sighting(at: $0.frame) != nil }.count
    return shade(image) > darkening && shade(body) < darkening / 2 && isFlat(image, against: body)
      && isBodily(body, than: image)
      && Double(common) >= leastShare * Double(image.track.sightings.count)
  }

  private static func isImage(
    _ image: TrackMotion, of body: TrackMotion, fall: SIMD2<Double>, own: SIMD2<Double>?
  ) -> Bool {
    let whole = image.track.sightings.filter { !$0.isCut }
    let pairs = whole.compactMap { s in body.track.sighting(at: s.frame).map { (image: s, body: $0) } }
      .filter { !$0.body.isShared && !$0.body.isCut }
    guard pairs.count >= leastCommon, Double(pairs.count) >= leastSeen * Double(whole.count) else { return false }

    // Where the body is explains where the image is; that time passes doesn't.
    let origin = pairs[0].body.position
    let deviations = pairs.map { pair in
      (pair.image.covariance.trace / 2 + pow(mapError * body.diameter, 2)).squareRoot()
    }
    let start = pairs[0].image.time
    let duration = max(pairs[pairs.count - 1].image.time - start, 1e-9)
    guard
      let mapped = fit(
        pairs.map { [1, $0.body.position.x - origin.x, $0.body.position.y - origin.y] }, pairs.map(\.image), deviations),
      let uniform = fit(pairs.map { [1, 1000 * ($0.image.time - start) / duration] }, pairs.map(\.image), deviations)
    else { return false }
    let freedom = Double(2 * (pairs.count - 3))
    guard uniform.chiSquare > 2 * freedom, mapped.chiSquare < unexplained * uniform.chiSquare else { return false }

    // Bodies fall alike; an image's fall is the map of its body's.
    let down = fall.unit
    let fallen = SIMD2(mapped.x[1] * fall.x + mapped.x[2] * fall.y, mapped.y[1] * fall.x + mapped.y[2] * fall.y)
    let isAlike = fallen.length > 0.3 * fall.length && fallen.unit.dot(down) > alike
    if let own, own.unit.dot(down) > alike { return false }
    guard !isAlike else { return false }

    let times = pairs[0].image.time...pairs[pairs.count - 1].image.time
    let kinks = body.junctions.contains { junction in
      times.contains(junction.time) && junction.velocityChange.length > 0.3 * junction.incoming.length
    }
    return kinks || isFlat(image, against: body)
  }

  private static func isFlat(_ image: TrackMotion, against body: TrackMotion) -> Bool {
    let widths = image.track.sightings.map(\.axes.y).sorted()
    return widths[widths.count / 2] < flat * body.diameter
  }

  private static func fit(
    _ rows: [[Double]], _ sightings: [Track.Sighting], _ deviations: [Double]
  ) -> (x: [Double], y: [Double], chiSquare: Double)? {
    // A body that keeps to one line leaves the map across it open: slopes of 0 ± 10 close it.
    let unknowns = rows[0].count
    var design = Matrix(rows: rows.count + unknowns - 1, columns: unknowns)
    for (i, row) in rows.enumerated() { for (j, value) in row.enumerated() { design[i, j] = value / deviations[i] } }
    for j in 1..<unknowns { design[rows.count + j - 1, j] = 0.1 / deviations[0] }
    let open = [Double](repeating: 0, count: unknowns - 1)
    let origin = sightings[0].position
    guard let x = try? leastSquares(design, zip(sightings, deviations).map { ($0.position.x - origin.x) / $1 } + open),
      let y = try? leastSquares(design, zip(sightings, deviations).map { ($0.position.y - origin.y) / $1 } + open)
    else { return nil }
    return (x.unknowns, y.unknowns, x.chiSquare + y.chiSquare)
  }
}
