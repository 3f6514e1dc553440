public import Reports

import WorldCore

extension ScoreReport {
  /// The page of a judgement.
  ///
  /// - Parameters:
  ///   - clip: the path that was judged, which the page embeds.
  ///   - pixelsPerMetre: the scale the judge was given, if any.
  public init(_ judgement: ClipJudgement, of clip: String, pixelsPerMetre: Double? = nil) {
    self.init(document: judgement.document, tracks: judgement.seen.tracks, pixelsPerMetre: pixelsPerMetre, clipPath: clip)
  }
}
