import Foundation
import WorldCore

/// One blow, as heard: the knock of the contact and the ringing of both bodies.
///
/// The force is a pulse of Hertz's duration τ = 2.87 (m²/(R E*² v))^⅕ (Johnson, "Contact Mechanics", §11.4). Its spectrum
/// decides how strongly each mode is struck: harder and faster is shorter and brighter. The peak follows the impulse J by
/// p = 0.5 (J / 1 N·s)^0.6 at 1 m, which is 12 dB per tenfold impulse, between hard materials.
struct ImpactSound {
  /// Sample instants on the clip's clock, with the fraction of a sample at which the sound arrives.
  let onset: Double
  /// Sample instants from the first one heard.
  let firstSample: Int
  let sampleCount: Int
  private let gain: SIMD2<Double>
  private let partials: [Partial]
  private let knockDuration: Double

  private struct Partial {
    /// Radians per second.
    var angularFrequency: Double
    var decay: Double
    var amplitude: Double
  }

  static let loudnessExponent = 0.6
  /// Peak at 1 m of a blow of 1 N·s between hard materials; full scale is 1.
  static let referencePeak = 0.5
  /// Of the ringing against the knock, by ear.
  private static let ringing = 4.0
  /// A sound is followed until it is this far below its peak (−70 dB).
  private static let cutoff = 3e-4
  /// Quieter blows, −94 dB of full scale, drown in anything.
  private static let faintest = 2e-5
  private static let rate = Double(AudioBuffer.standardSampleRate)

  /// nil where nothing is heard.
  init?(_ contact: ContactEvent, bodies: [SoundingBody], arrival: Listener.Arrival) {
    guard !bodies.isEmpty, contact.impulse > 0 else { return nil }
    let loudness = bodies.map(\.acoustics.loudness).reduce(1, *)
    let peak = Self.referencePeak * loudness * pow(contact.impulse, Self.loudnessExponent)
    guard peak * max(arrival.gain.x, arrival.gain.y) > Self.faintest else { return nil }

    knockDuration = Self.contactDuration(contact, bodies: bodies)
    var partials: [Partial] = []
    for body in bodies {
      for mode in body.modes {
        // Pressure follows acceleration, and a mode's acceleration its frequency.
        let x = mode.frequency * knockDuration
        let amplitude = Self.ringing * body.acoustics.resonance * mode.weight * x * Self.pulseSpectrum(x)
        guard amplitude > Self.cutoff else { continue }
        partials.append(
          Partial(angularFrequency: 2 * Double.pi * mode.frequency, decay: mode.decay, amplitude: amplitude))
      }
    }
    self.partials = partials

    onset = (contact.time + arrival.delay) * Self.rate
    firstSample = Int(onset.rounded(.up))
    let longest = partials.map { log(max($0.amplitude / Self.cutoff, 1)) / $0.decay }.max() ?? 0
    sampleCount = Int((max(longest, knockDuration) * Self.rate).rounded(.up)) + 1

    // The law speaks of the peak, wherever the partials happen to meet.
    let head = Self.wave(
      partials, knockDuration: knockDuration, lead: Double(firstSample) - onset, samples: 0..<min(sampleCount, 2048))
    let highest = head.reduce(0) { max($0, abs($1)) }
    guard highest > 0 else { return nil }
    gain = arrival.gain * (peak / highest)
  }

  /// Adds what lies in the clip's samples `range` to `output`, whose first element is the range's first.
  func add(to output: inout [SIMD2<Double>], range: Range<Int>) {
    let own = (firstSample..<firstSample + sampleCount).clamped(to: range)
    guard !own.isEmpty else { return }
    let relative = own.lowerBound - firstSample..<own.upperBound - firstSample
    let wave = Self.wave(partials, knockDuration: knockDuration, lead: Double(firstSample) - onset, samples: relative)
    for (k, value) in wave.enumerated() { output[own.lowerBound - range.lowerBound + k] += gain * value }
  }

  /// Seconds the bodies touch, by Hertz; 0.05 to 20 ms.
  static func contactDuration(_ contact: ContactEvent, bodies: [SoundingBody]) -> Double {
    let speed = max(contact.approachSpeed, 0.01)
    let mass = contact.impulse / (speed * (1 + min(max(contact.restitution, 0), 1)))
    let radius = 1 / bodies.map { 1 / $0.contactRadius }.reduce(0, +)
    let modulus = 1 / bodies.map { 1 / $0.acoustics.modulus }.reduce(0, +)
    let duration = 2.87 * pow(mass * mass / (radius * modulus * modulus * speed), 0.2)
    return min(max(duration, 5e-5), 0.02)
  }

  /// The envelope of a half-sine pulse's spectrum, 1 at rest, −12 dB per octave above; `x` is frequency times duration.
  /// A real pulse is never so even as to have the zeros of the exact one.
  static func pulseSpectrum(_ x: Double) -> Double { 1 / (1 + 4 * x * x) }

  /// The wave at 1 m before scaling, at samples counted from the first heard, which comes `lead` samples after the onset.
  ///
  /// Each partial turns by a complex factor per sample. It is set anew from the closed form every `block` samples, so that
  /// a stretch begun anywhere has the same bits.
  private static func wave(_ partials: [Partial], knockDuration: Double, lead: Double, samples: Range<Int>) -> [Double] {
    let block = 1024
    var wave = [Double](repeating: 0, count: samples.count)

    // The knock: air pushed by the bodies' acceleration, which follows the change of the force.
    let knockSamples = min(samples.upperBound, Int((knockDuration * rate).rounded(.up)))
    for n in samples.lowerBound..<max(samples.lowerBound, knockSamples) {
      let phase = (Double(n) + lead) / (knockDuration * rate)
      if phase < 1 { wave[n - samples.lowerBound] += sin(2 * Double.pi * phase) }
    }

    for partial in partials {
      let step = exp(-partial.decay / rate)
      let (turnReal, turnImaginary) = (
        step * cos(partial.angularFrequency / rate), step * sin(partial.angularFrequency / rate)
      )
      var n = samples.lowerBound / block * block
      while n < samples.upperBound {
        let t = (Double(n) + lead) / rate
        let amplitude = partial.amplitude * exp(-partial.decay * t)
        guard amplitude > cutoff / 16 else { break }
        var real = amplitude * cos(partial.angularFrequency * t)
        var imaginary = amplitude * sin(partial.angularFrequency * t)
        for k in n..<min(n + block, samples.upperBound) {
          if k >= samples.lowerBound { wave[k - samples.lowerBound] += imaginary }
          let next = real * turnReal - imaginary * turnImaginary
          imaginary = real * turnImaginary + imaginary * turnReal
          real = next
        }
        n += block
      }
    }
    return wave
  }
}
