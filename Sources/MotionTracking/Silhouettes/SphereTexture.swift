import Foundation
import WorldCore

/// What a ball's visible side looks like, and how far it turned since another look.
///
/// The disc is resampled to a lattice in units of its radius; what varies slowly over it (shading, which doesn't turn with the ball) is
/// fitted by a quadratic and taken off. A turn by the vector w takes the surface point q, a unit vector, to R(w)q; the w is sought that
/// makes the one look the other, by least squares from the previous turn or from the best of a coarse lattice of turns. Frame: x right, y down, z away
/// from the camera.
struct SphereTexture {
  /// Lattice points from the centre to the rim.
  private static let reach = 12
  private static let side = 2 * reach + 1
  /// Share of the radius that is looked at: the rim is blurred with the scene behind it.
  private static let rim = 0.8
  /// Silhouettes of fewer working pixels' radius, or longer than wide by more, are no balls to see a turn of.
  static let least = (radius: 6.0, roundness: 1.25)
  /// Encoded levels of texture, rms, below which there is nothing to follow.
  private static let leastTexture = 6.0
  /// Correlation of both looks below which they aren't the same side.
  private static let leastCorrelation = 0.85
  /// Lattice points seen in both looks, at least.
  private static let leastShared = 120
  /// Turns from look to look that are tried from scratch, radians in each component: −0.9…0.9.
  private static let coarse = (-3...3).map { 0.3 * Double($0) }

  /// Lattice points within the rim, unit radius.
  private static let places: [SIMD2<Double>] = {
    var places: [SIMD2<Double>] = []
    for j in -reach...reach {
      for i in -reach...reach {
        let p = SIMD2(Double(i), Double(j)) / Double(reach)
        if (p * p).sum() <= rim * rim { places.append(p) }
      }
    }
    return places
  }()

  /// Texture at each lattice point of the square, encoded levels.
  private let values: [Float]

  /// nil where the ball is too small or plain.
  init?(_ frame: WorkingFrame, center: SIMD2<Double>, radius: Double) {
    guard radius >= Self.least.radius else { return nil }
    let (w, h) = (frame.width, frame.height)
    func luma(_ x: Int, _ y: Int) -> Double {
      let i = 3 * (min(max(y, 0), h - 1) * w + min(max(x, 0), w - 1))
      return (77 * Double(frame.rgb[i]) + 150 * Double(frame.rgb[i + 1]) + 29 * Double(frame.rgb[i + 2])) / 256
    }
    var values = [Float](repeating: 0, count: Self.side * Self.side)
    for j in 0..<Self.side {
      for i in 0..<Self.side {
        let p = center + SIMD2(Double(i - Self.reach), Double(j - Self.reach)) / Double(Self.reach) * radius - 0.5
        let (x, y) = (Int(p.x.rounded(.down)), Int(p.y.rounded(.down)))
        let (fx, fy) = (p.x - Double(x), p.y - Double(y))
        let above = luma(x, y) * (1 - fx) + luma(x + 1, y) * fx
        let below = luma(x, y + 1) * (1 - fx) + luma(x + 1, y + 1) * fx
        values[j * Self.side + i] = Float(above * (1 - fy) + below * fy)
      }
    }
    guard let flat = Self.withoutShading(values) else { return nil }
    self.values = flat
    let power = Self.places.reduce(0.0) { $0 + pow(Self.sample(flat, at: $1), 2) } / Double(Self.places.count)
    guard power.squareRoot() >= Self.leastTexture else { return nil }
  }

