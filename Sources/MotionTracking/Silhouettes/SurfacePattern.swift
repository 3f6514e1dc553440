import Foundation
import WorldCore

/// What a round silhouette shows inside: luma on rings about its middle, by which it is seen to turn about the line of sight.
struct SurfacePattern {
  /// Shares of the radius, and places on each ring.
  private static let rings = [0.35, 0.5, 0.65, 0.8]
  private static let places = 96
  /// Smaller silhouettes, px, have no inside to speak of; longer ones aren't round.
  static let least = (radius: 6.0, roundness: 1.3)
  /// The pattern stands out of the picture's noise by so much, and by so many levels.
  private static let contrast = (noises: 3.0, levels: 5.0)
  /// Turns beyond this from frame to frame may be the other way round, radians.
  private static let largest = 75 * Double.pi / 180
  /// Share of the pattern that both frames have in common, at least.
  private static let leastCorrelation = 0.6
  /// Turns are known to this at best, px at the rim: the middle and the radius are.
  private static let floor = 0.1

  /// By ring, then place; each ring without its mean and its first wave, which are what a lamp's light does to any ball.
  private let levels: [Float]
  private let radius: Double

  /// nil where there is too little pattern to tell a turn by.
  init?(_ frame: WorkingFrame, center: SIMD2<Double>, axes: SIMD2<Double>, noise: Double) {
    radius = axes.y / 2
    guard radius >= Self.least.radius, axes.x < Self.least.roundness * axes.y else { return nil }
    var levels = [Float](repeating: 0, count: Self.rings.count * Self.places)
    var power = 0.0
    for (row, share) in Self.rings.enumerated() {
      var ring = [Double](repeating: 0, count: Self.places)
      var (mean, wave) = (0.0, SIMD2<Double>.zero)
      for k in 0..<Self.places {
        let angle = 2 * Double.pi * Double(k) / Double(Self.places)
        let way = SIMD2(cos(angle), sin(angle))
        guard let level = frame.luma(at: center + share * radius * way) else { return nil }
        ring[k] = level
        mean += level / Double(Self.places)
        wave += 2 / Double(Self.places) * level * way
      }
      for k in 0..<Self.places {
        let angle = 2 * Double.pi * Double(k) / Double(Self.places)
        let rest = ring[k] - mean - wave.x * cos(angle) - wave.y * sin(angle)
        levels[row * Self.places + k] = Float(rest)
        power += rest * rest
      }
    }
    self.levels = levels
    let deviation = (power / Double(levels.count)).squareRoot()
    guard deviation > max(Self.contrast.levels, Self.contrast.noises * noise) else { return nil }
  }

  /// By how much the pattern has turned since an earlier frame; nil where it isn't seen to be the same pattern.
  func turn(since earlier: SurfacePattern) -> Track.Turn? {
    let most = Int(Self.largest / (2 * .pi) * Double(Self.places))
    var sums = [Double](repeating: 0, count: 2 * most + 1)
    var (now, before, slope) = (0.0, 0.0, 0.0)
    for row in Self.rings.indices {
      let start = row * Self.places
      // Further out a ring is longer and tells more.
      let weight = Self.rings[row]
      for k in 0..<Self.places {
        let value = Double(levels[start + k])
        let (next, last) = (levels[start + (k + 1) % Self.places], levels[start + (k + Self.places - 1) % Self.places])
        now += weight * value * value
        before += weight * pow(Double(earlier.levels[start + k]), 2)
        slope += weight * pow(Double(next - last) / 2, 2)
        for shift in -most...most {
          let from = (k - shift + Self.places) % Self.places
          sums[shift + most] += weight * value * Double(earlier.levels[start + from])
        }
      }
    }
    let scale = (now * before).squareRoot()
    guard scale > 0, let peak = sums.indices.max(by: { sums[$0] < sums[$1] }), peak > 0, peak < 2 * most else { return nil }
    let correlation = sums[peak] / scale
    guard correlation > Self.leastCorrelation else { return nil }

    // The vertex of the parabola through the highest three.
    let (a, b, c) = (sums[peak - 1], sums[peak], sums[peak + 1])
    let bend = a - 2 * b + c
    let offset = bend < 0 ? 0.5 * (a - c) / bend : 0
    let step = 2 * Double.pi / Double(Self.places)
    // What isn't common to both is noise; its pixels are as many as the disc has, and the slope tells what one is worth.
    let pixels = Double.pi * pow(0.8 * radius, 2)
    let relative = 2 * (1 - min(correlation, 0.999)) / (slope / now / (step * step)) / pixels
    let variance = relative + pow(Self.floor / radius, 2)
    return Track.Turn(angle: (Double(peak - most) + offset) * step, deviation: variance.squareRoot())
  }
}

extension WorkingFrame {
  /// Between pixels by the four around, 0…255; nil outside.
  fileprivate func luma(at place: SIMD2<Double>) -> Double? {
    let (x, y) = (place.x - 0.5, place.y - 0.5)
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    guard column >= 0, row >= 0, column + 1 < width, row + 1 < height else { return nil }
    let (u, v) = (x - Double(column), y - Double(row))
    func level(_ column: Int, _ row: Int) -> Double {
      let i = 3 * (row * width + column)
      return 0.299 * Double(rgb[i]) + 0.587 * Double(rgb[i + 1]) + 0.114 * Double(rgb[i + 2])
    }
    return (1 - v) * ((1 - u) * level(column, row) + u * level(column + 1, row))
      + v * ((1 - u) * level(column, row + 1) + u * level(column + 1, row + 1))
  }
}
