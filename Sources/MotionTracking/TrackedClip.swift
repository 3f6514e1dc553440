public import WorldCore

/// All that was seen moving in a clip.
public struct TrackedClip: Sendable, Equatable {
  /// In order of appearance; clip pixels as the first frame's camera saw them.
  public var tracks: [Track]
  public var evidence: MotionEvidence
  public var frames: Int
  /// Seconds: the first and last frames' times.
  public var span: ClosedRange<Double>
  /// Width and height, px.
  public var size: SIMD2<Double>
  /// The camera moved measurably, and its motion was taken out.
  public var cameraMoved: Bool
  /// Shots in which that was so, each with the time of the frame in whose picture its tracks lie.
  public var stabilizedShots: [Int: Double]

  public init(
    tracks: [Track], evidence: MotionEvidence, frames: Int, span: ClosedRange<Double>, size: SIMD2<Double>, cameraMoved: Bool,
    stabilizedShots: [Int: Double] = [:]
  ) {
    self.tracks = tracks
    self.evidence = evidence
    self.frames = frames
    self.span = span
    self.size = size
    self.cameraMoved = cameraMoved
    self.stabilizedShots = stabilizedShots
  }
}
