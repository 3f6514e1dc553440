import Foundation
public import WorldCore

/// How much of a violation a picture shows: what a broken clip shows otherwise than its valid twin, in standard deviations of a
/// tracker.
///
/// In each frame, of each body that is seen whole and alone: the distance of its silhouette's middle from its twin's, the
/// change of its size, of a long one's direction and of how a pattern turns, each over the tracker's own error, the largest of them; a body that is
/// gone, or one too many, counts as far off. The effect is what so many frames show at least, so a glimpse doesn't count.
public struct VisibleEffect: Sendable {
  let condition: FilmingCondition
  private let twin: Glimpses
  private let frames: Int

  /// Of a body that isn't there, or is one too many.
  private static let absence = 100.0
  /// A silhouette's size is known to this share besides its edge's noise.
  private static let sizeError = 0.04
  /// A silhouette so much longer than wide has a direction.
  private static let long = 1.5

  public init(beside valid: ValidWorld, under condition: FilmingCondition) {
    self.condition = condition
    twin = Glimpses(of: BrokenWorld(valid: valid), framesPerSecond: condition.framesPerSecond)
    frames = twin.order.count
  }

  /// - Parameter lasting: frames that show it at least.
  func deviation(of broken: BrokenWorld, lasting: Int) -> Double {
    let seen = Glimpses(of: broken, framesPerSecond: condition.framesPerSecond)
    var largest = [Double](repeating: 0, count: seen.order.count)
    for (k, item) in seen.items.enumerated() {
      let row = twin.items.firstIndex { $0.name == item.name }
      // One too many is compared with the body that it came from.
      let origin = row ?? twin.items.firstIndex { item.name.hasPrefix($0.name) }
      for frame in largest.indices {
        let there = seen.rows[k][frame]
        let here = origin.flatMap { frame < frames ? twin.rows[$0][frame] : nil }
        largest[frame] = max(
          largest[frame], difference(there, here, isExtra: row == nil, world: broken, body: item.name, frame: seen.order[frame])
        )
      }
    }
    let sorted = largest.sorted(by: >)
    return sorted.count >= lasting ? sorted[lasting - 1] : 0
  }

  private func difference(
    _ there: Glimpse?, _ here: Glimpse?, isExtra: Bool, world: BrokenWorld, body: String, frame: Int
  ) -> Double {
    guard let there else {
      // Out of the picture is no violation; nowhere is, but for one too many, which isn't anywhere before it comes.
      guard !isExtra, let here, here.isPlain, let track = world.trajectory.body(body) else { return 0 }
      let place = world.trajectory.state(of: track, at: Double(frame) / condition.framesPerSecond).position
      return place.z <= BrokenWorld.nowhere.z / 2 ? Self.absence : 0
    }
    guard there.isPlain else { return 0 }
    if isExtra { return Self.absence }
    guard let here, here.isSeen else { return 0 }
    let radius = there.shape.radius
    let variance = SimulatedTracker.variance(radius: radius)
    let noise = condition.noise
    let apart = there.shape.center - here.shape.center
    let place = (apart * apart).sum().squareRoot() / (noise * (variance.white + variance.slow).squareRoot())
    let edge = 0.15 * noise * (3 * 4 * .pi * radius).squareRoot() / there.shape.area
    func size(_ a: Double, _ b: Double) -> Double {
      abs(log(max(a, 1e-3) / max(b, 1e-3))) / (edge * edge + Self.sizeError * Self.sizeError).squareRoot()
    }
    var most = max(
      place, size(there.shape.area, here.shape.area),
      size(there.shape.axes.x / there.shape.axes.y, here.shape.axes.x / here.shape.axes.y))
    if let spin = there.spin, let other = here.spin {
      let turn = abs(spin - other) / condition.framesPerSecond
      most = max(most, turn / (noise * SimulatedTracker.turnError / radius))
    }
    if min(there.shape.axes.x / there.shape.axes.y, here.shape.axes.x / here.shape.axes.y) > Self.long {
      let turn = abs(remainder(there.shape.angle - here.shape.angle, .pi))
      most = max(most, turn / (noise * SimulatedTracker.angleDeviation(there.shape) + 0.02))
    }
    return most
  }
}

extension Severity {
  /// A tracker's standard deviations by which a violation of this severity shows, and frames that show it, at least.
  var visibility: (deviations: Double, frames: Int) { of((2, 2), (10, 4), (25, 6)) }
}

extension ViolationFamily {
  /// The world broken where a picture shows it: places are drawn until what is seen of the violation is worth its severity, and
  /// the violation isn't made where none is.
  public func broken(_ world: ValidWorld, severity: Severity, seenBy effect: VisibleEffect, stream: inout RandomStream)
    -> BrokenWorld?
  {
    for _ in 0..<8 {
      guard let broken = broken(world, severity: severity, stream: &stream) else { return nil }
      let isSeen =
        evidence != .tracks
        || effect.deviation(of: broken, lasting: severity.visibility.frames) >= severity.visibility.deviations
      if isSeen { return broken }
    }
    return nil
  }
}
