import WorldCore

/// Paints in flat shades with ink lines: two bands of light, a rim, hard highlights.
struct AnimePainter: Sendable {
  let lighting: Lighting
  let camera: LensCamera
  let width: Int
  let height: Int
  let threads: Int

  /// What an ink line may run along.
  struct Outline: BitwiseCopyable {
    var normal: Float3
    var distance: Float
    var part: Int32

    static let nothing = Outline(normal: .zero, distance: .infinity, part: -1)
  }

  func painted(samples table: SampleTable) -> Plane2D<SIMD4<Float>> {
    let picture = Plane2D(width: width, height: height, filledWith: SIMD4<Float>.zero)
    // Outlines on a grid twice as fine: their average over four points has smooth edges.
    let outlines = Plane2D(width: width * 2, height: height * 2, filledWith: Outline.nothing)
    RowDispatch.forEachRow(height * 2, threads: threads) { y in
      for x in 0..<width * 2 {
        let ray = fineRay(x, y)
        outlines.row(y)[x] = outline(lighting.caster.closestHit(ray), of: ray)
      }
    }
    RowDispatch.forEachRow(height, threads: threads) { y in
      for x in 0..<width {
        var color = Float3.zero
        for s in 0..<table.samplesPerPixel {
          let sampler = table.sampler(x: x, y: y, sample: s)
          color += flat(camera.centerRay(through: SIMD2(Float(x), Float(y)) + sampler.point(.pixel)))
        }
        color *= 1 / Float(table.samplesPerPixel)
        let ink = inked(x, y) { outlines.row($1)[$0] }
        picture.row(y)[x] = SIMD4(Self.inked(color, by: ink), 0)
      }
    }
    return picture
  }

  /// A pixel near an outline, from the grid twice as fine alone: its four points' colours and ink.
  ///
  /// What the whole painting gives where it takes four samples; points beside the pixel are looked at as far as lines reach.
  func outlined(_ x: Int, _ y: Int) -> Float3 {
    let (reach, side) = (lineRadius, 2 + 2 * lineRadius)
    return withUnsafeTemporaryAllocation(of: Outline.self, capacity: side * side) { found in
      found.initialize(repeating: .nothing)
      var color = Float3.zero
      for row in 0..<side {
        for column in 0..<side {
          // Lines are sought along rows and columns: the corners are of no use.
          let inside = (column >= reach && column < reach + 2, row >= reach && row < reach + 2)
          guard inside.0 || inside.1 else { continue }
          let ray = fineRay(2 * x + column - reach, 2 * y + row - reach)
          let hit = lighting.caster.closestHit(ray)
          found[row * side + column] = outline(hit, of: ray)
          if inside.0 && inside.1 { color += flat(ray, hit, depth: 0) * 0.25 }
        }
      }
      let ink = inked(x, y) { found[($1 - 2 * y + reach) * side + $0 - 2 * x + reach] }
      return Self.inked(color, by: ink)
    }
  }

  // MARK: Shades

  private func flat(_ ray: Ray, depth: Int = 0) -> Float3 { flat(ray, lighting.caster.closestHit(ray), depth: depth) }

  /// What is seen along a ray that meets `hit`.
  func flat(_ ray: Ray, _ hit: Hit, depth: Int) -> Float3 {
    guard !hit.isMiss else { return sky(ray.direction) }
    let shaded = ShadedPoint(hit, of: ray, in: lighting, path: 0)
    let material = shaded.material.pointee
    if material.kind == .glass { return glass(shaded, ray, depth: depth) }
    let towards = lighting.sky.keyDirection
    let cosine = shaded.normal.dot(towards)
    var lit: Float = cosine > 0.06 ? 1 : 0
    if lit > 0 {
      lit = lighting.transmittance(from: shaded.point, towards: towards, time: ray.time).luminance > 0.3 ? 1 : 0
    }
    let (light, shade) = palette
    let half = (towards + shaded.outgoing).normalized
    var color = shaded.appearance.albedo
    if material.metallic > 0.5 {
      // Metal is drawn as bands of sky and ground.
      let m = shaded.normal.mirror(shaded.outgoing)
      let band: Float = m.z > 0.55 ? 1.15 : m.z > 0.05 ? 0.72 : m.z > -0.15 ? 0.34 : 0.55
      color = color * light * band
    } else {
      let deep: Float = cosine < -0.45 ? 0.82 : 1
      color = color * (lit > 0 ? light : shade * deep)
      let rim = 1 - shaded.cosine
      if rim > 0.78 && shaded.normal.z > -0.1 && depth == 0 { color = color * 1.18 + 0.02 }
    }
    // The highlight is a spot with a hard edge, the smaller the smoother the thing.
    let sharpness = mix(0.995, 0.93, material.roughness)
    if lit > 0 && material.roughness < 0.62 && shaded.normal.dot(half) > sharpness {
      color = mix(color, Float3(repeating: 1.05) * light, material.metallic > 0.5 ? 0.9 : 0.75)
    }
    color += material.emission
    let primitive = lighting.caster.primitives + Int(hit.primitive)
    if primitive.pointee.form == .plane {
      let share = PathTracer(lighting: lighting).haze(hit.distance)
      color = mix(color, sky(Float3(ray.direction.x, ray.direction.y, 0.012).normalized), share)
    }
    return color
  }

