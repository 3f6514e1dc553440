import Tensors
import WorldCore

/// How near the sound shader's sounds come to those of clips that it was not trained on, and how near the sound autoencoder
/// itself does.
public struct SoundShaderReport: Sendable, Codable, Equatable {
  /// Of one way to make the sounds.
  public struct Row: Sendable, Codable, Equatable {
    /// Mean over the clips, dB.
    public var logSpectralDistance = 0.0
    public var missedOnsets = 0
    /// Onsets where the original has none within 20 ms.
    public var addedOnsets = 0
    /// Milliseconds, over the onsets that were found; nil where there are none.
    public var medianOnsetShift: Double?

    fileprivate var shifts: [Double] = []

    private enum CodingKeys: CodingKey { case logSpectralDistance, missedOnsets, addedOnsets, medianOnsetShift }
  }

  public var clips = 0
  /// Of the originals.
  public var onsets = 0
  public var shaded = Row()
  /// The originals, coded and decoded: the best that can be.
  public var coded = Row()

  /// - Parameters:
  ///   - gallery: takes spectrograms of the first clips.
  ///   - progress: clips done and in all; what it throws ends the work.
  /// - Throws: `TrainingDataError.tooFew` where nothing is held out, and what reading samples throws.
  public init(
    of network: SoundShader, for sounds: SoundAutoencoder, on shards: SampleShards,
    gallery: HeldOutGallery = { _ in }, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let places = try shards.heldOutOrThrow()
    let reader = SampleReader(shards, capacity: 0, size: { (_: (String, ShadedSound)) in 1 }) {
      ($0.key, try ShadedSound($0, sounds: sounds))
    }
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let (key, clip) = try reader.item(at: place)
      func keep(_ label: String, _ sound: AudioBuffer) {
        guard index < galleryClips else { return }
        gallery(HeldOutPicture(clip: key, label: label, image: Spectrogram.image(of: sound), isSound: true))
      }
      keep("original", clip.original)
      onsets += SoundQuality.onsets(of: clip.original).count
      let count = clip.original.samples.count
      func compare(_ label: String, _ latents: Tensor, _ row: inout Row) {
        let sound = sounds.sound(of: latents, samples: count)
        keep(label, sound)
        row.logSpectralDistance += SoundQuality.logSpectralDistance(sound, clip.original) / Double(places.count)
        let (found, missed) = SoundQuality.onsetShifts(sound, clip.original)
        row.shifts += found
        row.missedOnsets += missed
        row.addedOnsets += SoundQuality.onsetShifts(clip.original, sound).missed
      }
      compare("shaded", network.latents(of: clip.sources, count: clip.latentCount, for: sounds), &shaded)
      compare("coded", clip.latents.reshaped([1] + clip.latents.shape), &coded)
    }
    clips = places.count
    for key in [\Self.shaded, \.coded] {
      let shifts = self[keyPath: key].shifts.sorted()
      if !shifts.isEmpty { self[keyPath: key].medianOnsetShift = shifts[shifts.count / 2] * 1e3 }
    }
  }
}
