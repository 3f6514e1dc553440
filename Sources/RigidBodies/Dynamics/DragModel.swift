import WorldCore

/// Quadratic drag and Magnus lift of a body in even flow.
///
/// Drag is ½ ρ |v|² C_d A against the motion relative to the air, A the area that faces the flow. Coefficients at high Reynolds
/// number from Hoerner, Fluid-Dynamic Drag (1965): sphere 0.47, cylinder and capsule 1.0 (0.82 end on is not told apart), box
/// 1.05, cone 0.8, others 1.0. A spinning sphere lifts with ½ ρ |v|² C_l A along ω × v, C_l = S / (2.022 S + 0.981) with the
/// spin parameter S = r |ω⊥| / |v|, as measured on balls by Štěpánek (Am. J. Phys. 56, 138, 1988).
struct DragModel {
  /// Drag area C_d·A seen along the body's x, y and z axes, m².
  var areas: Vector3
  /// Of a sphere, m; 0 where there is no Magnus lift.
  var radius: Double

  init(shape: Shape, coefficient: Double?) {
    radius = 0
    switch shape {
    case .sphere(let r):
      areas = Vector3(repeating: (coefficient ?? 0.47) * .pi * r * r)
      radius = r
    case .box(let s):
      areas = Vector3(s.y * s.z, s.x * s.z, s.x * s.y) * (coefficient ?? 1.05)
    case .cylinder(let r, let h):
      areas = Vector3(2 * r * h, 2 * r * h, .pi * r * r) * (coefficient ?? 1)
    case .capsule(let r, let h):
      let side = 2 * r * h + .pi * r * r
      areas = Vector3(side, side, .pi * r * r) * (coefficient ?? 1)
    case .cone(let r, let h):
      areas = Vector3(r * h, r * h, .pi * r * r) * (coefficient ?? 0.8)
    case .torus(let r, let t):
      areas = Vector3(4 * r * t, 4 * r * t, 4 * .pi * r * t) * (coefficient ?? 1)
    case .plane:
      areas = .zero
    case .tank(let size, let wall):
      let outer = size + Vector3(2 * wall, 2 * wall, wall)
      areas = Vector3(outer.y * outer.z, outer.x * outer.z, outer.x * outer.y) * (coefficient ?? 1)
    case .mesh(let mesh):
      // Half the projected area of all faces: exact for convex meshes.
      var sum = Vector3.zero
      for index in mesh.triangles.indices {
        let (a, b, c) = mesh.corners(index)
        let area = (b - a).cross(c - a) / 4
        sum += Vector3(abs(area.x), abs(area.y), abs(area.z))
      }
      areas = sum * (coefficient ?? 1)
    case .compound(let parts):
      // Parts don't shade one another: an upper bound.
      areas = .zero
      for part in parts {
        let own = DragModel(shape: part.shape, coefficient: coefficient)
        let axes = part.compoundFromPart.rotation.columns
        for axis in 0..<3 {
          let direction = Vector3(axes.x[axis], axes.y[axis], axes.z[axis])
          areas[axis] += own.area(along: direction)
        }
      }
    }
  }

  /// Drag area seen along a unit direction of the body: the quadratic mean of the three, exact along the axes.
  private func area(along d: Vector3) -> Double { (areas * areas * d * d).sum().squareRoot() }

  /// N, world frame.
  ///
  /// - Parameters:
  ///   - velocity: relative to the air, m/s.
  ///   - spin: rad/s.
  func force(velocity: Vector3, spin: Vector3, axes: Frame, density: Double) -> Vector3 {
    let speed = velocity.length
    guard speed > 0 else { return .zero }
    let seen = radius > 0 ? areas.x : area(along: axes.inverseDirection(velocity) / speed)
    var force = velocity * (-0.5 * density * seen * speed)
    if radius > 0 {
      let lift = spin.cross(velocity)
      let length = lift.length
      // |ω × v| = |ω⊥| |v|
      let parameter = radius * length / (speed * speed)
      if parameter > 0 {
        let coefficient = parameter / (2.022 * parameter + 0.981)
        let area = Double.pi * radius * radius
        force += lift * (0.5 * density * speed * speed * coefficient * area / length)
      }
    }
    return force
  }
}
