import Foundation
import WorldCore

/// The light that comes from far away in each direction: a procedural dome and the key light's disc.
struct Sky: Sendable {
  let kind: Stage.Light.Sky
  /// The same radiance from everywhere and no key light: the furnace that shading is tested in.
  let furnace: Float?
  /// Unit vector towards the key light and the frame around it.
  let keyDirection: Float3
  let keyTangent: Float3
  let keyBitangent: Float3
  /// Unit vector towards the key light's foot on the horizon.
  private let keyAzimuth: Float3
  /// Irradiance of the key light on a surface that faces it, over π: the radiance that it gives a white wall.
  let keyLight: Float3
  /// Cosine of the angular radius of the key's disc, its solid angle and its radiance.
  let discCosine: Float
  let discSolidAngle: Float
  let discRadiance: Float3
  /// The horizon's colour where it is the same all around.
  private var evenHorizon: Float3?
  /// Of a studio: a large overhead bank, a tall strip opposite to the key, and a window beside it.
  private let bank, strip, window: Panel
  /// Scales radiance to a picture's middle tones.
  let exposure: Float
  /// Metres within which the ground fades to the horizon.
  let hazeDistance: Float

  init(_ light: Stage.Light, furnace: Float? = nil) {
    kind = light.sky
    self.furnace = furnace
    let towards = light.direction.lengthSquared > 0 ? light.direction.normalized : .unitZ
    keyDirection = Float3(towards)
    (keyTangent, keyBitangent) = keyDirection.frame
    let flat = Float3(keyDirection.x, keyDirection.y, 0)
    let azimuth = flat.lengthSquared > 1e-6 ? flat.normalized : Float3(1, 0, 0)
    keyAzimuth = azimuth
    let across = Float3(-azimuth.y, azimuth.x, 0)
    bank = Panel(Float3(azimuth.x * 0.15, azimuth.y * 0.15, 1), halfWidth: 0.75, halfHeight: 0.5)
    strip = Panel(across * 0.9 - azimuth * 0.55 + Float3(0, 0, 0.55), halfWidth: 0.16, halfHeight: 0.6)
    window = Panel(azimuth + across * -0.35 + Float3(0, 0, 0.75), halfWidth: 0.42, halfHeight: 0.36)
    let key: Float3
    switch light.sky {
    case .studio: (key, exposure, hazeDistance) = (Float3(1.62, 1.50, 1.34), 0.66, 15)
    case .day: (key, exposure, hazeDistance) = (Float3(3.0, 2.7, 2.25), 0.40, 70)
    case .overcast: (key, exposure, hazeDistance) = (Float3(0.34, 0.34, 0.35), 0.78, 45)
    case .sunset: (key, exposure, hazeDistance) = (Float3(2.9, 1.45, 0.60), 0.68, 60)
    case .night: (key, exposure, hazeDistance) = (Float3(0.34, 0.40, 0.55), 1.35, 30)
    }
    keyLight = furnace == nil ? key * Float(max(0, light.intensity)) : .zero
    // Half a millirad is far below what any shadow shows, and keeps the disc's solid angle above zero.
    let radius = Float(min(max(light.angularDiameter / 2, 5e-4), 1.5))
    discCosine = cos(radius)
    // 1 − cos r loses its digits for a small r; 2 sin²(r/2) does not.
    let cap = 2 * sin(radius / 2) * sin(radius / 2)
    discSolidAngle = 2 * .pi * cap
    discRadiance = keyLight * (.pi / discSolidAngle)
    if kind == .studio || kind == .overcast { evenHorizon = horizonRadiance(Float3(1, 0, 0)) }
  }

  private func horizonRadiance(_ d: Float3) -> Float3 { kind == .studio ? studio(d) : radiance(d) }

  /// Whether the disc of the key light is seen in this direction.
  @inline(__always) func disc(covers d: Float3) -> Bool { d.dot(keyDirection) >= discCosine }

