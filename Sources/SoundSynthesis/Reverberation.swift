import Foundation
import WorldCore

/// The room's answer: a sparse random impulse response, ±1 with an exponential decay ("velvet noise"; Karjalainen &
/// Järveläinen 2007). Finite and without state, so that any stretch of it can be computed by itself.
struct Reverberation {
  /// Seconds until the answer is 60 dB down.
  let time: Double
  private let taps: [Tap]

  private struct Tap {
    /// Samples.
    var delay: Int
    var gain: SIMD2<Double>
  }

  /// Echoes per second; denser sounds no smoother.
  private static let density = 900.0
  /// The response ends where it is this far down.
  private static let depth = 45.0
  /// Reflections lose their treble: the source is averaged over this many samples.
  private static let blur = 6

  init(_ ambience: Stage.Ambience) {
    let (time, level, predelay): (Double, Double, Double) =
      switch ambience {
      case .silence: (0, 0, 0)
      case .room: (0.35, 0.16, 0.004)
      case .workshop: (0.6, 0.18, 0.006)
      case .gym: (1.5, 0.2, 0.015)
      case .hall: (1.9, 0.24, 0.02)
      case .pool: (1.7, 0.26, 0.012)
      case .stadium: (1.2, 0.08, 0.07)
      case .outdoors, .wind, .rain: (0.25, 0.04, 0.02)
      }
    self.time = time
    guard time > 0 else {
      taps = []
      return
    }
    let rate = Double(AudioBuffer.standardSampleRate)
    let length = time * Self.depth / 60
    let count = Int(length * Self.density)
    var random = RandomStream(seed: 0, "reverberation of " + ambience.rawValue)
    var built: [Tap] = []
    var energy = 0.0
    for k in 0..<count {
      let when = (Double(k) + random.uniform()) / Self.density
      let envelope = pow(10, -3 * when / time)
      energy += envelope * envelope
      // Each ear hears its own room.
      let signs = SIMD2<Double>(random.uniform() < 0.5 ? -1 : 1, random.uniform() < 0.5 ? -1 : 1)
      built.append(Tap(delay: Int((when + predelay) * rate), gain: signs * envelope))
    }
    let scale = level / energy.squareRoot()
    taps = built.map { Tap(delay: $0.delay, gain: $0.gain * scale) }
  }

  /// Samples before a stretch that its reverberation depends on.
  var memory: Int { taps.isEmpty ? 0 : (taps.map(\.delay).max() ?? 0) + Self.blur }

  /// The answer to `dry` from its sample `memory` on.
  func answer(to dry: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let count = max(0, dry.count - memory)
    var wet = [SIMD2<Double>](repeating: .zero, count: count)
    guard !taps.isEmpty else { return wet }
    var source = [Double](repeating: 0, count: dry.count)
    for n in Self.blur..<dry.count {
      var sum = 0.0
      for k in 0..<Self.blur { sum += dry[n - k].x + dry[n - k].y }
      source[n] = sum / Double(2 * Self.blur)
    }
    wet.withUnsafeMutableBufferPointer { wet in
      source.withUnsafeBufferPointer { source in
        for tap in taps {
          let start = memory - tap.delay
          for n in 0..<count { wet[n] += tap.gain * source[start + n] }
        }
      }
    }
    return wet
  }
}
