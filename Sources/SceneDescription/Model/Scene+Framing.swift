import Foundation
import WorldCore

/// Where the camera stands that films a scene without one.
extension Scene {
  /// It stands in front (towards −y), a little to the right and above, as far off as `bounds` need to stay in the picture, with
  /// a twentieth to spare.
  func framingCamera(of bounds: Bounds) -> Camera {
    let fieldOfView = 40.0 * .pi / 180
    let height = tan(fieldOfView / 2)
    let width = height * Double(picture.width) / Double(picture.height)
    let direction = Vector3(0.28, -1, 0.32).normalized
    let right = Vector3.unitZ.cross(direction).normalized
    let up = direction.cross(right)
    let half = pointwiseMax(bounds.size / 2, Vector3(repeating: 0.03))
    let distance = (0..<8).reduce(0.0) { farthest, corner in
      let signs = Vector3(corner & 1 == 0 ? -1 : 1, corner & 2 == 0 ? -1 : 1, corner & 4 == 0 ? -1 : 1)
      let p = half * signs
      return max(farthest, p.dot(direction) + 1.05 * max(abs(p.dot(right)) / width, abs(p.dot(up)) / height))
    }
    return Camera(
      position: .fixed(bounds.center + direction * distance), target: .point(bounds.center), fieldOfView: fieldOfView)
  }

  /// Everything as it starts.
  var startingBounds: Bounds {
    let placed = bodies.compactMap { body in body.shape.bounds(placed: body.worldFromShape).map { (body, $0) } }
    let moving = placed.filter { $0.0.motion != .fixed }.map { $0.1 }
    let sheets = cloths.map(\.bounds) + fluids.compactMap { $0.region?.bounds(placed: $0.worldFromRegion) }
    let movingBounds = (moving + sheets).reduced
    // Scenery much larger than what moves (a hall's floor, a wall) is background, not subject.
    let subjects = placed.filter { body, bounds in
      body.motion != .fixed || movingBounds.map { bounds.radius <= 4 * $0.radius } ?? true
    }
    return (subjects.map { $0.1 } + sheets).reduced
      ?? Bounds(lower: Vector3(repeating: -1), upper: Vector3(repeating: 1))
  }

  /// What is looked at in so many instants of a trajectory. What comes farther from where everything starts than so many radii
  /// of that, and would make all else too small to be seen, is followed for a shorter way only.
  private static let (instants, farthest, shorter) = (240, 8.0, 2.0)

  /// Everything as it starts, and wherever it goes.
  func bounds(of trajectory: Trajectory) -> Bounds {
    let start = startingBounds
    guard let first = trajectory.times.first, let last = trajectory.times.last, last > first else { return start }
    let times = (0..<Self.instants).map { first + (last - first) * Double($0) / Double(Self.instants - 1) }
    var paths = bodies.filter { $0.motion != .fixed }.map { body -> [Bounds] in
      guard let track = trajectory.body(body.name) else { return [] }
      let bodyFromShape = RigidTransform(translation: body.centerOfMass * -1)
      return times.filter { track.isPresent(at: $0) }.compactMap {
        body.shape.bounds(placed: trajectory.state(of: track, at: $0).worldFromBody * bodyFromShape)
      }
    }
    // Cloths are large and slow: a tenth of the instants will do.
    paths += cloths.compactMap { trajectory.cloth($0.name) }.filter { $0.samples > 0 }.map { track in
      stride(from: 0, to: times.count, by: 10).compactMap { Bounds(about: trajectory.vertices(of: track, at: times[$0])) }
    }
    return paths.reduce(start) { bounds, path in
      func isWithin(_ radii: Double, _ box: Bounds) -> Bool {
        (box.center - start.center).length + box.radius < radii * max(start.radius, 0.05)
      }
      let reach = path.allSatisfy { isWithin(Self.farthest, $0) } ? Self.farthest : Self.shorter
      return path.filter { isWithin(reach, $0) }.reduce(bounds) { $0.union($1) }
    }
  }
}

extension Cloth {
  /// The box about the flat sheet at the start.
  fileprivate var bounds: Bounds {
    let half = size / 2
    let corners = [SIMD2(-1.0, -1), SIMD2(1, -1), SIMD2(-1, 1), SIMD2(1, 1)].map {
      worldFromCloth.point(Vector3($0.x * half.x, $0.y * half.y, 0))
    }
    return Bounds(about: corners)!
  }
}

extension [Bounds] {
  /// The box about them all; nil of none.
  fileprivate var reduced: Bounds? {
    guard let first else { return nil }
    return dropFirst().reduce(first) { $0.union($1) }
  }
}
