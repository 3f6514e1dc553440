import Foundation
public import MotionTracking
public import WorldCore

/// What the tracker would make of a clip that was never rendered: trajectories projected through the camera, with the tracker's
/// own noise, its blindness to what rests, and its reasons for where tracks begin and end.
///
/// Thousands of clips a minute. What it leaves out is what pictures add: shadows, reflections, blur, coding, look-alikes. So it
/// measures the laws and their statistics; rendered clips measure the whole.
public struct SimulatedTracker: Sendable {
  public var condition: FilmingCondition

  public init(_ condition: FilmingCondition) { self.condition = condition }

  /// The tracker's covariance of a centroid, px², at a silhouette's radius: its edge's pixels (an error of 0.15 of each one's
  /// coverage, three neighbours together), the grid, and what shading shifts slowly.
  static func variance(radius: Double) -> (white: Double, slow: Double) {
    let slow = 0.08 + 0.02 * radius
    return (0.043 / max(radius, 0.5) + 0.0004, slow * slow)
  }
  /// Of the major axis' direction, radians: what its edge's pixels do to the difference of the second moments.
  static func angleDeviation(_ shape: ApparentShape) -> Double {
    let spread = max(shape.axes.x * shape.axes.x - shape.axes.y * shape.axes.y, 1) / 16
    let moment = variance(radius: shape.radius).white.squareRoot() * shape.radius / 2
    return min(moment / spread, .pi / 4)
  }
  /// What shading really shifts is less than the tracker allows for, by this factor.
  private static let slowShare = 0.5
  /// Correlation of that shift from frame to frame.
  private static let slowMemory = 0.85
  /// Change of a silhouette's area that a tracker takes for noise, and share of its radius by which the rest moves its middle.
  private static let (unnoticed, lacking) = (0.06, 0.7)
  /// Gaps that a tracker bridges, frames.
  static let bridgedGap = 12

  /// - Parameter stream: draws the noise.
  public func watch(_ world: BrokenWorld, stream: inout RandomStream) -> TrackedClip {
    let fps = condition.framesPerSecond
    let (width, height) = (world.stage.picture.width, world.stage.picture.height)
    let size = SIMD2(Double(width), Double(height))
    let seen = Glimpses(of: world, framesPerSecond: fps, edges: true)
    let order = seen.order
    let glimpses = seen.rows

    // Noise: white, slow, and the shake that all share.
    var jitter: [SIMD2<Double>] = []
    for _ in order {
      jitter.append(SIMD2(stream.normal(standardDeviation: condition.shake), stream.normal(standardDeviation: condition.shake)))
    }
    var tracks: [Track] = []
    for (k, item) in seen.items.enumerated() {
      let color = item.surface.color
      let levels = SIMD3(Double(SRGB.encode(color.x)), Double(SRGB.encode(color.y)), Double(SRGB.encode(color.z))) * 255
      let sightings = sightings(of: glimpses[k], color: levels, jitter: jitter, stream: &stream)
      // Drawn apart, so that patterns change no other noise.
      var patterns = stream.substream(1000 + k)
      let turning = turning(sightings, glimpses[k], order: order, stream: &patterns)
      tracks += TrackAssembly(glimpses: glimpses[k], size: size, last: order.count - 1).tracks(of: turning)
    }
    tracks.sort { ($0.firstFrame, $0.sightings[0].position.x) < ($1.firstFrame, $1.sightings[0].position.x) }
    for i in tracks.indices { tracks[i].id = i + 1 }
    return TrackedClip(
      tracks: tracks, evidence: evidence(glimpses, world, size), frames: order.count, span: 0...(Double(order.count - 1) / fps),
      size: size, cameraMoved: condition.shake > 0)
  }

  /// How far off the rim of a patterned ball a tracker's turn puts it, px, standard deviation.
  static let turnError = 0.15

  /// Sightings with how the pattern has turned from frame to frame.
  private func turning(
    _ sightings: [Track.Sighting], _ glimpses: [Glimpse?], order: [Int], stream: inout RandomStream
  ) -> [Track.Sighting] {
    var sightings = sightings
    for i in sightings.indices {
      let (frame, error) = (sightings[i].frame, stream.normal())
      guard frame > 0, let now = glimpses[frame], let before = glimpses[frame - 1], now.isPlain, before.isPlain,
        let spin = now.spin, let earlier = before.spin
      else { continue }
      let angle = (spin + earlier) / 2 * Double(order[frame] - order[frame - 1]) / condition.framesPerSecond
      let deviation = condition.noise * Self.turnError / now.shape.radius
      // Further than a tracker tells from the other way round.
      guard abs(angle) < 75 * Double.pi / 180 else { continue }
      sightings[i].turn = .init(angle: angle + deviation * error, deviation: deviation)
    }
    return sightings
  }

