import Foundation
import WorldCore

/// Procedural textures: the colour of a patterned material at a point of its shape frame, averaged over a pixel.
enum PatternPainter {
  /// `footprint` is the pixel's width there in metres, `sight` the direction of sight in the shape frame.
  @inline(never)
  static func color(
    of material: UnsafePointer<Material>, on primitive: UnsafePointer<Primitive>, at p: Float3, normal: Float3,
    footprint: Float, sight: Float3
  ) -> Float3 {
    let m = material.pointee
    guard let kind = m.pattern else { return m.color }
    let radius = max(p.length, 1e-6)
    switch kind {
    case .wood: return wood(m, p, footprint)
    case .marble: return marble(m, p, footprint)
    case .speckle: return speckle(m, p, footprint)
    case .basketball: return basketball(m, p * (1 / radius), footprint / radius)
    case .football: return football(m, p * (1 / radius), footprint / radius)
    case .billiard: return billiard(m, p * (1 / radius), footprint / radius)
    case .checker, .stripes, .gingham, .bricks, .tiles, .parquet:
      let place = SurfaceCoordinates(
        primitive, at: p, normal: normal, repeats: m.patternScale, footprint: footprint, sight: sight)
      let (uv, width) = (place.uv / m.patternScale, place.width / m.patternScale)
      switch kind {
      case .checker:
        let square = SIMD2(alternation(uv.x * 2, width.x * 2), alternation(uv.y * 2, width.y * 2))
        return mix(m.color, m.patternColor, 0.5 - 0.5 * square.x * square.y)
      case .stripes: return mix(m.color, m.patternColor, 0.5 - 0.5 * alternation(uv.x * 2, width.x * 2))
      case .gingham:
        // Half the threads are dyed either way; where both cross the colour is full.
        let dyed = SIMD2(0.5 - 0.5 * alternation(uv.x * 2, width.x * 2), 0.5 - 0.5 * alternation(uv.y * 2, width.y * 2))
        return mix(m.color, m.patternColor, (dyed.x + dyed.y) * 0.5)
      case .bricks: return bricks(m, uv, width)
      case .tiles: return tiles(m, uv, width)
      default: return parquet(m, uv, width)
      }
    }
  }

  /// A pattern's average colour: what it adds to the light of a room.
  static func mean(_ material: Material) -> Float3 {
    switch material.pattern {
    case nil: material.color
    case .checker, .stripes, .gingham: (material.color + material.patternColor) * 0.5
    case .wood, .parquet, .marble: mix(material.color, material.patternColor, 0.4)
    case .football: mix(material.color, material.patternColor, 0.3)
    case .billiard:
      material.number >= 9 ? mix(material.color, material.patternColor, 0.45) : mix(material.color, material.patternColor, 0.1)
    case .bricks, .tiles, .speckle, .basketball: mix(material.color, material.patternColor, 0.1)
    }
  }

  // MARK: Averages over a pixel

  /// +1 on even cells and −1 on odd ones, averaged over `width`.
  private static func alternation(_ x: Float, _ width: Float) -> Float {
    let w = max(width, 1e-4)
    func integral(_ x: Float) -> Float {
      let t = x * 0.5
      return abs(t - t.rounded(.down) - 0.5)
    }
    // The integral of the square wave is a triangle wave.
    let average = 2 * (integral(x - w * 0.5) - integral(x + w * 0.5)) / w
    return clamp(average, -1, 1)
  }

  /// The part of a pixel of `width` at distance `distance` from a line that the line, `line` wide, covers.
  private static func line(_ distance: Float, _ line: Float, _ width: Float) -> Float {
    let w = max(width, 1e-5)
    return clamp((line * 0.5 - abs(distance)) / w + 0.5, 0, 1) * min(1, line / w)
  }

  /// The part that lies where `distance` is negative.
  private static func inside(_ distance: Float, _ width: Float) -> Float { clamp(0.5 - distance / max(width, 1e-5), 0, 1) }

  // MARK: Laid patterns

