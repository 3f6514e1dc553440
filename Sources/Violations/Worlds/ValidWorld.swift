import Foundation
public import WorldCore

/// A simulated world that obeys the laws: what violations are made from.
public struct ValidWorld: Sendable {
  public var trajectory: Trajectory
  public var stage: Stage
  public init(trajectory: Trajectory, stage: Stage) {
    self.trajectory = trajectory
    self.stage = stage
  }

  /// m/s².
  public var gravity: Vector3 { stage.gravity }

  /// Seconds from sample to sample.
  var step: Double { trajectory.times.count > 1 ? trajectory.times[1] - trajectory.times[0] : 1 }

  /// The sample at a time, or the next one.
  func sample(at time: Double) -> Int {
    min(max(0, Int((time / step).rounded(.up))), trajectory.times.count - 1)
  }

  func index(of body: String) -> Int { trajectory.bodies.firstIndex { $0.name == body }! }

  func item(of body: String) -> Stage.Item? { stage.items.first { $0.name == body } }

  /// Radius of the ball about the centre of mass that just fits into the body, m.
  func innerRadius(of body: String) -> Double {
    item(of: body).map { abs($0.shape.signedDistance(at: $0.centerOfMass).distance) } ?? 0.1
  }

  /// Whether a point of the world falls into the picture, so many pixels off its edges.
  func isInView(_ point: Vector3, at time: Double, margin: Double = 0) -> Bool {
    let viewpoint = stage.viewpoint(at: time, of: trajectory)
    guard let pixel = viewpoint.project(point)?.pixel else { return false }
    return pixel.x >= margin && pixel.y >= margin && pixel.x < Double(stage.picture.width) - margin
      && pixel.y < Double(stage.picture.height) - margin
  }

  /// Pixels that a metre covers at a body's place.
  func pixelsPerMetre(of body: BodyTrack, at sample: Int) -> Double {
    let viewpoint = stage.viewpoint(at: trajectory.times[sample], of: trajectory)
    return viewpoint.project(body.states[sample].position).map { viewpoint.projection.focalLength / $0.depth } ?? 1
  }

  /// One rule for all that a body's motion may be changed by: the world with another path of that body from a sample on.
  func replacing(_ body: String, from sample: Int, with states: [BodyState]) -> Trajectory {
    var edited = trajectory
    let index = index(of: body)
    for (k, state) in states.enumerated() where sample + k < edited.times.count {
      edited.bodies[index].states[sample + k] = state
    }
    return edited
  }
}