  private func sightings(
    of glimpses: [Glimpse?], color: SIMD3<Double>, jitter: [SIMD2<Double>], stream: inout RandomStream
  ) -> [Track.Sighting] {
    var sightings: [Track.Sighting] = []
    var slow = SIMD2<Double>.zero
    for (frame, glimpse) in glimpses.enumerated() {
      let kick = SIMD2(stream.normal(), stream.normal())
      slow = slow * Self.slowMemory + kick * (1 - Self.slowMemory * Self.slowMemory).squareRoot()
      let white = SIMD2(stream.normal(), stream.normal())
      let (size, width, turn) = (stream.normal(), stream.normal(), stream.normal())
      guard let glimpse, glimpse.isSeen else { continue }
      let shape = glimpse.shape
      let radius = shape.radius
      let variance = Self.variance(radius: radius)
      let noise = condition.noise
      let position =
        shape.center + white * (noise * variance.white.squareRoot()) + slow
        * (noise * Self.slowShare * variance.slow.squareRoot())
        + jitter[frame]
      // The edge's pixels err by 0.15 of their coverage each.
      let edge = 0.15 * noise * (3 * 4 * .pi * radius).squareRoot()
      var covariance = Covariance2(
        isotropic: (variance.white + variance.slow) * noise * noise + condition.shake * condition.shake)
      if glimpse.isShared || glimpse.isCut { covariance = covariance + Covariance2(isotropic: radius * radius) }
      // What is smaller than usual lacks a part, and its middle may be off by that share of its radius.
      let missing = max(0, glimpse.hidden - Self.unnoticed) * Self.lacking * radius
      covariance = covariance + Covariance2(isotropic: missing * missing)
      let grown = (1 + edge * size / shape.area)
      sightings.append(
        Track.Sighting(
          frame: frame, time: Double(frame) / condition.framesPerSecond, position: position, covariance: covariance,
          area: shape.area * max(0.2, grown),
          axes: shape.axes * max(0.2, 1 + edge * (size + width) / 2 / shape.area),
          angle: shape.angle + turn * noise * Self.angleDeviation(shape), edges: glimpse.edges, color: color,
          isCut: glimpse.isCut,
          isShared: glimpse.isShared || glimpse.isOdd, outline: shape.outline))
    }
    return sightings
  }

  private func evidence(_ glimpses: [[Glimpse?]], _ world: BrokenWorld, _ size: SIMD2<Double>) -> MotionEvidence {
    var order = TemporalOrder()
    var share = 0.0
    let frames = glimpses.first?.count ?? 0
    for frame in 0..<frames {
      var content = [Double](repeating: 0, count: TemporalOrder.columns * TemporalOrder.rows)
      for body in glimpses {
        guard let shape = body[frame]?.shape, body[frame]!.isSeen else { continue }
        share += shape.area / (size.x * size.y)
        // Nine places stand for the silhouette.
        for dx in [-0.5, 0, 0.5] {
          for dy in [-0.5, 0, 0.5] {
            let place = shape.center + SIMD2(dx * shape.axes.x, dy * shape.axes.y) * 0.8
            let column = Int(place.x / size.x * Double(TemporalOrder.columns))
            let row = Int(place.y / size.y * Double(TemporalOrder.rows))
            guard (0..<TemporalOrder.columns).contains(column), (0..<TemporalOrder.rows).contains(row) else { continue }
            content[row * TemporalOrder.columns + column] += shape.area / 9
          }
        }
      }
      order.add(content)
    }
    let told = order.result
    return MotionEvidence(
      noiseLevel: 2 * condition.noise, movingShare: share / Double(max(1, frames)), orderRatio: told?.ratio,
      orderPValue: told?.pValue,
      hasStructure: share > 0, horizon: horizon(of: world, size))
  }

  /// Where a level floor meets the sky, if the camera sees that.
  private func horizon(of world: BrokenWorld, _ size: SIMD2<Double>) -> MotionEvidence.Horizon? {
    let hasFloor = world.stage.items.contains { item in
      if case .plane(let normal) = item.shape { normal.normalized.z > 0.99 } else { false }
    }
    guard hasFloor else { return nil }
    let viewpoint = world.stage.viewpoint(at: 0, of: world.trajectory)
    var ahead = viewpoint.forward
    ahead.z = 0
    let side = ahead.cross(.unitZ).normalized
    guard ahead.length > 0.1, let left = viewpoint.project(viewpoint.position + (ahead.normalized - side * 0.2) * 1e5)?.pixel,
      let right = viewpoint.project(viewpoint.position + (ahead.normalized + side * 0.2) * 1e5)?.pixel,
      abs(right.x - left.x) > 1
    else { return nil }
    let slope = (right.y - left.y) / (right.x - left.x)
    let horizon = MotionEvidence.Horizon(height: left.y - slope * left.x, slope: slope)
    return (0...size.y).contains(horizon.y(at: size.x / 2)) ? horizon : nil
  }
}