  private func glass(_ shaded: ShadedPoint, _ ray: Ray, depth: Int) -> Float3 {
    guard depth < 8 else { return sky(ray.direction) }
    // Seen straight through, tinted, with a bright rim on the side of the light.
    let onward = Ray(origin: shaded.point.departure(towards: ray.direction), direction: ray.direction, time: ray.time)
    var color = flat(onward, depth: depth + 1) * mix(Float3(repeating: 0.96), shaded.material.pointee.color, 0.5)
    let isFront = shaded.point.geometricNormal.dot(shaded.outgoing) > 0
    guard isFront else { return color }
    let half = (lighting.sky.keyDirection + shaded.outgoing).normalized
    let light = palette.light
    if shaded.cosine < 0.34 { color = mix(color, light * Float3(0.9, 0.97, 1.0), 0.5) }
    if shaded.normal.dot(half) > 0.985 { color = light * 1.1 }
    return color
  }

  /// What lit and shaded paint is multiplied by: light has the key's colour, shade leans to the sky's.
  private var palette: (light: Float3, shade: Float3) {
    let gain = 1 / lighting.sky.exposure
    switch lighting.sky.kind {
    case .studio: return (Float3(1.0, 0.98, 0.95) * gain, Float3(0.56, 0.54, 0.70) * gain)
    case .day: return (Float3(1.04, 1.0, 0.94) * gain, Float3(0.48, 0.53, 0.76) * gain)
    case .overcast: return (Float3(0.92, 0.94, 0.97) * gain, Float3(0.62, 0.64, 0.74) * gain)
    case .sunset: return (Float3(1.12, 0.80, 0.60) * gain, Float3(0.50, 0.36, 0.56) * gain)
    case .night: return (Float3(0.42, 0.50, 0.74) * gain, Float3(0.15, 0.17, 0.34) * gain)
    }
  }

  /// A clean gradient with cut-out clouds.
  private func sky(_ d: Float3) -> Float3 {
    let gain = 1 / lighting.sky.exposure
    let height = clamp(d.z, 0, 1)
    let (low, high, cloud): (Float3, Float3, Float3)
    switch lighting.sky.kind {
    case .studio: (low, high, cloud) = (Float3(0.86, 0.90, 0.94), Float3(0.52, 0.66, 0.86), .zero)
    case .day: (low, high, cloud) = (Float3(0.56, 0.82, 0.97), Float3(0.07, 0.30, 0.80), Float3(0.98, 0.99, 1.0))
    case .overcast: (low, high, cloud) = (Float3(0.74, 0.78, 0.82), Float3(0.46, 0.52, 0.60), Float3(0.82, 0.85, 0.88))
    case .sunset: (low, high, cloud) = (Float3(1.0, 0.52, 0.24), Float3(0.30, 0.16, 0.46), Float3(1.0, 0.66, 0.56))
    case .night: (low, high, cloud) = (Float3(0.09, 0.13, 0.30), Float3(0.012, 0.022, 0.085), Float3(0.10, 0.14, 0.30))
    }
    var color = mix(low, high, smoothstep(0, 0.65, height))
    if cloud != .zero && d.z > 0.03 {
      let p = Float3(d.x, d.y, 0) * (1.6 / (d.z + 0.22)) + Float3(3, 1, 0.5)
      let density = Noise.fractal(p, octaves: 4)
      if density > 0.56 { color = mix(color, density > 0.62 ? cloud : mix(cloud, color, 0.35), smoothstep(0.03, 0.12, d.z)) }
    }
    return color * gain
  }

  // MARK: Ink

  /// Through point (x, y) of the grid twice as fine as the pixels.
  private func fineRay(_ x: Int, _ y: Int) -> Ray { camera.centerRay(through: (SIMD2(Float(x), Float(y)) + 0.5) * 0.5) }

  private func outline(_ hit: Hit, of ray: Ray) -> Outline {
    guard !hit.isMiss else { return .nothing }
    let primitive = lighting.caster.primitives + Int(hit.primitive)
    return Outline(
      normal: SurfacePoint(hit, of: ray, in: lighting.caster).shadingNormal, distance: hit.distance,
      part: primitive.pointee.item << 12 | primitive.pointee.material)
  }

  /// How far from an edge a line reaches, in points of the fine grid. Lines keep their share of the picture: one pixel wide at
  /// 360 rows.
  private var lineRadius: Int { max(1, Int((Float(height) / 360).rounded())) }

  /// A colour with a line's ink over a share of it.
  private static func inked(_ color: Float3, by share: Float) -> Float3 {
    mix(color, color * 0.12 * Float3(0.8, 0.75, 1.1), share)
  }

  /// How much of pixel (x, y) is ink, from what the points of the fine grid in and beside it see.
  private func inked(_ x: Int, _ y: Int, _ outline: (Int, Int) -> Outline) -> Float {
    let radius = lineRadius
    var ink: Float = 0
    for sub in 0..<4 {
      let (fx, fy) = (2 * x + sub & 1, 2 * y + sub >> 1)
      var strongest: Float = 0
      let center = outline(fx, fy)
      for (dx, dy) in [(radius, 0), (0, radius), (-radius, 0), (0, -radius)] {
        let (qx, qy) = (fx + dx, fy + dy)
        guard qx >= 0, qy >= 0, qx < width * 2, qy < height * 2 else { continue }
        strongest = max(strongest, edge(center, outline(qx, qy)))
      }
      ink += strongest * 0.25
    }
    return ink
  }

  /// 1 where a line runs between two points, else 0.
  func edge(_ a: Outline, _ b: Outline) -> Float {
    if a.part != b.part {
      // The far horizon is no outline.
      return min(a.distance, b.distance) > lighting.sky.hazeDistance * 1.2 ? 0 : 1
    }
    guard a.part >= 0 else { return 0 }
    let crease = a.normal.dot(b.normal)
    let jump = abs(a.distance - b.distance) / min(a.distance, b.distance)
    return crease < 0.72 || (jump > 0.012 && crease < 0.9) ? 1 : 0
  }
}
