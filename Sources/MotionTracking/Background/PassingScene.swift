import WorldCore

/// The still scene around each frame, for a camera whose motion can't be undone: the median of a few frames before and after
/// it.
///
/// Over a fifth of a second a hand-held camera hardly moves, while what flies passes its own length many times. What moves
/// slower than that is taken for scene. Bounded look-ahead: `reach` frames are held on either side.
struct PassingScene {
  /// Seconds to either side that the median looks.
  static let span = 0.17
  /// Frames taken from either side.
  static let perSide = 4

  private var frames: [(timed: TimedFrame, working: WorkingFrame)] = []
  /// Index in `frames` of the next one to be given out.
  private var next = 0
  let stride: Int
  var reach: Int { stride * Self.perSide }

  init(frameTime: Double) { stride = max(1, Int((Self.span / Double(Self.perSide) / max(frameTime, 1e-6)).rounded())) }

  mutating func push(_ timed: TimedFrame, _ working: WorkingFrame) { frames.append((timed, working)) }

  /// The next frame with its own still scene, once enough has been seen after it (or all, at the end of the clip).
  mutating func pop(isEnd: Bool) throws(TrackingError) -> (timed: TimedFrame, working: WorkingFrame, background: Background)? {
    guard next < frames.count, isEnd || frames.count - next > reach else { return nil }
    var samples: [WorkingFrame] = []
    for k in -Self.perSide...Self.perSide where k != 0 {
      let index = next + k * stride
      if frames.indices.contains(index) { samples.append(frames[index].working) }
    }
    if samples.isEmpty { samples = [frames[next].working] }
    let background = try Background(samples: samples, cutsRestingMovers: false)
    let current = frames[next]
    next += 1
    if next > reach {
      frames.removeFirst(next - reach)
      next = reach
    }
    return (current.timed, current.working, background)
  }
}
