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

  /// Shares of a later frame's silhouette that are here to the bit: of its pixels, and of those at the ends of its rows.
  ///
  /// Only pixels that differ from a neighbour count: what has one colour is the same when it has moved.
  func held(of silhouette: Silhouette, in later: WorkingFrame) -> (whole: Double, edge: Double) {
    func isSame(_ row: Int, _ column: Int) -> Bool {
      let value = 3 * (row * frame.width + column)
      return (value..<value + 3).allSatisfy { frame.rgb[$0] == later.rgb[$0] }
    }
    func isTelling(_ row: Int, _ column: Int) -> Bool {
      let value = 3 * (row * frame.width + column)
      return (column > 0 && (0..<3).contains { later.rgb[value + $0] != later.rgb[value + $0 - 3] })
        || (column + 1 < frame.width && (0..<3).contains { later.rgb[value + $0] != later.rgb[value + $0 + 3] })
    }
    var (same, all, edge) = (0, 0, 0)
    for run in silhouette.outline {
      let telling = (run.from..<run.to).filter { isTelling(run.row, $0) }
      all += telling.count
      same += telling.count { isSame(run.row, $0) }
      edge += [run.from, run.to - 1].count { isSame(run.row, $0) }
    }
    guard all > 0 else { return (0, 0) }
    return (Double(same) / Double(all), Double(edge) / Double(2 * silhouette.outline.count))
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
