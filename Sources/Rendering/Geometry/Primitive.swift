import WorldCore

/// One piece of a body as rays meet it: a form, where it is while the shutter is open, and what it looks like.
///
/// Plain data, so that the callbacks of the ray tracer can read it through a pointer.
struct Primitive {
  enum Form: UInt8 {
    case sphere, box, cylinder, capsule, cone, torus
    /// Triangles, traced by Embree itself as an instance.
    case mesh
    /// Triangles that move on their own: a cloth.
    case sheet
    /// Infinite, so it stays outside the hierarchy of bounds; its normal is the shape's, in `extent`.
    case plane
  }

  var form: Form
  /// sphere: (radius, –, –); box: half extents; cylinder, capsule and cone: (radius, –, half height); torus: (radius, –, tube).
  var extent: Float3
  /// Numbers of the item in the stage (sheets follow items), of the material, and of the mesh or sheet in the renderer's
  /// tables.
  var item: Int32
  var material: Int32
  var mesh: Int32
  var motion: ShutterMotion
  /// Of a plane at rest: unit normal in the world and its distance from the origin.
  var plane = SIMD4<Float>.zero

  /// Half the box around the form in its own frame; every form is centred on its origin.
  var halfExtents: Float3 {
    switch form {
    case .sphere: Float3(repeating: extent.x)
    case .box: extent
    case .cylinder, .cone: Float3(extent.x, extent.x, extent.z)
    case .capsule: Float3(extent.x, extent.x, extent.z + extent.x)
    case .torus: Float3(extent.x + extent.z, extent.x + extent.z, extent.z)
    case .mesh, .sheet, .plane: .zero
    }
  }
}

/// What a ray meets first.
struct Hit {
  /// Along the ray; infinite when it meets nothing.
  var distance: Float
  /// Number of the primitive, −1 for none.
  var primitive: Int32
  /// Number of the triangle of a mesh and the barycentric place on it.
  var triangle: UInt32
  var barycentric: SIMD2<Float>
  /// In the shape frame: a unit vector outwards for analytic forms, any length for triangles.
  var localNormal: Float3

  @inline(__always) var isMiss: Bool { primitive < 0 }

  static let miss = Hit(distance: .infinity, primitive: -1, triangle: 0, barycentric: .zero, localNormal: .zero)
}

/// A half-line of unit direction, at a time in 0…1 of the shutter's opening.
struct Ray {
  var origin: Float3
  var direction: Float3
  var time: Float

  @inline(__always) func point(at distance: Float) -> Float3 { origin + direction * distance }
}
