/// Stereo sound: one `SIMD2` (left, right) a sample instant, nominally in −1…1.
public struct AudioBuffer: Sendable, Equatable {
  /// Sample instants per second; 48 000 everywhere inside Mondo.
  public let sampleRate: Int
  public var samples: [SIMD2<Float>]

  public static let standardSampleRate = 48_000

  public init(sampleRate: Int = standardSampleRate, samples: [SIMD2<Float>]) {
    precondition(sampleRate > 0, "a sample rate is positive, not \(sampleRate)")
    self.sampleRate = sampleRate
    self.samples = samples
  }

  public init(sampleRate: Int = standardSampleRate, silenceFor seconds: Double) {
    self.init(sampleRate: sampleRate, samples: Array(repeating: .zero, count: Int((seconds * Double(sampleRate)).rounded())))
  }

  /// Seconds.
  public var duration: Double { Double(samples.count) / Double(sampleRate) }
}
