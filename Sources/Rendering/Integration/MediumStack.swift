/// The clear bodies that a ray is inside of.
///
/// Clear bodies may overlap: the water of an aquarium reaches a little into its glass, the panes of a tank into one another. As
/// in Schmidt & Budge 2002 ("Simple nested dielectrics in ray traced images") one of them rules wherever several are – a solid
/// before a liquid, of two alike the one that was entered first – and only faces where the ruler changes bend or mirror light.
/// Faces that coincide are met as one: bodies should overlap rather than touch.
struct MediumStack {
  /// Numbers of primitives in the order they were entered, −1 where the list has ended.
  private var primitives = SIMD8<Int32>(repeating: -1)
  private var count = 0

  /// A face of a clear body as a ray meets it.
  struct Crossing {
    /// Refractive index beyond the face over that before it.
    var eta: Float
    /// Whether light bends and is mirrored here: not where a body ends inside another that rules, or meets its like.
    var isVisible: Bool
    /// The medium of the way up to the face: the number of a primitive, −1 for air.
    var before: Int32
    /// What the ray is inside of if it goes on.
    var beyond: MediumStack
  }

  /// The number of the primitive whose medium a ray travels in, −1 for air.
  @inline(__always)
  func ruler(_ lighting: Lighting) -> Int32 {
    var best: Int32 = -1
    for k in 0..<count {
      let candidate = primitives[k]
      if best < 0
        || (lighting.material(ofPrimitive: best).pointee.isLiquid
          && !lighting.material(ofPrimitive: candidate).pointee.isLiquid)
      {
        best = candidate
      }
    }
    return best
  }

  /// - Parameter isEntering: whether the ray comes from outside the closed surface of `primitive`.
  @inline(__always)
  func crossing(_ primitive: Int32, isEntering: Bool, _ lighting: Lighting) -> Crossing {
    var (inside, beyond) = (self, self)
    if isEntering {
      beyond.enter(primitive)
    } else {
      // A ray that leaves what it never entered began inside.
      if !inside.contains(primitive) { inside.enter(primitive) }
      beyond.leave(primitive)
    }
    let (before, after) = (inside.ruler(lighting), beyond.ruler(lighting))
    let eta = Self.index(after, lighting) / Self.index(before, lighting)
    return Crossing(eta: eta, isVisible: before != after && abs(eta - 1) > 1e-4, before: before, beyond: beyond)
  }

  private static func index(_ primitive: Int32, _ lighting: Lighting) -> Float {
    primitive < 0 ? 1 : lighting.material(ofPrimitive: primitive).pointee.refractiveIndex
  }

  private func contains(_ primitive: Int32) -> Bool { any(primitives .== primitive) }

  /// More than eight bodies inside one another: the last ones don't show.
  private mutating func enter(_ primitive: Int32) {
    guard count < primitives.scalarCount, !contains(primitive) else { return }
    primitives[count] = primitive
    count += 1
  }

  private mutating func leave(_ primitive: Int32) {
    guard let place = (0..<count).first(where: { primitives[$0] == primitive }) else { return }
    for k in place..<count - 1 { primitives[k] = primitives[k + 1] }
    count -= 1
    primitives[count] = -1
  }
}
