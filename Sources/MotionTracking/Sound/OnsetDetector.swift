internal import COpenCV
import Foundation
public import WorldCore

/// Finds where sounds begin in a sound track, chunk by chunk.
///
/// Each 2.7 ms the level in 13 bands, half an octave wide but for the lowest, is compared with the highest it had 8 to 16 ms
/// before; the rise, averaged over the bands (spectral flux on a logarithmic scale with a lag: Bello et al., IEEE TSAP 2005;
/// Böck & Widmer, DAFx 2013), is nothing while a sound lasts or rings down. A peak counts when it stands out of the rises
/// around it. Its instant is then read off the wave itself: where the differences from sample to sample, which low tones hardly
/// have, first rise to a share of what they reach. Memory grows by 3 kB a second.
public struct OnsetDetector {
  /// Samples of a spectrum, and from one to the next.
  private static let (window, hop) = (512, 128)
  private static let rate = Double(AudioBuffer.standardSampleRate)
  /// Spectra back to which a level is compared.
  private static let lag = 3...6
  /// Edges of the bands, in spectral lines of 94 Hz: 94 Hz to 14 kHz, beyond which coders keep nothing.
  private static let edges = [1, 2, 3, 5, 7, 9, 13, 19, 27, 38, 53, 75, 106, 150]

  /// Least mean rise over the bands, dB: half of them doubled in power, by origin; steady noise rises by 1.5 at most.
  private static let leastRise = 3.0
  /// By how many robust standard deviations a rise stands out of those around it.
  private static let prominence = 6.0
  /// Spectra to either side that a rise is compared with, and within which the highest one is the onset.
  private static let (around, apart) = (150, 10)
  /// A level lower than this is silence, dB of full scale in one band.
  private static let floor = -95.0
  /// 5 ms, and by what factor the power rises from the 5 ms before an onset to those after it, at least: seven standard
  /// deviations of steady noise.
  private static let (stepSamples, leastStep) = (240, 2.0)
  /// Steps of the fine envelope, 0.125 ms each, that a sound of 200 Hz may be at rest for between its swings: 2.5 ms.
  private static let pause = 20
  /// Samples over which an onset's level is measured, and within which of the track's ends none is told: 30 ms.
  private static let levelSamples = 1440

  private var samples: [Float] = []
  /// Index on the track of the first of `samples`.
  private var first = 0
  private var levels: [[Float]] = []
  private var rises: [Float] = []
  private var background: [Double] = []
  private var onsets: [SoundEvidence.Onset] = []
  /// Spectra whose peaks are decided.
  private var decided = 0
  private var lastPeak = -1000
  private var isSilent = true
  /// Samples of the track, once all are known.
  private var length = Int.max
  private let weights: [Float]

