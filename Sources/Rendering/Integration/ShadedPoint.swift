/// A point on a surface with its looks worked out for one direction of sight.
struct ShadedPoint {
  var point: SurfacePoint
  var material: UnsafePointer<Material>
  /// Unit, towards where the ray came from, and the normal on that side.
  var outgoing: Float3
  var normal: Float3
  /// Between the two.
  var cosine: Float
  var appearance: Material.Appearance
  /// How much of a liquid's surface is froth, 0…1.
  var froth: Float = 0

  @inline(__always)
  init(_ hit: Hit, of ray: Ray, in lighting: Lighting, path length: Float, usesMeanColor: Bool = false) {
    point = SurfacePoint(hit, of: ray, in: lighting.caster)
    let primitive = lighting.caster.primitives + Int(hit.primitive)
    let number = Int(primitive.pointee.material)
    material = lighting.materials + number
    outgoing = -ray.direction
    normal = point.shadingNormal
    if point.geometricNormal.dot(outgoing) < 0 {
      // The inside of an open surface looks like its outside.
      if material.pointee.kind == .opaque { point.geometricNormal = -point.geometricNormal }
      normal = -normal
    }
    if normal.dot(outgoing) <= 0 {
      // An interpolated normal may lean away near the silhouette.
      normal = point.geometricNormal.dot(outgoing) >= 0 ? point.geometricNormal : -point.geometricNormal
    }
    cosine = max(normal.dot(outgoing), 1e-4)
    var tint = material.pointee.color
    if material.pointee.pattern != nil {
      if usesMeanColor {
        tint = lighting.meanColors[number]
      } else {
        let sight =
          primitive.pointee.form == .sheet
          ? lighting.caster.sheets[Int(primitive.pointee.mesh)].localDirection(ray.direction, hit, time: ray.time)
          : primitive.pointee.motion.placement(at: ray.time).localDirection(ray.direction)
        tint = PatternPainter.color(
          of: material, on: primitive, at: point.localPosition, normal: point.localNormal,
          footprint: (length + hit.distance) * lighting.pixelAngle, sight: sight)
      }
    }
    appearance = material.pointee.appearance(tint: tint, cosine: cosine, shares: lighting.shares)
    if material.pointee.isLiquid && material.pointee.kind == .glass {
      froth = lighting.caster.froth(hit)
      // A heap of bubbles throws back most of the light, whatever the liquid.
      appearance.diffuse = Float3(repeating: 0.85)
    }
  }
}
