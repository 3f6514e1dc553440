import Foundation

extension ReferenceMotion {
  /// Frames that PhyWorld's protocol shows to a model, which therefore don't count.
  private static let framesGiven = 3

  /// PhyWorld's figures of a clip of discs before a plain ground, read by colour (`DiscParser`) as its protocol does:
  /// `velocity_error` (m/s, by axis), `momentum_error`, `energy_error`, `radius_error` (shares) and `seen_share`.
  ///
  /// Of the frames those count that come behind the three given ones and in which all discs ought to be wholly in view. Between
  /// two frames with an impact nothing has one velocity: that step is left out.
  ///
  /// - Parameter check: called before each frame; what it throws ends the work.
  /// - Returns: nothing where the scene's movers aren't discs or balls whose colours tell them apart.
  /// - Throws: `MediaError`.
  public func discMetrics(of path: String, check: () throws -> Void = {}) throws -> [String: Double] {
    let discs = movers.compactMap { body in
      stage.items.first { $0.name == body.name }.flatMap { item in
        Self.radius(of: item.shape).map { (body: body, color: item.surface.color, radius: $0) }
      }
    }
    guard !discs.isEmpty, discs.count == movers.count, let parser = DiscParser(colors: discs.map(\.color)) else { return [:] }

    let reader = try VideoReader(path: path)
    let rate = reader.info.video?.framesPerSecond ?? stage.picture.framesPerSecond
    let size = SIMD2(Double(reader.width), Double(reader.height))
    let impacts = trajectory.contacts.filter { $0.kind == .impact }.map(\.time)
    var bodies = discs.map { BodyComparison(body: $0.body.name, mass: $0.body.mass, frames: []) }
    while let frame = try reader.nextFrame() {
      try check()
      let time = Double(frame.index) / rate
      guard frame.index >= Self.framesGiven, time < trajectory.scene.duration else { continue }
      let viewpoint = stage.shot(at: time).camera.viewpoint(
        at: time, of: trajectory, width: reader.width, height: reader.height)
      let expected = discs.compactMap { disc -> (center: SIMD2<Double>, radius: Double, scale: Double)? in
        guard let seen = viewpoint.project(trajectory.state(of: disc.body, at: time).position) else { return nil }
        let scale = viewpoint.projection.focalLength / seen.depth
        return (seen.pixel, disc.radius * scale, scale)
      }
      let areWhole =
        expected.count == discs.count
        && expected.allSatisfy { disc in
          (0..<2).allSatisfy { disc.center[$0] >= disc.radius && disc.center[$0] + disc.radius <= size[$0] }
        }
      guard areWhole else { continue }
      let found = parser.discs(in: frame.image)
      // Numbers that don't follow one another are no step.
      let number = frame.index + impacts.count { $0 < time }
      for k in bodies.indices {
        let (disc, sight) = (expected[k], found[k])
        bodies[k].frames.append(
          .init(
            index: number, expected: .init(center: disc.center, outline: [], area: .pi * disc.radius * disc.radius),
            metresPerPixel: 1 / disc.scale,
            sight: sight.map { .seen(.init(center: $0.center, outline: [], area: .pi * $0.radius * $0.radius)) } ?? .missing))
      }
    }
    var metrics: [String: Double] = [:]
    metrics["velocity_error"] = VelocityError.byAxis(bodies, framesPerSecond: rate)
    metrics["momentum_error"] = ConservationDrift.momentum(bodies, framesPerSecond: rate)
    metrics["energy_error"] = ConservationDrift.kineticEnergy(bodies, framesPerSecond: rate)
    metrics["radius_error"] = ConservationDrift.radius(bodies)
    metrics["seen_share"] = VelocityError.seenShare(bodies)
    return metrics
  }

  /// m; nil of a shape that no camera sees as a disc.
  private static func radius(of shape: Shape) -> Double? {
    switch shape {
    case .sphere(let radius), .cylinder(let radius, _): radius
    default: nil
    }
  }
}
