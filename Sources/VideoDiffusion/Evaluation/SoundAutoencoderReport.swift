import WorldCore

/// What the sound autoencoder keeps of clips it was not trained on.
public struct SoundAutoencoderReport: Sendable, Codable, Equatable {
  public var clips = 0
  public var seconds = 0.0
  /// Mean over the clips, dB.
  public var logSpectralDistance = 0.0
  /// Onsets of the originals, and how many of them have none within 20 ms.
  public var onsets = 0
  public var missedOnsets = 0
  /// Milliseconds, over the onsets that were found; nil where there are none.
  public var medianOnsetShift: Double?

  /// Codes and decodes the sound of the held-out samples.
  ///
  /// - Parameters:
  ///   - gallery: takes spectrograms of the first clips.
  ///   - progress: clips done and in all; what it throws ends the work.
  /// - Throws: `TrainingDataError.tooFew` where nothing is held out, and what reading samples throws.
  public init(
    of network: SoundAutoencoder, on shards: SampleShards, gallery: HeldOutGallery = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let places = try shards.heldOutOrThrow()
    let reader = SampleReader(shards, capacity: 0, size: { (_: (String, AudioBuffer)) in 1 }) {
      ($0.key, try SoundClip($0).sound)
    }
    var shifts: [Double] = []
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let (key, original) = try reader.item(at: place)
      let decoded = network.sound(of: network.encode(original), samples: original.samples.count)
      if index < galleryClips {
        for (label, sound) in [("original", original), ("decoded", decoded)] {
          gallery(HeldOutPicture(clip: key, label: label, image: Spectrogram.image(of: sound), isSound: true))
        }
      }
      logSpectralDistance += SoundQuality.logSpectralDistance(decoded, original) / Double(places.count)
      let (found, missed) = SoundQuality.onsetShifts(decoded, original)
      shifts += found
      missedOnsets += missed
      onsets += found.count + missed
      seconds += original.duration
    }
    clips = places.count
    if !shifts.isEmpty { medianOnsetShift = shifts.sorted()[shifts.count / 2] * 1e3 }
  }
}
