import WorldCore

/// A convex piece of a shape, placed in the world.
struct ConvexPart {
  var shape: Shape
  var worldFromPart: RigidTransform

  /// The furthest point along a direction of the world.
  func support(_ direction: Vector3) -> Vector3 {
    worldFromPart.point(shape.support(worldFromPart.rotation.unrotate(direction)) ?? .zero)
  }

  /// The part made smaller on all sides by `margin` or a little more; nil where nothing is left.
  func eroded(by margin: Double) -> ConvexPart? {
    func positive(_ shape: Shape, _ sizes: Double...) -> ConvexPart? {
      sizes.allSatisfy { $0 > 0 } ? ConvexPart(shape: shape, worldFromPart: worldFromPart) : nil
    }
    switch shape {
    case .sphere(let radius):
      return positive(.sphere(radius: radius - margin), radius - margin)
    case .box(let size):
      let smaller = size - Vector3(repeating: 2 * margin)
      return positive(.box(size: smaller), smaller.x, smaller.y, smaller.z)
    case .cylinder(let radius, let height):
      return positive(.cylinder(radius: radius - margin, height: height - 2 * margin), radius - margin, height - 2 * margin)
    case .capsule(let radius, let height):
      return positive(.capsule(radius: radius - margin, height: height), radius - margin)
    case .cone(let radius, let height):
      // Scaled about the centre of the inscribed sphere, whose radius is the distance to base and side.
      let slant = (radius * radius + height * height).squareRoot()
      let inner = radius * height / (radius + slant)
      let scale = 1 - margin / inner
      guard scale > 0 else { return nil }
      let center = -height / 2 + inner
      let shift = Vector3(0, 0, center * (1 - scale))
      return ConvexPart(
        shape: .cone(radius: radius * scale, height: height * scale),
        worldFromPart: worldFromPart * RigidTransform(translation: shift))
    default:
      return nil
    }
  }

  /// The convex pieces that make up `shape`, or lie within it; none for planes and meshes.
  static func parts(of shape: Shape, placed worldFromShape: RigidTransform) -> [ConvexPart] {
    switch shape {
    case .sphere, .box, .cylinder, .capsule, .cone:
      return [ConvexPart(shape: shape, worldFromPart: worldFromShape)]
    case .torus(let radius, let tube):
      // Straight pieces on the chords of the ring; as a chord runs inside by its sagitta, the tube loses as much.
      let count = 32
      let angle = 2 * Double.pi / Double(count)
      let half = Quaternion(axis: .unitZ, angle: angle / 2).rotate(.unitX)
      let (sagitta, chord) = (radius * (1 - half.x), 2 * radius * half.y)
      guard tube > sagitta else { return [] }
      return (0..<count).map { k in
        let turn = Quaternion(axis: .unitZ, angle: angle * Double(k))
        let along = turn * Quaternion(from: .unitZ, to: .unitY)
        return ConvexPart(
          shape: .capsule(radius: tube - sagitta, height: chord),
          worldFromPart: worldFromShape
            * RigidTransform(rotation: along, translation: turn.rotate(Vector3(radius * half.x, 0, 0))))
      }
    case .tank(let size, let wall):
      return parts(of: .compound(Shape.tankParts(size: size, wall: wall)), placed: worldFromShape)
    case .compound(let pieces):
      return pieces.flatMap { parts(of: $0.shape, placed: worldFromShape * $0.compoundFromPart) }
    case .plane, .mesh:
      return []
    }
  }

  /// Whether two convex parts have a point in common (Gilbert, Johnson & Keerthi 1988, as a yes-or-no test on the Minkowski
  /// difference). In doubt, no.
  static func intersect(_ a: ConvexPart, _ b: ConvexPart) -> Bool {
    func difference(_ d: Vector3) -> Vector3 { a.support(d) - b.support(-d) }
    var direction = b.worldFromPart.translation - a.worldFromPart.translation
    if direction.length < 1e-12 { direction = .unitX }
    var simplex = [difference(direction)]
    direction = -simplex[0]
    for _ in 0..<64 {
      if direction.length < 1e-12 { return true }
      let point = difference(direction)
      // The origin lies beyond the furthest point: there is a plane between the two.
      if point.dot(direction) <= 0 { return false }
      simplex.append(point)
      if holdsOrigin(&simplex, &direction) { return true }
    }
    return false
  }

  /// Reduces the simplex to the part nearest the origin and aims `direction` from there at it; whether it is enclosed.
  private static func holdsOrigin(_ simplex: inout [Vector3], _ direction: inout Vector3) -> Bool {
    let a = simplex[simplex.count - 1]
    let toOrigin = -a
    switch simplex.count {
    case 2:
      let ab = simplex[0] - a
      if ab.dot(toOrigin) > 0 {
        direction = ab.cross(toOrigin).cross(ab)
        if direction.length < 1e-14 { direction = ab.anyPerpendicular }
      } else {
        simplex = [a]
        direction = toOrigin
      }
      return false
    case 3:
      let (b, c) = (simplex[1], simplex[0])
      let (ab, ac) = (b - a, c - a)
      let normal = ab.cross(ac)
      if normal.cross(ac).dot(toOrigin) > 0 {
        simplex = ac.dot(toOrigin) > 0 ? [c, a] : [b, a]
        return holdsOrigin(&simplex, &direction)
      }
      if ab.cross(normal).dot(toOrigin) > 0 {
        simplex = [b, a]
        return holdsOrigin(&simplex, &direction)
      }
      let isAbove = normal.dot(toOrigin) > 0
      if !isAbove { simplex = [b, c, a] }
      direction = isAbove ? normal : -normal
      return false
    default:
      let (b, c, d) = (simplex[2], simplex[1], simplex[0])
      for (face, other) in [([c, b, a], d), ([d, c, a], b), ([b, d, a], c)] {
        var normal = (face[1] - a).cross(face[0] - a)
        // Outwards: away from the corner that is not on this face.
        var corners = face
        if normal.dot(other - a) > 0 {
          normal = -normal
          corners = [face[1], face[0], a]
        }
        if normal.dot(toOrigin) > 0 {
          simplex = corners
          return holdsOrigin(&simplex, &direction)
        }
      }
      return true
    }
  }
}