  private static func bricks(_ m: Material, _ uv: SIMD2<Float>, _ width: SIMD2<Float>) -> Float3 {
    // A brick is one repeat long and a third of it high; each row starts half a brick on.
    let row = (uv.y * 3).rounded(.down)
    let x = uv.x + 0.5 * (row - 2 * (row * 0.5).rounded(.down))
    let column = x.rounded(.down)
    let (dx, dy) = (abs(x - column - 0.5) - 0.5, (abs(uv.y * 3 - row - 0.5) - 0.5) / 3)
    let mortar = max(line(dx, 0.045, width.x), line(dy, 0.045, width.y))
    let fade = clamp(1.5 - width.y * 3, 0, 1)
    let tone = 1 + (Noise.hash(Float3(column, row, 3)) - 0.5) * 0.5 * fade
    let grain = 1 + (Noise.value(Float3(uv.x * 34, uv.y * 34, 1)) - 0.5) * 0.22 * fade
    return mix(m.color * tone * grain, m.patternColor, mortar)
  }

  private static func tiles(_ m: Material, _ uv: SIMD2<Float>, _ width: SIMD2<Float>) -> Float3 {
    let cell = uv.rounded(.down)
    let d = uv - cell - 0.5
    let grout = max(line(abs(d.x) - 0.5, 0.024, width.x), line(abs(d.y) - 0.5, 0.024, width.y))
    let fade = clamp(1.5 - max(width.x, width.y), 0, 1)
    let tone = 1 + (Noise.hash(Float3(cell.x, cell.y, 8)) - 0.5) * 0.09 * fade
    return mix(m.color * tone, m.patternColor, grout)
  }

  private static func parquet(_ m: Material, _ uv: SIMD2<Float>, _ width: SIMD2<Float>) -> Float3 {
    // Strips a sixth of a repeat wide, boards of one repeat, every strip shifted by chance.
    let strip = (uv.y * 6).rounded(.down)
    let x = uv.x + Noise.hash(Float3(strip, 2, 5)) * 7
    let board = x.rounded(.down)
    let (dx, dy) = (abs(x - board - 0.5) - 0.5, (abs(uv.y * 6 - strip - 0.5) - 0.5) / 6)
    let seam = max(line(dx, 0.008, width.x), line(dy, 0.006, width.y))
    let fade = clamp(1.4 - width.y * 6, 0, 1)
    let grainFade = clamp(1.4 - width.y * 26, 0, 1)
    var tone = 0.4 + (Noise.hash(Float3(board, strip, 11)) - 0.5) * 0.75 * fade
    if grainFade > 0 {
      let offset = Noise.hash(Float3(strip, board, 23)) * 40
      tone += (Noise.fractal(Float3(x * 3, uv.y * 52, offset), octaves: 2) - 0.5) * 0.75 * grainFade
    }
    let board3 = mix(m.color, m.patternColor, clamp(tone, 0, 1))
    return board3 * (1 - 0.62 * seam)
  }

  // MARK: Grown patterns

  private static func wood(_ m: Material, _ p: Float3, _ footprint: Float) -> Float3 {
    // A trunk along x, its rings bent by slow noise; repeats are rings.
    let q = p * (1 / m.patternScale)
    let w = footprint / m.patternScale
    let bend = Noise.value(Float3(q.x * 0.22, q.y * 0.5, q.z * 0.5) + 31) - 0.5
    let (y, z) = (q.y + 2.3 + bend * 1.4, q.z + 3.1 + bend)
    let ring = (y * y + z * z).squareRoot()
    let phase = ring - ring.rounded(.down)
    // Early wood darkens slowly into late wood, which ends sharply.
    let ringed = phase * phase * (1 - smoothstep(0.86, 1, phase))
    var tone = mix(ringed, 0.3, smoothstep(0.3, 0.9, w))
    if w < 0.25 { tone += (Noise.value(Float3(q.x * 1.5, q.y * 26, q.z * 26)) - 0.5) * 0.35 * (1 - w * 4) }
    return mix(m.color, m.patternColor, clamp(tone, 0, 1))
  }

  private static func marble(_ m: Material, _ p: Float3, _ footprint: Float) -> Float3 {
    let q = p * (1 / m.patternScale)
    let turbulence = Noise.fractal(q * 1.6 + 5, octaves: 4) - 0.5
    let wave = abs(sin((q.x + q.y * 0.6 + q.z * 0.35) * .pi + turbulence * 7.5))
    let vein = 1 - wave
    let cloud = Noise.value(q * 0.9 + 40) * 0.3
    let tone = vein * vein * vein * vein * 0.95 + cloud
    return mix(m.color, m.patternColor, clamp(mix(tone, 0.3, smoothstep(0.2, 0.8, footprint / m.patternScale)), 0, 1))
  }

