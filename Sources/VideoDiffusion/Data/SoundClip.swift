import MediaIO
import WorldCore

/// A sample's sound, as the sound autoencoder learns from it.
struct SoundClip: Sendable {
  let sound: AudioBuffer
  /// Samples at which something sets in.
  let onsets: [Int]

  var byteCount: Int { 8 * sound.samples.count }

  /// - Throws: `MediaError`, `FileError`, `TrainingDataError`.
  init(_ sample: ShardSample) throws {
    guard let clip = sample.members["mp4"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 is missing")
    }
    sound = try PassingFile(clip).withPath { try AudioReader.readAll(path: $0) }
    guard !sound.samples.isEmpty else { throw TrainingDataError.badSample(key: sample.key, problem: "it has no sound") }
    onsets = SoundQuality.onsets(of: sound).map { Int($0 * Double(AudioBuffer.standardSampleRate)) }
  }

  /// Mean square of the stretch.
  func energy(from start: Int, count: Int) -> Float {
    let part = sound.samples[min(start, sound.samples.count)..<min(start + count, sound.samples.count)]
    return part.reduce(0) { $0 + ($1 * $1).sum() }
  }
}
