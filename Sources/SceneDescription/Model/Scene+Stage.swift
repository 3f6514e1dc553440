import Foundation
public import WorldCore

extension Scene {
  /// The looks, cameras, light and sounds of the scene: all that rendering and sound synthesis need beside a trajectory.
  public var stage: Stage {
    let items = bodies.map { body in
      Stage.Item(
        name: body.name, shape: body.shape, centerOfMass: body.centerOfMass, surface: body.material.surface,
        sound: body.material.sound)
    }
    let sheets = cloths.map { Stage.Sheet(name: $0.name, size: $0.size, surface: $0.fabric.surface) }
    let liquids = fluids.map { Stage.Liquid(name: $0.name, surface: $0.liquid.surface, frothLifetime: $0.liquid.frothLifetime) }
    let whole = Stage.Shot(start: 0, end: duration, camera: framingCamera, style: picture.style)
    let framed = (shots.isEmpty ? [whole] : shots).map { shot in
      var shot = shot
      shot.camera.framedAspect = Double(picture.width) / Double(picture.height)
      return shot
    }
    return Stage(
      items: items, sheets: sheets, liquids: liquids, light: light, shots: framed, picture: picture, ambience: sound.ambience)
  }

  /// A camera that sees every bounded body, every cloth as it starts, and the free flight of those that start with a velocity.
  ///
  /// It stands in front (towards −y), a little to the right and above, as far off as the bounding sphere needs to fill the
  /// narrower side of the picture.
  var framingCamera: Camera {
    let fieldOfView = 40.0 * .pi / 180
    let bounds = framedBounds
    let aspect = Double(picture.width) / Double(picture.height)
    let narrowest = 2 * atan(tan(fieldOfView / 2) * min(1, aspect))
    let distance = max(bounds.radius, 0.05) / sin(narrowest / 2)
    let direction = Vector3(0.28, -1, 0.32).normalized
    return Camera(
      position: .fixed(bounds.center + direction * distance), target: .point(bounds.center), fieldOfView: fieldOfView)
  }

  private var framedBounds: Bounds {
    let placed = bodies.compactMap { body in body.shape.bounds(placed: body.worldFromShape).map { (body, $0) } }
    let moving = placed.filter { $0.0.motion != .fixed }
    let sheets = cloths.map(\.bounds) + fluids.compactMap { $0.region?.bounds(placed: $0.worldFromRegion) }
    let movingBounds = (moving.map { $0.1 } + sheets).reduced
    // Scenery much larger than what moves (a hall's floor, a wall) is background, not subject.
    let subjects = placed.filter { body, bounds in
      body.motion != .fixed || movingBounds.map { bounds.radius <= 4 * $0.radius } ?? true
    }
    guard var bounds = (subjects.map { $0.1 } + sheets).reduced else {
      return Bounds(lower: Vector3(repeating: -1), upper: Vector3(repeating: 1))
    }
    let ground = bounds.lower.z
    for (body, box) in moving {
      for keyframe in body.path {
        if let there = body.shape.bounds(placed: keyframe.worldFromShape) { bounds = bounds.union(there) }
      }
      guard body.motion == .dynamic, body.velocity != .zero else { continue }
      for step in 1...32 {
        let t = duration * Double(step) / 32
        let shift = body.velocity * t + gravity * (t * t / 2)
        let there = Bounds(lower: box.lower + shift, upper: box.upper + shift)
        if there.lower.z < ground { break }
        bounds = bounds.union(there)
      }
    }
    return bounds
  }
}

extension Cloth {
  /// The box about the flat sheet at the start.
  fileprivate var bounds: Bounds {
    let half = size / 2
    let corners = [SIMD2(-1.0, -1), SIMD2(1, -1), SIMD2(-1, 1), SIMD2(1, 1)].map {
      worldFromCloth.point(Vector3($0.x * half.x, $0.y * half.y, 0))
    }
    return Bounds(lower: corners.reduce(corners[0], pointwiseMin), upper: corners.reduce(corners[0], pointwiseMax))
  }
}

extension [Bounds] {
  /// The box about them all; nil of none.
  fileprivate var reduced: Bounds? {
    guard let first else { return nil }
    return dropFirst().reduce(first) { $0.union($1) }
  }
}
