import WorldCore

/// Whether a frame shows anything but the still scene at a place: asked before something is said to have vanished or appeared
/// there, since the silhouettes may have missed it.
struct Occupancy {
  let frame: WorkingFrame
  let background: Background

  /// Whether at least so many pixels differ within a disc.
  func contains(_ place: SIMD2<Double>, radius: Double, least: Double) -> Bool {
    let (left, right) = (Int((place.x - radius).rounded(.down)), Int((place.x + radius).rounded(.up)))
    let (top, bottom) = (Int((place.y - radius).rounded(.down)), Int((place.y + radius).rounded(.up)))
    var different = 0
    for y in max(0, top)..<max(max(0, top), min(frame.height, bottom)) {
      for x in max(0, left)..<max(max(0, left), min(frame.width, right)) {
        let d = SIMD2(Double(x) + 0.5, Double(y) + 0.5) - place
        guard (d * d).sum() <= radius * radius else { continue }
        if differs(at: y * frame.width + x) { different += 1 }
      }
    }
    return Double(different) >= max(least, 1)
  }

  /// Share of a silhouette's pixels that are the same to the bit in both frames, from which on it is held.
  private static let held = 0.9

  /// Whether a silhouette of a later frame was there to the bit; a frame that repeats this one altogether holds nothing.
  func holds(_ silhouette: Silhouette, of later: WorkingFrame) -> Bool {
    var (same, all) = (0, 0)
    for run in silhouette.outline {
      for pixel in (run.row * frame.width + run.from)..<(run.row * frame.width + run.to) {
        all += 1
        if (0..<3).allSatisfy({ frame.rgb[3 * pixel + $0] == later.rgb[3 * pixel + $0] }) { same += 1 }
      }
    }
    return Double(same) >= Self.held * Double(max(all, 1))
  }

  /// By more than noise and a coder explain.
  private func differs(at pixel: Int) -> Bool {
    var sum: Float = 0
    for channel in 0..<3 {
      let d = Float(frame.rgb[3 * pixel + channel]) - Float(background.level[3 * pixel + channel])
      sum += d * d
    }
    let deviation = (sum / 3).squareRoot()
    return deviation > ForegroundMask.leastContrast && deviation > ForegroundMask.low * background.noise[pixel]
  }
}
