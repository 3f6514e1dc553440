import CFluidKernels
import WorldCore

/// The shapes of all solids, cut into the parts whose kernel fractions are known.
final class WallParts {
  private struct Part {
    var solid: Int
    var kind: FKShape
    var size: (Float, Float, Float)
    var solidFromPart: RigidTransform
    /// Half extents of the box round it in its own frame, reach of the kernel included; infinite for a half-space.
    var low: Vector3
    var high: Vector3
    var field: Int?
  }

  /// Signed distances on a grid, for shapes without a formula.
  private struct Field {
    var values: UnsafeMutablePointer<Float>
    var counts: SIMD3<Int>
    var origin: Vector3
    var spacing: Double
  }

  private var parts: [Part] = []
  private var fields: [Field] = []
  private let spacing: Double
  /// What the kernels read, renewed as the bodies move.
  private(set) var placed: [FKPart] = []

  init(_ solids: [FluidSolid], spacing: Double) {
    self.spacing = spacing
    for (index, solid) in solids.enumerated() { add(solid.shape, .identity, index, isMovable: solid.massProperties != nil) }
  }

  deinit { for field in fields { field.values.deallocate() } }

  private func add(_ shape: Shape, _ solidFromPart: RigidTransform, _ solid: Int, isMovable: Bool) {
    func add(_ kind: FKShape, _ a: Double, _ b: Double = 0, _ c: Double = 0, half: Vector3, field: Int? = nil) {
      let reach = Vector3(repeating: 2 * spacing)
      parts.append(
        Part(
          solid: solid, kind: kind, size: (Float(a), Float(b), Float(c)), solidFromPart: solidFromPart, low: -half - reach,
          high: half + reach, field: field))
    }
    switch shape {
    case .sphere(let r): add(FKSphere, r, half: Vector3(repeating: r))
    // A fixed box may be the side of a tank; one that floats has water on both sides.
    case .box(let size): add(isMovable ? FKBox : FKPlate, size.x / 2, size.y / 2, size.z / 2, half: size / 2)
    case .cylinder(let r, let h): add(FKCylinder, r, h / 2, half: Vector3(r, r, h / 2))
    case .capsule(let r, let h): add(FKCapsule, r, h / 2, half: Vector3(r, r, h / 2 + r))
    case .torus(let r, let tube): add(FKTorus, r, tube, half: Vector3(r + tube, r + tube, tube))
    case .plane(let normal):
      let turn = RigidTransform(rotation: Quaternion(from: .unitZ, to: normal.normalized))
      parts.append(
        Part(
          solid: solid, kind: FKHalfSpace, size: (0, 0, 0), solidFromPart: solidFromPart * turn,
          low: Vector3(repeating: -.infinity), high: Vector3(repeating: .infinity), field: nil))
    case .tank(let size, let wall):
      // A wall thinner than the kernel's support is felt as if it went on outwards.
      for part in Shape.tankParts(size: size, wall: max(wall, 2.5 * spacing)) {
        self.add(part.shape, solidFromPart * part.compoundFromPart, solid, isMovable: isMovable)
      }
    case .compound(let list):
      for part in list { self.add(part.shape, solidFromPart * part.compoundFromPart, solid, isMovable: isMovable) }
    case .cone, .mesh:
      guard let (field, low, high) = field(shape) else { return }
      parts.append(
        Part(solid: solid, kind: FKField, size: (0, 0, 0), solidFromPart: solidFromPart, low: low, high: high, field: field))
    }
  }

  /// Samples the distance on a grid of half spacings, coarser where that would take too much memory.
  private func field(_ shape: Shape) -> (Int, Vector3, Vector3)? {
    let mesh = shape.tessellated()
    guard var low = mesh.vertices.first, var high = mesh.vertices.first else { return nil }
    for p in mesh.vertices {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    low -= Vector3(repeating: 2.5 * spacing)
    high += Vector3(repeating: 2.5 * spacing)
    let extent = high - low
    var step = spacing / 2
    func cells() -> Vector3 { extent / step + Vector3(repeating: 2) }
    while cells().x * cells().y * cells().z > Double(Self.fieldLimit) { step *= 1.25 }
    let n = SIMD3(Int(cells().x), Int(cells().y), Int(cells().z))
    let values = UnsafeMutablePointer<Float>.allocate(capacity: n.x * n.y * n.z)
    let distance = SignedDistanceField(shape)
    let origin = low
    forEachBlock(of: n.z, workers: 2) { z in
      for y in 0..<n.y {
        for x in 0..<n.x {
          let p = origin + Vector3(Double(x), Double(y), Double(z)) * step
          values[(z * n.y + y) * n.x + x] = Float(distance.sample(at: p).distance)
        }
      }
    }
    fields.append(Field(values: values, counts: n, origin: origin, spacing: step))
    return (fields.count - 1, low, high)
  }

  /// Nodes of a shape's field.
  private static let fieldLimit = 4_000_000

  /// Puts the parts where the bodies are.
  func place(_ bodies: [BodyProxy]) {
    placed.removeAll(keepingCapacity: true)
    for part in parts {
      let worldFromPart = bodies[part.solid].worldFromShape * part.solidFromPart
      let (x, y, z) = (
        worldFromPart.direction(.unitX), worldFromPart.direction(.unitY), worldFromPart.direction(.unitZ)
      )
      var piece = FKPart()
      piece.shape = part.kind
      piece.body = Int32(part.solid)
      piece.size = part.size
      piece.rotation = (
        Float(x.x), Float(y.x), Float(z.x), Float(x.y), Float(y.y), Float(z.y), Float(x.z), Float(y.z), Float(z.z)
      )
      piece.translation = worldFromPart.translation.floats
      if part.low.x.isFinite {
        let (middle, half) = (worldFromPart.point((part.low + part.high) / 2), (part.high - part.low) / 2)
        let reach = pointwiseAbs(x) * half.x + pointwiseAbs(y) * half.y + pointwiseAbs(z) * half.z
        (piece.low, piece.high) = ((middle - reach).floats, (middle + reach).floats)
      } else {
        piece.low = (-.infinity, -.infinity, -.infinity)
        piece.high = (.infinity, .infinity, .infinity)
      }
      if let field = part.field.map({ fields[$0] }) {
        piece.field = UnsafePointer(field.values)
        piece.fieldCount = (Int32(field.counts.x), Int32(field.counts.y), Int32(field.counts.z))
        piece.fieldOrigin = field.origin.floats
        piece.fieldSpacing = Float(field.spacing)
      }
      placed.append(piece)
    }
  }
}

private func pointwiseAbs(_ v: Vector3) -> Vector3 { Vector3(abs(v.x), abs(v.y), abs(v.z)) }
