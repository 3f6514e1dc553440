import Testing
import WorldCore

@Suite("Mass properties") struct MassPropertiesTests {
  /// The oracle: matter counted on a fine grid of points.
  static func counted(bounds: Vector3, steps: Int, inside: (Vector3) -> Bool) -> MassProperties {
    let cell = bounds * 2 / Double(steps)
    let volume = cell.x * cell.y * cell.z
    var points: [Vector3] = []
    for i in 0..<steps {
      for j in 0..<steps {
        for k in 0..<steps {
          let p = (Vector3(Double(i), Double(j), Double(k)) + 0.5) * cell - bounds
          if inside(p) { points.append(p) }
        }
      }
    }
    return .sum(points.map { MassProperties(mass: volume, centerOfMass: $0, inertia: .zero) })
  }

  @Test(
    "closed forms agree with counting points",
    arguments: [
      Shape.sphere(radius: 0.8), .box(size: Vector3(1, 0.6, 1.4)), .cylinder(radius: 0.5, height: 1.2),
      .capsule(radius: 0.4, height: 0.9), .cone(radius: 0.9, height: 1.6), .torus(radius: 0.6, tube: 0.3),
    ])
  func closedForms(shape: Shape) throws {
    let expected = Self.counted(bounds: Vector3(1, 1, 1), steps: 80) { p in
      let radial = (p.x * p.x + p.y * p.y).squareRoot()
      switch shape {
      case .sphere(let r): return p.length < r
      case .box(let s): return abs(p.x) < s.x / 2 && abs(p.y) < s.y / 2 && abs(p.z) < s.z / 2
      case .cylinder(let r, let h): return radial < r && abs(p.z) < h / 2
      case .capsule(let r, let h): return (p - Vector3(0, 0, min(max(p.z, -h / 2), h / 2))).length < r
      case .cone(let r, let h): return radial < r * (0.5 - p.z / h) && abs(p.z) < h / 2
      case .torus(let r, let t): return Vector3(radial - r, p.z, 0).length < t
      default: return false
      }
    }
    let measured = try #require(shape.massProperties(density: 1))
    // An 80³ grid counts a curved volume to about half a per cent.
    #expect(abs(measured.mass - expected.mass) < 0.01 * expected.mass)
    #expect((measured.centerOfMass - expected.centerOfMass).length < 0.005)
    #expect((measured.inertia.diagonal - expected.inertia.diagonal).length < 0.01 * expected.inertia.diagonal.length)
  }
}