  /// Takes the best quadratic over the disc off.
  private static func withoutShading(_ values: [Float]) -> [Float]? {
    func terms(_ p: SIMD2<Double>) -> [Double] { [1, p.x, p.y, p.x * p.x, p.x * p.y, p.y * p.y] }
    // Normal equations of six unknowns over a symmetric disc, by elimination.
    var a = [[Double]](repeating: [Double](repeating: 0, count: 7), count: 6)
    for p in places {
      let t = terms(p)
      let value = sample(values, at: p)
      for i in 0..<6 {
        for j in 0..<6 { a[i][j] += t[i] * t[j] }
        a[i][6] += t[i] * value
      }
    }
    for i in 0..<6 {
      guard a[i][i] > 1e-9 else { return nil }
      for k in 0..<6 where k != i {
        let factor = a[k][i] / a[i][i]
        for j in i..<7 { a[k][j] -= factor * a[i][j] }
      }
    }
    let c = (0..<6).map { a[$0][6] / a[$0][$0] }
    var flat = values
    for j in 0..<side {
      for i in 0..<side {
        let p = SIMD2(Double(i - reach), Double(j - reach)) / Double(reach)
        flat[j * side + i] -= Float(zip(terms(p), c).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
    return flat
  }

  /// Bilinear, p in units of the radius within the square.
  private static func sample(_ values: [Float], at p: SIMD2<Double>) -> Double {
    let (x, y) = ((p.x + 1) * Double(reach), (p.y + 1) * Double(reach))
    let (i, j) = (min(side - 2, max(0, Int(x))), min(side - 2, max(0, Int(y))))
    let (fx, fy) = (x - Double(i), y - Double(j))
    let k = j * side + i
    let above = Double(values[k]) * (1 - fx) + Double(values[k + 1]) * fx
    let below = Double(values[k + side]) * (1 - fx) + Double(values[k + side + 1]) * fx
    return above * (1 - fy) + below * fy
  }

  /// The turn since an earlier look, radians; nil where the two don't show one side.
  ///
  /// - Parameter guess: the turn before, if one is known.
  func turn(since earlier: SphereTexture, guess: SIMD3<Double>?) -> SIMD3<Double>? {
    var best = (turn: SIMD3<Double>.zero, correlation: -1.0)
    if let guess { best = refined(guess, earlier) }
    if best.correlation < Self.leastCorrelation {
      var start = (turn: SIMD3<Double>.zero, correlation: -1.0)
      for x in Self.coarse {
        for y in Self.coarse {
          for z in Self.coarse {
            let turn = SIMD3(x, y, z)
            let value = correlation(turn, earlier)
            if value > start.correlation { start = (turn, value) }
          }
        }
      }
      let found = refined(start.turn, earlier)
      if found.correlation > best.correlation { best = found }
    }
    return best.correlation >= Self.leastCorrelation ? best.turn : nil
  }

  /// Climbs from a turn by halving steps along each component.
  private func refined(_ start: SIMD3<Double>, _ earlier: SphereTexture) -> (turn: SIMD3<Double>, correlation: Double) {
    var best = (turn: start, correlation: correlation(start, earlier))
    var step = 0.15
    while step > 0.004 {
      var improved = false
      for axis in 0..<3 {
        for sign in [-1.0, 1] {
          var turn = best.turn
          turn[axis] += sign * step
          let value = correlation(turn, earlier)
          if value > best.correlation { (best, improved) = ((turn, value), true) }
        }
      }
      if !improved { step /= 2 }
    }
    return best
  }

  /// Correlation of this look with an earlier one turned by w, over what is in sight in both.
  private func correlation(_ w: SIMD3<Double>, _ earlier: SphereTexture) -> Double {
    let angle = (w * w).sum().squareRoot()
    let k = angle > 1e-12 ? w / angle : SIMD3(1, 0, 0)
    // Back to where each point was: Rodrigues' formula by −angle.
    let (c, s) = (cos(angle), -sin(angle))
    var (n, a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for p in Self.places {
      let q = SIMD3(p.x, p.y, -(1 - (p * p).sum()).squareRoot())
      let cross = SIMD3(k.y * q.z - k.z * q.y, k.z * q.x - k.x * q.z, k.x * q.y - k.y * q.x)
      let before = q * c + cross * s + k * ((k * q).sum() * (1 - c))
      let place = SIMD2(before.x, before.y)
      guard before.z < 0, (place * place).sum() <= Self.rim * Self.rim else { continue }
      let (u, v) = (Self.sample(values, at: p), Self.sample(earlier.values, at: place))
      n += 1
      a += u
      b += v
      aa += u * u
      bb += v * v
      ab += u * v
    }
    guard n >= Double(Self.leastShared) else { return -1 }
    let variance = (aa - a * a / n) * (bb - b * b / n)
    return variance > 0 ? (ab - a * b / n) / variance.squareRoot() : -1
  }
}
