import WorldCore

extension SceneBuilder {
  /// The pieces that a body breaks into, placed where they belong in it; none for a body that doesn't break.
  ///
  /// They share the body's mass by volume (and density), are of its material, and have its axes. Where its cracks run is drawn
  /// from the scene's seed and the body's name.
  func pieces(of body: Body, seed: UInt64) -> [Body] {
    guard body.breakingImpulse != nil, let place = bodyPlaces[body.name], let whole = body.massProperties else { return [] }
    var random = RandomStream(seed: seed, "pieces of \(body.name)")
    // Instances of a repeated body are cut differently, but into as many pieces.
    let written = pieceCounts[body.name] ?? body.name.lastIndex(of: "-").flatMap { pieceCounts[String(body.name[..<$0])] }
    let parts = body.shape.pieces(written ?? 8, random: &random)
    let solids = parts.compactMap { $0.shape.massProperties(density: $0.density ?? body.density ?? body.material.density) }
    guard parts.count >= 2, solids.count == parts.count else {
      log.error(
        place, "'\(body.name)' can't break: its shape has no parts and isn't convex",
        "leave 'breaks_at' out, or build it of parts")
      return []
    }
    let total = solids.reduce(0) { $0 + $1.mass }
    return zip(parts, solids).enumerated().map { index, piece in
      let (part, solid) = piece
      // Its frame has the axes of the whole and stands at its own origin.
      let turned = Shape.Part(shape: part.shape, compoundFromPart: RigidTransform(rotation: part.compoundFromPart.rotation))
      let shape: Shape = part.compoundFromPart.rotation == .identity ? part.shape : .compound([turned])
      var material = body.material
      if let surface = part.surface { material.surface = surface }
      let name = "\(body.name)-piece-\(index + 1)"
      if bodyNames[name] != nil {
        log.error(place, "'\(name)' is also a piece of '\(body.name)'", "call one of them otherwise")
      }
      return Body(
        name: name, shape: shape, mass: whole.mass * solid.mass / total, material: material,
        worldFromShape: body.worldFromShape * RigidTransform(translation: part.compoundFromPart.translation),
        pieceOf: body.name,
        location: body.location)
    }
  }
}
