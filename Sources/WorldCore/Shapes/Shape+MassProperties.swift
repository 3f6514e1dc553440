extension Shape {
  /// Mass, centre of mass and inertia when filled evenly with `density` (kg/m³); nil for a plane, which has no volume.
  ///
  /// Closed forms for the primitives; a compound adds its parts (which may carry densities of their own); a mesh is
  /// integrated exactly over the tetrahedra from the origin to each triangle (Tonon 2005).
  public func massProperties(density: Double) -> MassProperties? {
    switch self {
    case .sphere(let r):
      let mass = density * 4 / 3 * .pi * r * r * r
      return centered(mass, Vector3(repeating: 0.4 * mass * r * r))
    case .box(let s):
      let mass = density * s.x * s.y * s.z
      return centered(mass, Vector3(s.y * s.y + s.z * s.z, s.x * s.x + s.z * s.z, s.x * s.x + s.y * s.y) * (mass / 12))
    case .cylinder(let r, let h):
      let mass = density * .pi * r * r * h
      let across = mass * (3 * r * r + h * h) / 12
      return centered(mass, Vector3(across, across, mass * r * r / 2))
    case .capsule(let r, let h):
      let tube = density * .pi * r * r * h
      let ball = density * 4 / 3 * .pi * r * r * r
      // A half ball's centroid lies 3r/8 from its flat face.
      let across = tube * (3 * r * r + h * h) / 12 + ball * (0.4 * r * r + h * h / 4 + 3 * h * r / 8)
      return centered(tube + ball, Vector3(across, across, tube * r * r / 2 + ball * 0.4 * r * r))
    case .cone(let r, let h):
      let mass = density * .pi * r * r * h / 3
      let across = mass * (3.0 / 20 * r * r + 3.0 / 80 * h * h)
      return MassProperties(
        mass: mass, centerOfMass: Vector3(0, 0, -h / 4),
        inertia: SymmetricMatrix3(diagonal: Vector3(across, across, 0.3 * mass * r * r)))
    case .torus(let r, let t):
      let mass = density * 2 * .pi * .pi * r * t * t
      let across = mass * (r * r / 2 + 5.0 / 8 * t * t)
      return centered(mass, Vector3(across, across, mass * (r * r + 0.75 * t * t)))
    case .plane:
      return nil
    case .tank(let size, let wall):
      return Shape.compound(Shape.tankParts(size: size, wall: wall)).massProperties(density: density)
    case .mesh(let mesh):
      return mesh.massProperties(density: density)
    case .compound(let parts):
      let solids = parts.compactMap { part in
        part.shape.massProperties(density: part.density ?? density)?.placed(by: part.compoundFromPart)
      }
      return solids.count == parts.count && !solids.isEmpty ? .sum(solids) : nil
    }
  }

  private func centered(_ mass: Double, _ inertia: Vector3) -> MassProperties {
    MassProperties(mass: mass, centerOfMass: .zero, inertia: SymmetricMatrix3(diagonal: inertia))
  }
}

extension TriangleMesh {
  /// Exact integrals over the enclosed volume; nil when it encloses none (open, or wound inside out).
  func massProperties(density: Double) -> MassProperties? {
    var volume = 0.0
    var first = Vector3.zero
    var squares = Vector3.zero
    var products = Vector3.zero
    for index in triangles.indices {
      // Over a tetrahedron (0, a, b, c) of volume V, with s = a + b + c:
      // ∫xᵢ = V sᵢ/4,  ∫xᵢxⱼ = V (sᵢsⱼ + aᵢaⱼ + bᵢbⱼ + cᵢcⱼ)/20.
      let (a, b, c) = corners(index)
      let v = a.dot(b.cross(c)) / 6
      let s = a + b + c
      volume += v
      first += s * (v / 4)
      for p in [s, a, b, c] {
        squares += p * p * (v / 20)
        products += Vector3(p.y * p.z, p.x * p.z, p.x * p.y) * (v / 20)
      }
    }
    guard volume > 0 else { return nil }
    let center = first / volume
    let aboutOrigin = SymmetricMatrix3(
      diagonal: Vector3(squares.y + squares.z, squares.x + squares.z, squares.x + squares.y), offDiagonal: -products)
    let inertia = aboutOrigin + SymmetricMatrix3.pointMass(volume, at: center) * -1
    return MassProperties(mass: volume * density, centerOfMass: center, inertia: inertia * density)
  }
}