  /// The dome's radiance without the key light, smooth enough to light rough surfaces.
  func radiance(_ d: Float3) -> Float3 {
    if let furnace { return Float3(repeating: furnace) }
    return switch kind {
    case .studio: studio(d) + softboxes(d)
    case .day: day(d)
    case .overcast: overcast(d)
    case .sunset: sunset(d)
    case .night: night(d)
    }
  }

  /// What a camera sees behind everything, and smooth mirrors with it: the dome with its fine detail.
  func backdrop(_ d: Float3, isDirect: Bool) -> Float3 {
    if let furnace { return Float3(repeating: furnace) }
    // Photographers keep the lamps out of the frame, but not out of the reflections.
    return switch kind {
    case .studio: isDirect ? studio(d) : studio(d) + softboxes(d)
    case .day: clouded(day(d), d, tint: Float3(1.25, 1.22, 1.2), cover: 0.52)
    case .overcast: overcast(d)
    case .sunset: clouded(sunset(d), d, tint: Float3(1.35, 0.62, 0.42), cover: 0.5)
    case .night: night(d) + stars(d)
    }
  }

  /// What distant ground fades to below this direction of sight.
  @inline(__always) func horizon(_ d: Float3) -> Float3 {
    if let evenHorizon { return evenHorizon }
    let flat = (d.x * d.x + d.y * d.y).squareRoot()
    return radiance(flat > 1e-6 ? Float3(d.x / flat, d.y / flat, 0) : Float3(1, 0, 0))
  }

  // MARK: Domes

  /// A seamless paper backdrop, bright behind the set and falling off above.
  private func studio(_ d: Float3) -> Float3 {
    let height = max(d.z, 0)
    let wall = mix(Float3(0.62, 0.64, 0.67), Float3(0.20, 0.215, 0.24), smoothstep(-0.02, 0.75, height))
    return mix(wall, Float3(0.42, 0.41, 0.40), smoothstep(0, -0.5, d.z))
  }

  private func softboxes(_ d: Float3) -> Float3 {
    Float3(1.0, 1.0, 1.02) * (bank.share(d) * 1.5) + Float3(0.9, 1.0, 1.15) * (strip.share(d) * 2.6)
      + Float3(1.1, 1.02, 0.92) * (window.share(d) * 3.0)
  }

  /// A lamp behind a cloth, flat and far away.
  private struct Panel: Sendable {
    /// Unit vectors to its middle, across and up.
    let center, across, up: Float3
    let halfWidth, halfHeight: Float

    init(_ middle: Float3, halfWidth: Float, halfHeight: Float) {
      center = middle.normalized
      let side = Float3(-center.y, center.x, 0)
      across = side.lengthSquared > 1e-6 ? side.normalized : Float3(1, 0, 0)
      up = center.cross(across)
      (self.halfWidth, self.halfHeight) = (halfWidth, halfHeight)
    }

    /// How much of it is seen in a direction, 0 … 1 over its soft edge.
    @inline(__always) func share(_ d: Float3) -> Float {
      let cosine = d.dot(center)
      guard cosine > 0.05 else { return 0 }
      let (x, y) = (abs(d.dot(across)) / cosine, abs(d.dot(up)) / cosine)
      return (1 - smoothstep(halfWidth - 0.06, halfWidth + 0.06, x)) * (1 - smoothstep(halfHeight - 0.06, halfHeight + 0.06, y))
    }
  }

  private func day(_ d: Float3) -> Float3 {
    let height = max(d.z, 0)
    // Air thickens towards the horizon: the blue pales exponentially with the sine of elevation.
    let pale = exp(-height * 3.6)
    var sky = mix(Float3(0.24, 0.50, 1.05), Float3(1.00, 1.40, 1.95), pale)
    let towardsSun = max(d.dot(keyDirection), 0)
    let glow = towardsSun * towardsSun
    sky += Float3(1.0, 0.85, 0.6) * (0.18 * glow * glow + 0.5 * power(towardsSun, 48))
    return mix(sky, Float3(0.34, 0.33, 0.30), smoothstep(0, -0.12, d.z))
  }

