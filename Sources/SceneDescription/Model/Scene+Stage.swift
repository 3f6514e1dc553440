public import WorldCore

extension Scene {
  /// The looks, cameras, light and sounds of the scene: all that rendering and sound synthesis need beside a trajectory.
  ///
  /// Where the scene has no camera, this one sees everything as it starts; see `stage(showing:)`.
  public var stage: Stage { stage(framedBy: framingCamera(of: startingBounds)) }

  /// The stage for a trajectory of the scene: where the scene has no camera, the one chosen sees what moves until it rests.
  public func stage(showing trajectory: Trajectory) -> Stage {
    shots.isEmpty ? stage(framedBy: framingCamera(of: bounds(of: trajectory))) : stage
  }

  private func stage(framedBy camera: Camera) -> Stage {
    let items = bodies.map { body in
      Stage.Item(
        name: body.name, shape: body.shape, centerOfMass: body.centerOfMass, surface: body.material.surface,
        sound: body.material.sound)
    }
    let sheets = cloths.map { Stage.Sheet(name: $0.name, size: $0.size, surface: $0.fabric.surface) }
    let liquids = fluids.map { Stage.Liquid(name: $0.name, surface: $0.liquid.surface, frothLifetime: $0.liquid.frothLifetime) }
    let whole = Stage.Shot(start: 0, end: duration, camera: camera, style: picture.style)
    let framed = (shots.isEmpty ? [whole] : shots).map { shot in
      var shot = shot
      shot.camera.framedAspect = Double(picture.width) / Double(picture.height)
      return shot
    }
    return Stage(
      items: items, sheets: sheets, liquids: liquids, light: light, shots: framed, picture: picture, ambience: sound.ambience,
      gravity: gravity)
  }
}
