import RigidBodies
import WorldCore

let g = 9.81

/// A fixed floor at z = 0.
func floor(restitution: Double = 0.5, friction: Double = 0.5) -> RigidBodyDefinition {
  fixed("floor", .plane(normal: .unitZ), at: .zero, restitution: restitution, friction: friction)
}

func fixed(
  _ name: String, _ shape: Shape, at position: Vector3, rotation: Quaternion = .identity, restitution: Double = 0.5,
  friction: Double = 0.5
) -> RigidBodyDefinition {
  RigidBodyDefinition(
    name: name, shape: shape, motion: .fixed, mass: 0, inertia: .zero,
    initialState: BodyState(position: position, orientation: rotation),
    material: ContactMaterial(restitution: restitution, friction: friction))
}

func solid(
  _ name: String, _ shape: Shape, mass: Double = 1, at position: Vector3, rotation: Quaternion = .identity,
  velocity: Vector3 = .zero, spin: Vector3 = .zero, restitution: Double = 0.5, friction: Double = 0.5
) -> RigidBodyDefinition {
  guard
    let body = RigidBodyDefinition(
      name: name, shape: shape, mass: mass, worldFromShape: RigidTransform(rotation: rotation, translation: position),
      velocity: velocity, angularVelocity: spin, material: ContactMaterial(restitution: restitution, friction: friction))
  else { preconditionFailure("'\(name)' has a volume") }
  return body
}

/// A tetrahedron-like closed mesh and other shapes about 0.2 m in size.
let tetrahedron = TriangleMesh(
  vertices: [Vector3(0.12, 0, -0.06), Vector3(-0.06, 0.1, -0.06), Vector3(-0.06, -0.1, -0.06), Vector3(0, 0, 0.12)],
  triangles: [SIMD3(0, 2, 1), SIMD3(0, 1, 3), SIMD3(1, 2, 3), SIMD3(2, 0, 3)])

let solids: [(name: String, shape: Shape)] = [
  ("sphere", .sphere(radius: 0.1)), ("box", .box(size: Vector3(0.2, 0.15, 0.1))),
  ("cylinder", .cylinder(radius: 0.08, height: 0.15)), ("capsule", .capsule(radius: 0.06, height: 0.12)),
  ("cone", .cone(radius: 0.1, height: 0.18)), ("torus", .torus(radius: 0.1, tube: 0.03)), ("mesh", .mesh(tetrahedron)),
  (
    "compound",
    .compound([
      Shape.Part(shape: .box(size: Vector3(0.2, 0.05, 0.05))),
      Shape.Part(shape: .sphere(radius: 0.05), compoundFromPart: RigidTransform(translation: Vector3(0.12, 0, 0))),
    ])
  ), ("tank", .tank(size: Vector3(0.2, 0.2, 0.1), wall: 0.02)),
]

/// Things to fall on: all about 1 m wide with their top near z = 0.
let grounds: [(name: String, body: RigidBodyDefinition)] = [
  ("plane", floor()), ("box", fixed("ground", .box(size: Vector3(3, 3, 0.2)), at: Vector3(0, 0, -0.1))),
  ("cylinder", fixed("ground", .cylinder(radius: 1.5, height: 0.3), at: Vector3(0, 0, -0.15))),
  ("mesh", fixed("ground", .mesh(gridMesh(cells: 12, width: 3)), at: .zero)),
  ("sphere", fixed("ground", .sphere(radius: 1), at: Vector3(0, 0, -1))),
  (
    "capsule",
    fixed(
      "ground", .capsule(radius: 0.5, height: 2), at: Vector3(0, 0, -0.5), rotation: Quaternion(axis: .unitX, angle: .pi / 2))
  ),
  ("torus", fixed("ground", .torus(radius: 0.8, tube: 0.3), at: Vector3(0.8, 0, -0.3))),
  ("cone", fixed("ground", .cone(radius: 1, height: 1), at: Vector3(0.2, 0.1, -0.5))),
  ("tank", fixed("ground", .tank(size: Vector3(1, 1, 0.5), wall: 0.05), at: Vector3(0, 0, -0.4))),
]

func gridMesh(cells: Int, width: Double) -> TriangleMesh {
  var mesh = TriangleMesh(vertices: [], triangles: [])
  for i in 0...cells {
    for j in 0...cells {
      mesh.vertices.append(Vector3(Double(i) / Double(cells) - 0.5, Double(j) / Double(cells) - 0.5, 0) * width)
    }
  }
  let row = Int32(cells + 1)
  for i in 0..<Int32(cells) {
    for j in 0..<Int32(cells) {
      let k = i * row + j
      mesh.triangles.append(SIMD3(k, k + row, k + row + 1))
      mesh.triangles.append(SIMD3(k, k + row + 1, k + 1))
    }
  }
  return mesh
}