  private static func speckle(_ m: Material, _ p: Float3, _ footprint: Float) -> Float3 {
    // One round grain of chance place and size in each cell.
    let q = p * (1 / m.patternScale)
    let w = footprint / m.patternScale
    let base = q.rounded(.down)
    var cover: Float = 0
    for k in 0..<27 {
      let cell = base + Float3(Float(k % 3 - 1), Float(k / 3 % 3 - 1), Float(k / 9 - 1))
      let center = cell + Float3(Noise.hash(cell), Noise.hash(cell + 17), Noise.hash(cell + 43))
      let radius = 0.12 + 0.26 * Noise.hash(cell + 71)
      cover = max(cover, inside((q - center).length - radius, max(w, 0.03)))
    }
    return mix(m.color, m.patternColor, mix(cover, 0.25, smoothstep(0.5, 1.5, w)))
  }

  // MARK: Balls (p on the unit sphere, w a pixel's width on it)

  private static func basketball(_ m: Material, _ p: Float3, _ w: Float) -> Float3 {
    // Two great circles and two ovals that bulge towards the poles of y.
    let width: Float = 0.045
    let oval = abs(p.y) - 0.56 + 0.30 * p.x * p.x
    let seam = max(line(p.x, width, w), max(line(p.z, width, w), line(oval, width, w)))
    let pebble = w < 0.06 ? 1 + (Noise.value(p * 46) - 0.5) * 0.16 * (1 - w / 0.06) : 1
    return mix(m.color * pebble, m.patternColor, seam)
  }

  /// The axes of an icosahedron's corners (12, pentagons) and faces (20, hexagons): the panels of a football.
  private static let panels: [SIMD4<Float>] = {
    let golden: Float = 1.618_034
    var corners: [Float3] = []
    for a in [Float(-1), 1] {
      for b in [-golden, golden] { corners += [Float3(0, a, b), Float3(a, b, 0), Float3(b, 0, a)] }
    }
    var axes = corners.map { SIMD4($0.normalized, 2.327_438) }
    for i in 0..<12 {
      for j in (i + 1)..<12 where (corners[i] - corners[j]).length < 2.1 {
        for k in (j + 1)..<12 where (corners[i] - corners[k]).length < 2.1 && (corners[j] - corners[k]).length < 2.1 {
          axes.append(SIMD4((corners[i] + corners[j] + corners[k]).normalized, 2.267_284))
        }
      }
    }
    return axes
  }()

  private static func football(_ m: Material, _ p: Float3, _ w: Float) -> Float3 {
    // A ray from the centre leaves a truncated icosahedron through the face whose plane it meets first.
    var best: Float = 0, second: Float = 0
    var isPentagon = false
    panels.withUnsafeBufferPointer { panels in
      for (index, panel) in panels.enumerated() {
        let nearness = (panel.x * p.x + panel.y * p.y + panel.z * p.z) / panel.w
        if nearness > best {
          (second, best) = (best, nearness)
          isPentagon = index < 12
        } else if nearness > second {
          second = nearness
        }
      }
    }
    let edge = (best - second) * 3.3
    let seam = line(edge, 0.035, w)
    let color = isPentagon ? m.patternColor : m.color
    let average = mix(m.color, m.patternColor, 0.3)
    return mix(mix(color, average, smoothstep(0.4, 1.2, w)), m.patternColor * 0.8 + 0.02, seam * 0.8)
  }

  private static func billiard(_ m: Material, _ p: Float3, _ w: Float) -> Float3 {
    let isStriped = m.number >= 9
    var color = m.color
    if isStriped { color = mix(m.patternColor, m.color, inside(abs(p.z) - 0.52, w)) }
    guard m.number > 0 else { return color }
    // The number stands in a disc on either side of x.
    let side: Float = p.x >= 0 ? 1 : -1
    let spot = SIMD2(p.y * side, p.z)
    let distance = (spot * spot).sum().squareRoot()
    color = mix(color, m.patternColor, inside(distance - 0.42, w))
    if distance < 0.42 {
      color = mix(color, Float3(repeating: 0.02), Numerals.cover(Int(m.number), at: spot / 0.42, width: w / 0.42))
    }
    return color
  }
}