  private func overcast(_ d: Float3) -> Float3 {
    // The CIE standard overcast sky: the zenith three times as bright as the horizon, softened.
    let sky = Float3(0.80, 0.83, 0.88) * ((1 + 1.2 * max(d.z, 0)) / 1.6)
    return mix(sky, Float3(0.26, 0.26, 0.25), smoothstep(0, -0.15, d.z))
  }

  private func sunset(_ d: Float3) -> Float3 {
    let height = max(d.z, 0)
    let towardsSun = d.dot(keyAzimuth) * 0.5 + 0.5
    let horizon = mix(Float3(0.42, 0.30, 0.42), Float3(1.25, 0.52, 0.20), towardsSun * towardsSun)
    let middle = mix(Float3(0.24, 0.24, 0.46), Float3(0.72, 0.38, 0.36), towardsSun)
    var sky = mix(horizon, middle, smoothstep(0, 0.28, height))
    sky = mix(sky, Float3(0.09, 0.14, 0.34), smoothstep(0.18, 0.85, height))
    let sun = max(d.dot(keyDirection), 0)
    sky += Float3(1.3, 0.62, 0.22) * (0.35 * power(sun, 10) + 0.9 * power(sun, 90))
    return mix(sky, Float3(0.15, 0.11, 0.11), smoothstep(0, -0.15, d.z))
  }

  private func night(_ d: Float3) -> Float3 {
    let height = max(d.z, 0)
    var sky = mix(Float3(0.075, 0.095, 0.16), Float3(0.012, 0.02, 0.055), smoothstep(0, 0.6, height))
    let moon = max(d.dot(keyDirection), 0)
    sky += Float3(0.10, 0.12, 0.18) * (0.35 * power(moon, 6) + power(moon, 64))
    // A town's lamps beyond the horizon.
    sky += Float3(0.20, 0.11, 0.045) * exp(-abs(d.z) * 9)
    return mix(sky, Float3(0.02, 0.02, 0.025), smoothstep(0, -0.2, d.z))
  }

  // MARK: Fine detail

  /// Flat clouds seen from below, thinning into the horizon's haze.
  private func clouded(_ sky: Float3, _ d: Float3, tint: Float3, cover: Float) -> Float3 {
    guard d.z > 0.015 else { return sky }
    let p = Float3(d.x / (d.z + 0.12), d.y / (d.z + 0.12), 0.37) * 1.15
    let density = smoothstep(cover, cover + 0.34, Noise.fractal(p, octaves: 5))
    let lit = mix(tint * 0.72, tint, smoothstep(-0.2, 0.9, d.dot(keyDirection)))
    return mix(sky, lit, density * smoothstep(0.015, 0.22, d.z) * 0.8)
  }

  private func stars(_ d: Float3) -> Float3 {
    guard d.z > 0 else { return .zero }
    let cells = d * 90
    let cell = cells.rounded(.down)
    let chance = Noise.hash(cell)
    guard chance > 0.985 else { return .zero }
    let center = cell + 0.5 + (Float3(Noise.hash(cell + 7), Noise.hash(cell + 13), Noise.hash(cell + 29)) - 0.5) * 0.6
    let spot = max(0, 1 - (cells - center).length * 3.2)
    return Float3(0.9, 0.95, 1.1) * (spot * spot * (chance - 0.985) * 60 * smoothstep(0, 0.3, d.z))
  }

  /// x^n for x in 0…1 and a whole n, by squaring.
  private func power(_ x: Float, _ n: Int) -> Float {
    var (result, base, n) = (Float(1), x, n)
    while n > 0 {
      if n & 1 == 1 { result *= base }
      base *= base
      n >>= 1
    }
    return result
  }
}
