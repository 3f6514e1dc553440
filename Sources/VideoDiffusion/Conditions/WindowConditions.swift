package import Tensors

/// What is known of a stretch of time to be generated. Each part may be missing: then the network does without.
package struct WindowConditions: Sendable {
  /// Where everything is; see `TokenPosition`.
  package var videoPositions: [TokenPosition]
  package var soundPositions: [TokenPosition]
  /// Where in the picture each video token is, `PicturePlace.features` [1, video tokens, `PicturePlace.width`].
  package var places: Tensor
  package var framesPerSecond: Double

  /// The latents of the shaded view [1, video tokens, 16·latent width], to which the network adds what is missing.
  package var base: Tensor?
  /// Whether that view is of flat colours, and much is missing.
  package var isBaseFlat = false
  /// The latents of the sound that is drawn from contacts [1, sound tokens, 128], to which the network adds what is missing.
  package var soundBase: Tensor?
  /// Depth, normals, parts, flow and impulses [1, video tokens, 704].
  package var controls: Tensor?
  /// Tokens whose picture is given, such as a first frame or the end of the stretch before.
  package var known: KnownFrames?
  /// A row for each moving body [1, bodies, `BodyFeatures.width`] and for each contact [1, contacts, `ContactFeatures.width`].
  package var bodies: (rows: Tensor, positions: [TokenPosition])?
  package var contacts: (rows: Tensor, positions: [TokenPosition])?
  /// A caption's words.
  package var words: [Int]?
  /// The look's number.
  package var style: Int?

  package enum Part: String, CaseIterable, Sendable { case base, soundBase, controls, known, bodies, contacts, words, style }

  /// - Parameters:
  ///   - rows, columns: video tokens down and across the picture.
  package init(
    videoPositions: [TokenPosition], soundPositions: [TokenPosition], rows: Int, columns: Int, framesPerSecond: Double
  ) {
    self.videoPositions = videoPositions
    self.soundPositions = soundPositions
    places = PicturePlace.features(rows: rows, columns: columns, times: videoPositions.count / (rows * columns))
    self.framesPerSecond = framesPerSecond
  }

  package func without(_ parts: Set<Part>) -> WindowConditions {
    var result = self
    if parts.contains(.base) { result.base = nil }
    if parts.contains(.soundBase) { result.soundBase = nil }
    if parts.contains(.controls) { result.controls = nil }
    if parts.contains(.known) { result.known = nil }
    if parts.contains(.bodies) { result.bodies = nil }
    if parts.contains(.contacts) { result.contacts = nil }
    if parts.contains(.words) { result.words = nil }
    if parts.contains(.style) { result.style = nil }
    return result
  }
}
