public import Reports
import WorldCore

extension ScoreReport {
  /// The page of a judgement.
  ///
  /// - Parameter clip: the path that was judged, which the page embeds.
  public init(_ judgement: ClipJudgement, of clip: String) {
    self.init(
      document: judgement.document, tracks: judgement.seen.tracks, pixelsPerMetre: judgement.pixelsPerMetre, clipPath: clip)
  }
}
