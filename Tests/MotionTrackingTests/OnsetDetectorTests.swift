import Foundation
import MotionTracking
import Testing
import WorldCore

/// Knocks in noise: found, timed, told from nothing.
@Suite("Onset detector") struct OnsetDetectorTests {
  static let rate = Double(AudioBuffer.standardSampleRate)

  /// Noise of a level, dB, and knocks: damped tones with a click, at times with peaks.
  static func sound(
    seconds: Double = 3, noise: Double, knocks: [(time: Double, peak: Double, pitch: Double)], seed: UInt64
  ) -> AudioBuffer {
    var stream = RandomStream(seed: seed, "knocks")
    let deviation = pow(10, noise / 20)
    var wave = (0..<Int(seconds * rate)).map { _ in stream.normal(standardDeviation: deviation) }
    for knock in knocks {
      let start = Int((knock.time * rate).rounded(.up))
      for n in start..<min(wave.count, start + 14_400) {
        let t = Double(n) / rate - knock.time
        wave[n] +=
          knock.peak * exp(-t * 25) * sin(2 * .pi * knock.pitch * t)
          + (t < 0.001 ? 0.5 * knock.peak * sin(2 * .pi * t * 1000) : 0)
      }
    }
    return AudioBuffer(samples: wave.map { SIMD2(repeating: Float($0)) })
  }

  static func heard(_ sound: AudioBuffer, chunk: Int = 1024) throws -> SoundEvidence {
    var detector = OnsetDetector()
    for start in stride(from: 0, to: sound.samples.count, by: chunk) {
      try detector.add(AudioBuffer(samples: Array(sound.samples[start..<min(sound.samples.count, start + chunk)])))
    }
    return try detector.finish()
  }

  @Test("knocks are found within 3 ms, loud and soft, high and low, with nothing beside them", arguments: UInt64(0)..<8)
  func knocks(seed: UInt64) throws {
    let knocks = [(0.5004, 0.3, 900.0), (1.1237, 0.1, 2500.0), (1.52, 0.05, 400.0), (2.4001, 0.2, 180.0)].map {
      (time: $0.0, peak: $0.1, pitch: $0.2)
    }
    let found = try Self.heard(Self.sound(noise: -60, knocks: knocks, seed: seed))
    #expect(found.onsets.count == 4)
    for (onset, knock) in zip(found.onsets, knocks) {
      #expect(abs(onset.time - knock.time) < 0.003, "\(onset.time) for \(knock.time)")
      #expect(onset.level > found.threshold(at: onset.time) + 6)
    }
    #expect(!found.isSilent && abs(found.threshold(at: 0.3) + 60) < 1.5)
  }

  @Test("noise, a steady tone and silence have no onsets", arguments: UInt64(0)..<6)
  func nothing(seed: UInt64) throws {
    #expect(try Self.heard(Self.sound(seconds: 6, noise: -40, knocks: [], seed: seed)).onsets.count <= 1)
    let silence = try Self.heard(AudioBuffer(silenceFor: 2))
    #expect(silence.isSilent && silence.onsets.isEmpty)
  }

  @Test("a louder knock has the higher level, by as many decibels")
  func level() throws {
    let found = try Self.heard(
      Self.sound(
        noise: -70, knocks: [(0.5, 0.05, 800), (1.5, 0.2, 800)].map { (time: $0.0, peak: $0.1, pitch: $0.2) }, seed: 1))
    #expect(found.onsets.count == 2)
    #expect(abs(found.onsets[1].level - found.onsets[0].level - 12.04) < 1)
  }

  @Test("chunks of any length give the same onsets", arguments: [100, 4096, 50_000])
  func chunks(length: Int) throws {
    let sound = Self.sound(noise: -50, knocks: [(time: 0.7, peak: 0.3, pitch: 700)], seed: 3)
    #expect(try Self.heard(sound, chunk: length) == Self.heard(sound))
  }
}
