import Foundation
import Tensors
package import WorldCore

/// How near a sound is to its original.
package enum SoundQuality {
  /// Root mean square over the frequencies of 20·log₁₀ of the ratio of two short-time spectra, averaged over time, in decibels
  /// (windows of 2048 samples, the mean of both channels). What lies more than 90 dB below full scale counts as that.
  package static func logSpectralDistance(_ sound: AudioBuffer, _ original: AudioBuffer) -> Double {
    let spectrum = ShortTimeSpectrum(window: 2048)
    let count = min(sound.samples.count, original.samples.count) / 512 * 512
    guard count >= 2048 else { return 0 }
    func decibels(_ sound: AudioBuffer) -> [Float] {
      let mono = sound.samples.prefix(count).map { ($0.x + $0.y) / 2 }
      return spectrum.logarithms(Tensor(mono, shape: [1, count]), floor: 1e-9).floats().map { $0 * Float(10 / log(10.0)) }
    }
    let (a, b, bins) = (decibels(sound), decibels(original), 1024)
    let frames = a.count / bins
    var sum = 0.0
    for frame in 0..<frames {
      var squares = 0.0
      for k in frame * bins..<(frame + 1) * bins { squares += Double((a[k] - b[k]) * (a[k] - b[k])) }
      sum += (squares / Double(bins)).squareRoot()
    }
    return sum / Double(frames)
  }

  /// Seconds at which something sets in: the energy of 2 ms is 12 dB above that of the 8 ms before, and above −50 dB of full
  /// scale.
  package static func onsets(of sound: AudioBuffer) -> [Double] {
    // Energies of quarters of a millisecond, of the differences of neighbouring samples: blows are bright.
    let step = sound.sampleRate / 4000
    var energies = [Double](repeating: 0, count: sound.samples.count / step)
    for k in 1..<max(1, energies.count * step) {
      let difference: SIMD2<Float> = sound.samples[k] - sound.samples[k - 1]
      let mono = Double(difference.x + difference.y)
      energies[k / step] += mono * mono
    }
    guard energies.count > 40 else { return [] }
    var found: [Double] = []
    var (k, blocked) = (32, 0)
    let floor = 1e-7 * Double(step)
    while k + 8 <= energies.count {
      let before = energies[k - 32..<k].reduce(0, +) / 32
      let after = energies[k..<k + 8].reduce(0, +) / 8
      if k >= blocked, after > 16 * before + floor {
        // The rise is where the energy first passes a tenth of its coming peak.
        let peak = energies[k..<k + 8].max()!
        let rise = (k..<k + 8).first { energies[$0] >= 0.1 * peak } ?? k
        found.append(Double(rise * step) / Double(sound.sampleRate))
        blocked = rise + 160
      }
      k += 1
    }
    return found
  }

  /// For each onset of the original the distance to the nearest one of the sound, in seconds, where that is within 20 ms.
  package static func onsetShifts(_ sound: AudioBuffer, _ original: AudioBuffer) -> (found: [Double], missed: Int) {
    let (heard, expected) = (onsets(of: sound), onsets(of: original))
    let shifts = expected.map { time in heard.map { abs($0 - time) }.min() ?? .infinity }
    return (shifts.filter { $0 <= 0.02 }, shifts.count { $0 > 0.02 })
  }
}
