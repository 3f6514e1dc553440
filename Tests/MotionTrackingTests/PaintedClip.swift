import Foundation
import MotionTracking
import WorldCore

/// A clip drawn for a test: shaded discs over a textured wall, with noise, motion blur and a coder's softness.
struct PaintedClip {
  struct Disc {
    var radius: Double
    var color: SIMD3<Double>
    /// Share of what is behind it that it covers: a coder's halo covers little.
    var opacity = 1.0
    /// The centre at a time, px; nil where it isn't in the world.
    var place: @Sendable (_ seconds: Double) -> SIMD2<Double>?
    /// How far it has turned at a time, radians clockwise; nil is a plain disc, else it has dark sectors.
    var turn: (@Sendable (_ seconds: Double) -> Double)?
  }

  var width = 256
  var height = 144
  var fps = 30.0
  var frames = 45
  /// Standard deviation of the noise, levels.
  var noise = 2.0
  var seed: UInt64 = 1
  var discs: [Disc]
  /// Which picture each frame shows; the identity unless a test shuffles.
  var order: [Int]?
  /// The wall has one colour, and no lines.
  var isPlain = false
  /// Share of its levels that the picture has at a time: fades go from 0 to 1.
  var light: @Sendable (_ seconds: Double) -> Double = { _ in 1 }
  /// Where the camera looks at a time, px: the whole scene shifts against it.
  var camera: @Sendable (_ seconds: Double) -> SIMD2<Double> = { _ in .zero }

  func play(_ visit: (TimedFrame) throws -> Void) throws {
    for k in 0..<frames {
      try visit(TimedFrame(index: k, time: Double(k) / fps, image: picture(order?[k] ?? k)))
    }
  }

  /// The wall: two gradients and a few lines, sharper than the noise.
  private func wall(_ x: Double, _ y: Double) -> SIMD3<Double> {
    if isPlain { return SIMD3(170, 170, 175) }
    let shade = 120 + 30 * sin(x * 0.05) * cos(y * 0.07) + 0.12 * x
    let tile = (Int(floor(x / 32)) + Int(floor(y / 24))) % 2 == 0 ? 12.0 : 0
    return SIMD3(shade + tile, shade * 0.95 + tile, shade * 0.85 + tile)
  }

  private func picture(_ k: Int) -> Image<SRGB8> {
    let time = Double(k) / fps
    let view = camera(time)
    var stream = RandomStream(seed: seed, "painted noise").substream(k)
    var pixels: [SIMD3<Double>] = []
    pixels.reserveCapacity(width * height)
    for y in 0..<height { for x in 0..<width { pixels.append(wall(Double(x) + 0.5 + view.x, Double(y) + 0.5 + view.y)) } }
    for disc in discs {
      // The shutter is open for half a frame, centred on the frame's time: four instants of it.
      for s in 0..<4 {
        let instant = time + (Double(s) - 1.5) / 8 / fps
        guard let c = disc.place(instant).map({ $0 - view }) else { continue }
        let turn = disc.turn?(instant)
        let reach = Int(disc.radius + 2)
        for y in stride(from: max(0, Int(c.y) - reach), through: min(height - 1, Int(c.y) + reach), by: 1) {
          for x in stride(from: max(0, Int(c.x) - reach), through: min(width - 1, Int(c.x) + reach), by: 1) {
            let d = SIMD2(Double(x) + 0.5, Double(y) + 0.5) - c
            let r = (d * d).sum().squareRoot()
            let coverage = disc.opacity * min(1, max(0, disc.radius + 0.5 - r)) / 4
            guard coverage > 0 else { continue }
            let light = 0.75 + 0.25 * (-(d.x + d.y) / disc.radius / 1.5)
            let still = wall(Double(x) + 0.5 + view.x, Double(y) + 0.5 + view.y)
            let isDark = turn.map { Self.isDark(atan2(d.y, d.x) - $0) } ?? false
            pixels[y * width + x] += coverage * (disc.color * (isDark ? 0.3 : light) - still)
          }
        }
      }
    }
    var image = Image(width: width, height: height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    let light = light(time)
    for i in pixels.indices {
      pixels[i] *= light
      // A coder keeps neighbours alike: the noise is half shared with the pixel before.
      func level(_ v: Double) -> UInt8 { UInt8(min(255, max(0, (v + stream.normal(standardDeviation: noise)).rounded()))) }
      image.pixels[i] = SRGB8(red: level(pixels[i].x), green: level(pixels[i].y), blue: level(pixels[i].z))
    }
    return image
  }

  /// Of seven sectors three are dark, in no regular order.
  private static func isDark(_ angle: Double) -> Bool {
    let sector = (angle / (2 * .pi) * 7).rounded(.down).truncatingRemainder(dividingBy: 7)
    return [0, 2, 3].contains(sector < 0 ? sector + 7 : sector)
  }

  static let red = SIMD3(205.0, 60, 40)
  static let blue = SIMD3(40.0, 70, 190)
}

extension PaintedClip {
  /// What happens to a ball thrown into a room with a floor near the picture's lower edge.
  enum Fate: String, CaseIterable, Sendable {
    case lawful, weightlessFromHalf, teleports, gainsEnergy, vanishes
  }

  /// g in px/s², the floor's height and the time at which the fate strikes scale with the picture.
  static func thrown(_ fate: Fate, width: Int = 256, fps: Double = 30, noise: Double = 2, seed: UInt64 = 1) -> (
    clip: PaintedClip, strike: Double?
  ) {
    let scale = Double(width) / 256
    let height = Int(144 * scale)
    let g = 420.0 * scale, radius = 7 * scale, floor = Double(height) - 10 * scale - radius
    var events: [(time: Double, p: SIMD2<Double>, v: SIMD2<Double>, g: Double)] = []
    var (t, p, v) = (0.0, SIMD2(20.0, 45) * scale, SIMD2(95.0, -40) * scale)
    var strike: Double?
    events.append((t, p, v, g))
    var gained = false
    while t < 3 {
      let fall = (-v.y + (v.y * v.y + 2 * g * (floor - p.y)).squareRoot()) / g
      (p, v, t) = (SIMD2(p.x + v.x * fall, floor), SIMD2(v.x * 0.97, -0.8 * (v.y + g * fall)), t + fall)
      if fate == .gainsEnergy && !gained {
        v.y *= 1.25 / 0.8
        gained = true
        strike = t
      }
      events.append((t, p, v, g))
    }
    let vanishing = 0.7
    switch fate {
    case .weightlessFromHalf:
      // Gravity ends while the ball rises after its first bounce.
      let bounce = events[1]
      let time = bounce.time + 0.08
      let dt = time - bounce.time
      events = [
        events[0], bounce,
        (time, bounce.p + bounce.v * dt + SIMD2(0, g * dt * dt / 2), bounce.v + SIMD2(0, g * dt), 0),
      ]
      strike = time
    case .teleports: strike = 0.8
    case .vanishes: strike = vanishing
    case .lawful, .gainsEnergy: break
    }
    let fixed = events
    let disc = Disc(radius: radius, color: red) { time in
      if fate == .vanishes && time >= vanishing { return nil }
      guard let e = fixed.last(where: { $0.time <= time }) ?? fixed.first else { return nil }
      let dt = time - e.time
      var p = e.p + e.v * dt + SIMD2(0, e.g * dt * dt / 2)
      if fate == .teleports && time >= 0.8 { p += SIMD2(45, -35) * scale }
      return p
    }
    return (
      PaintedClip(width: width, height: height, fps: fps, frames: Int(1.5 * fps), noise: noise, seed: seed, discs: [disc]),
      strike
    )
  }
}