  public init() {
    weights = (0..<Self.window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(Self.window))) }
    // What lies before the track isn't known: silence stands for it, and nothing is said to begin at the very start.
    samples = [Float](repeating: 0, count: Self.window)
    first = -Self.window
  }

  /// Samples that follow those given before, 48 kHz.
  ///
  /// - Throws: `TrackingError` where the vision library's transform fails.
  public mutating func add(_ sound: AudioBuffer) throws(TrackingError) {
    for pair in sound.samples {
      let mono = (pair.x + pair.y) / 2
      if mono != 0 { isSilent = false }
      samples.append(mono.isFinite ? mono : 0)
    }
    try advance()
  }

  /// What was heard; `start` is the time of the first frame on the sound's clock, s.
  public mutating func finish(startingAt start: Double = 0) throws(TrackingError) -> SoundEvidence {
    length = first + samples.count
    let end = Double(length) / Self.rate
    samples += [Float](repeating: 0, count: Self.window)
    try advance()
    decide(upTo: rises.count)
    return SoundEvidence(
      onsets: onsets.map { .init(time: $0.time - start, timeDeviation: $0.timeDeviation, level: $0.level) },
      span: -start...max(-start, end - start), background: background, step: Double(Self.hop) / Self.rate, isSilent: isSilent)
  }

  /// Spectra as far as the samples reach, then peaks as far as the rises around them are known.
  private mutating func advance() throws(TrackingError) {
    // The next spectrum starts at this sample of the track.
    let next = rises.count * Self.hop - Self.window
    let beyond = first + samples.count - next - Self.window
    guard beyond >= 0 else { return }
    let count = beyond / Self.hop + 1
    let half = Self.window / 2
    var power = [Float](repeating: 0, count: count * (half + 1))
    let offset = next - first
    let status = samples.withUnsafeBufferPointer {
      mcv_power_spectra($0.baseAddress! + offset, Int32(count), Int32(Self.window), Int32(Self.hop), weights, &power)
    }
    guard status == MCV_OK else { throw .visionLibrary(operation: "a spectrum", status: status) }
    for k in 0..<count {
      levels.append(bandLevels(Array(power[(k * (half + 1))..<((k + 1) * (half + 1))])))
      rises.append(rise())
      background.append(meanPower(endingAt: next + k * Self.hop))
    }
    decide(upTo: rises.count - Self.around)

    // Samples and levels that nothing asks for any more.
    let kept = min(decided, rises.count - Self.lag.upperBound) - Self.around
    let firstKept = kept * Self.hop - Self.window - 2 * Self.levelSamples
    if firstKept > first + 48_000 {
      samples.removeFirst(firstKept - first)
      first = firstKept
    }
    if levels.count > 4096 { levels.removeFirst(levels.count - Self.lag.upperBound - 1) }
  }

  /// dB of full scale in each band; a full-scale sine has 0 with the window's own loss taken out.
  private func bandLevels(_ power: [Float]) -> [Float] {
    let gain = pow(Double(Self.window) / 4, 2)
    return zip(Self.edges, Self.edges.dropFirst()).map { low, high in
      let sum = power[low..<high].reduce(0.0) { $0 + Double($1) }
      return Float(max(Self.floor, 10 * log10(sum / gain + 1e-12)))
    }
  }

  /// Mean rise of the newest levels over the highest of those a little earlier, dB.
  private func rise() -> Float {
    guard levels.count > Self.lag.upperBound, let now = levels.last else { return 0 }
    var sum: Float = 0
    for band in now.indices {
      let before = Self.lag.map { levels[levels.count - 1 - $0][band] }.max()!
      sum += max(0, now[band] - before)
    }
    return sum / Float(now.count)
  }

  /// Sum of squares over the 5 ms from a sample of the track on.
  private func power(after index: Int) -> Double {
    let range = max(0, index - first)..<max(0, min(samples.count, index - first + Self.stepSamples))
    return range.isEmpty ? 0 : samples[range].reduce(0.0) { $0 + Double($1) * Double($1) }
  }

  /// dB of full scale over the 30 ms before a sample of the track.
  private func meanPower(endingAt index: Int) -> Double {
    let range = max(0, index - first - Self.levelSamples)..<max(0, min(samples.count, index - first))
    guard !range.isEmpty else { return SoundEvidence.silence }
    let sum = samples[range].reduce(0.0) { $0 + Double($1) * Double($1) }
    return max(SoundEvidence.silence, 10 * log10(sum / Double(Self.levelSamples) + 1e-30))
  }

  private mutating func decide(upTo end: Int) {
    while decided < end {
      let k = decided
      decided += 1
      let value = rises[k]
      guard Double(value) > Self.leastRise else { continue }
      let near = max(0, k - Self.apart)...min(rises.count - 1, k + Self.apart)
      // The first of equals.
      guard near.allSatisfy({ rises[$0] < value || ($0 >= k && rises[$0] == value) }) else { continue }
      let around = rises[max(0, k - Self.around)...min(rises.count - 1, k + Self.around)].sorted()
      let median = around[around.count / 2]
      let deviation = 1.4826 * around.map { abs($0 - median) }.sorted()[around.count / 2]
      guard value > median + Float(Self.prominence) * deviation, let onset = onset(near: k), k - lastPeak > Self.apart else {
        continue
      }
      lastPeak = k
      onsets.append(onset)
    }
  }

  /// Reads the instant off the wave around a peak of the rises.
  private func onset(near k: Int) -> SoundEvidence.Onset? {
    // The rise peaks where the window is well into the sound, which so begins in the window or up to the lag before it.
    let start = k * Self.hop - Self.window
    let search = (start - Self.lag.upperBound * Self.hop)..<(start + Self.window)
    let smooth = 12  // samples, a quarter of a millisecond
    func energy(_ i: Int) -> Double {
      var sum = 0.0
      for j in i..<(i + smooth) {
        let index = j - first
        guard index > 0, index < samples.count else { continue }
        let d = Double(samples[index]) - Double(samples[index - 1])
        sum += d * d
      }
      return sum
    }
    let envelope = stride(from: search.lowerBound, to: search.upperBound, by: smooth / 2).map { energy($0) }
    guard let top = envelope.max(), top > 0, let peak = envelope.firstIndex(of: top) else { return nil }
    // What was there before: the quietest half of the way to the peak.
    let before = envelope[..<max(1, peak)].sorted()
    let still = before[before.count / 2 == 0 ? 0 : before.count / 4]
    let threshold = max(0.05 * top, min(6 * still, 0.5 * top))
    // Back from the peak to where it was below for longer than a low tone's own ups and downs.
    var index = peak
    while let earlier = envelope[max(0, index - Self.pause)..<index].firstIndex(where: { $0 > threshold }) { index = earlier }
    let sample = search.lowerBound + index * smooth / 2 + smooth / 2
    let attack = Double((peak - index) * smooth / 2) / Self.rate

    let from = max(0, sample - first)
    let sounding = samples[from..<min(samples.count, from + Self.levelSamples)]
    let mean = sounding.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(Self.levelSamples)
    let heard = pow(10, meanPower(endingAt: sample) / 10)
    guard power(after: sample) > Self.leastStep * power(after: sample - Self.stepSamples), sample > Self.levelSamples,
      sample < length - Self.levelSamples
    else { return nil }
    return .init(
      time: Double(sample) / Self.rate, timeDeviation: 0.001 + 0.25 * attack,
      level: max(SoundEvidence.silence, 10 * log10(max(mean - heard, 0.05 * mean))))
  }
}
