import WorldCore

/// Scales a track's covariances to what its positions really scatter.
///
/// Third differences of positions vanish for constant acceleration and hold 20 times the variance of one position. The median
/// and the 85 % quantile of their normalised squares (0.455 and 2.072 for a standard normal) are blind to the few that straddle
/// a bounce; the larger of the two scales counts, since silhouettes err in bouts. Axes are scaled apart: motion blur makes the
/// direction of travel worse.
enum CovarianceScaling {
  /// Fewer third differences than this say nothing certain about scatter.
  static let least = 8
  static let medianOfChiSquare1 = 0.4549
  static let upperQuantileOfChiSquare1 = 2.0723

  static func apply(to track: inout Track) {
    let s = track.sightings
    guard s.count >= 4 else { return }
    var (x, y): ([Double], [Double]) = ([], [])
    for i in 0..<(s.count - 3) where s[i + 3].frame - s[i].frame == 3 {
      let window = s[i...(i + 3)]
      guard window.allSatisfy({ !$0.isShared && !$0.isCut }) else { continue }
      let d = s[i].position - 3 * s[i + 1].position + 3 * s[i + 2].position - s[i + 3].position
      let vx = s[i].covariance.xx + 9 * s[i + 1].covariance.xx + 9 * s[i + 2].covariance.xx + s[i + 3].covariance.xx
      let vy = s[i].covariance.yy + 9 * s[i + 1].covariance.yy + 9 * s[i + 2].covariance.yy + s[i + 3].covariance.yy
      x.append(d.x * d.x / vx)
      y.append(d.y * d.y / vy)
    }
    guard x.count >= least else { return }
    let (sx, sy) = (scale(of: x), scale(of: y))
    let cross = (sx * sy).squareRoot()
    for i in track.sightings.indices {
      var c = track.sightings[i].covariance
      c = Covariance2(xx: c.xx * sx, xy: c.xy * cross, yy: c.yy * sy)
      track.sightings[i].covariance = c
    }
  }

  private static func scale(of squares: [Double]) -> Double {
    let sorted = squares.sorted()
    let half = sorted[sorted.count / 2] / medianOfChiSquare1
    let most = sorted[sorted.count * 85 / 100] / upperQuantileOfChiSquare1
    return min(max(half, most, 1), 400)
  }
}
