import Foundation
import Tensors
import WorldCore

/// Sound as a picture: time to the right, frequency upwards to 12 kHz, from dark to bright the 80 dB below a level that is the same
/// for all sounds, about 20 dB below a full tone's.
enum Spectrogram {
  private static let window = 512
  private static let highest = 12_000.0
  private static let range = 80.0
  /// From silence to the loudest.
  private static let ramp: [SIMD3<Double>] = [[8, 9, 24], [64, 32, 110], [190, 55, 84], [249, 142, 8], [252, 253, 191]]

  /// A column for each 128 samples.
  static func image(of sound: AudioBuffer) -> Image<SRGB8> {
    let mono = sound.samples.map { ($0.x + $0.y) / 2 }
    let padded = mono + [Float](repeating: 0, count: max(0, 2 * window - mono.count))
    let logarithms = ShortTimeSpectrum(window: window).logarithms(Tensor(padded, shape: [1, padded.count]), floor: 1e-9)
    let (columns, bins) = (logarithms.shape[1], logarithms.shape[2])
    let rows = min(bins, Int(highest / Double(AudioBuffer.standardSampleRate) * Double(window)))
    let values = logarithms.floats()
    var result = Image(width: columns, height: rows, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    for x in 0..<columns {
      for y in 0..<rows {
        let decibels = Double(values[x * bins + rows - 1 - y]) * 10 / log(10)
        result[x, y] = color(min(max(1 + decibels / range, 0), 1))
      }
    }
    return result
  }

  private static func color(_ share: Double) -> SRGB8 {
    let place = share * Double(ramp.count - 1)
    let k = min(Int(place), ramp.count - 2)
    let mixed = ramp[k] + (ramp[k + 1] - ramp[k]) * (place - Double(k))
    return SRGB8(red: UInt8(mixed.x), green: UInt8(mixed.y), blue: UInt8(mixed.z))
  }
}
