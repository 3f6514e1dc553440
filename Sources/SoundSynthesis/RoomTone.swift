import Foundation
import WorldCore

/// What a place sounds like when nothing happens in it: quiet noise of the place's colour, some with life in it.
struct RoomTone {
  private let ambience: Stage.Ambience
  private let noises: [LatticeNoise]
  /// Of the left and the right of each octave.
  private var octaves: [LatticeNoise.Walk]
  private static let mostOctaves = 7
  private static let rate = Double(AudioBuffer.standardSampleRate)

  init(_ ambience: Stage.Ambience) {
    self.ambience = ambience
    var random = RandomStream(seed: 0, "tone of " + ambience.rawValue)
    let noises = (0..<4).map { _ in LatticeNoise(seed: random.next()) }
    self.noises = noises
    octaves = (0..<2 * Self.mostOctaves).map { LatticeNoise.Walk(noises[$0 % 2]) }
  }

  var isSilent: Bool { ambience == .silence }

  /// Left and right at a sample instant of the clip; instants in order are quick.
  mutating func sample(_ n: Int) -> SIMD2<Double> {
    let t = Double(n) / Self.rate
    switch ambience {
    case .silence: return .zero
    case .room: return colour(t, from: 60, octaves: 6, tilt: 0.7) * 0.0016
    case .gym, .hall: return colour(t, from: 50, octaves: 7, tilt: 0.72) * 0.0028
    case .workshop: return colour(t, from: 60, octaves: 7, tilt: 0.8) * 0.003 + hum(t) * 0.0012
    case .outdoors: return colour(t, from: 80, octaves: 7, tilt: 0.85) * (0.0025 + 0.001 * swell(t, 0.3))
    case .wind: return colour(t, from: 45, octaves: 6, tilt: 0.75) * (0.016 + 0.013 * swell(t, 0.5))
    case .rain: return colour(t, from: 700, octaves: 5, tilt: 1.05) * 0.012 + drops(n) * 0.02
    case .stadium: return colour(t, from: 180, octaves: 4, tilt: 0.8) * (0.014 + 0.006 * swell(t, 0.8))
    case .pool: return colour(t, from: 120, octaves: 5, tilt: 0.75) * (0.004 + 0.002 * swell(t, 1.2))
    }
  }

  /// Octaves of noise; each is `tilt` times as strong as the one below. The ears share the lowest.
  private mutating func colour(_ t: Double, from hertz: Double, octaves count: Int, tilt: Double) -> SIMD2<Double> {
    var sum = SIMD2<Double>.zero
    var (frequency, gain, total) = (2 * hertz, 1.0, 0.0)
    for octave in 0..<count {
      let shift = Double(octave) * 1000.37
      let left = octaves[2 * octave].value(at: t * frequency + shift)
      let right = octave == 0 ? left : octaves[2 * octave + 1].value(at: t * frequency + shift)
      sum += SIMD2(left, right) * gain
      total += gain
      frequency *= 2
      gain *= tilt
    }
    return sum * (2 / total)
  }

  /// A slow coming and going, −1…1.
  private func swell(_ t: Double, _ hertz: Double) -> Double { noises[2].value(at: t * hertz) }

  /// Mains and its overtones.
  private func hum(_ t: Double) -> SIMD2<Double> {
    let tone = sin(2 * Double.pi * 100 * t) + 0.4 * sin(2 * Double.pi * 200 * t + 1) + 0.2 * sin(2 * Double.pi * 300 * t)
    return SIMD2(tone, tone)
  }

  /// Drops close by: in each slot of 12 ms one may fall, at a place, pitch and loudness of its own.
  private func drops(_ n: Int) -> SIMD2<Double> {
    let slot = 576
    var sum = SIMD2<Double>.zero
    for back in 0..<2 {
      let cell = Int64(n / slot - back)
      guard noises[3].corner(4 * cell) > 0.2 else { continue }
      let start = Double(cell) * Double(slot) + (noises[3].corner(4 * cell + 1) + 1) / 2 * Double(slot)
      let age = (Double(n) - start) / Self.rate
      guard age >= 0 else { continue }
      let pitch = 2500 + 1800 * noises[3].corner(4 * cell + 2)
      let side = noises[3].corner(4 * cell + 3)
      let ring = exp(-age * 500) * sin(2 * Double.pi * pitch * age)
      sum += SIMD2(1 - side, 1 + side) * (ring / 2)
    }
    return sum
  }
}
