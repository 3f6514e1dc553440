public import WorldCore

/// A picture of what a network made of a held-out clip, to be looked at beside others of that clip: the middle frame, or a
/// spectrogram of its sound.
public struct HeldOutPicture: Sendable {
  /// The clip's key.
  public var clip: String
  /// What is shown, such as "render" or "everything, 4 steps".
  public var label: String
  public var image: Image<SRGB8>
  /// Whether it is a spectrogram.
  public var isSound = false
}

/// Takes the pictures of the first few clips that are measured.
public typealias HeldOutGallery = (HeldOutPicture) -> Void

/// Clips whose pictures are kept.
let galleryClips = 3
