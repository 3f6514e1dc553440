import Foundation
import WorldCore

/// Scales a track's covariances to what its positions really scatter.
///
/// Third differences of positions vanish for constant acceleration and hold 20 times the variance of one position. The median
/// and the 85 % quantile of their normalised squares (0.455 and 2.072 for a standard normal) are blind to the few that straddle
/// a bounce; the larger of the two scales counts, since silhouettes err in bouts. Axes are scaled apart: motion blur makes the
/// direction of travel worse.
///
/// Coarse coding shifts an outline for several frames at a time, which such differences don't show; but what it takes from a
/// silhouette or gives to it shows in the area, over as many frames.
enum CovarianceScaling {
  /// Fewer third differences than this say nothing certain about scatter.
  static let least = 8
  static let medianOfChiSquare1 = 0.4549
  static let upperQuantileOfChiSquare1 = 2.0723

  static func apply(to track: inout Track) {
    guard track.sightings.count >= 4 else { return }
    if let wander = wander(of: track.sightings) {
      for i in track.sightings.indices {
        let own = track.sightings[i]
        let more = max(0, wander * own.area / .pi - own.covariance.trace / 2)
        track.sightings[i].covariance = own.covariance + Covariance2(isotropic: more)
      }
    }
    let s = track.sightings
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

  /// Sightings between those whose areas are compared: coders keep an error for about so long.
  private static let lag = 4

  /// Variance of a silhouette's middle, in squares of its radius, by the scatter of its area: where pieces of the outline come
  /// and go each by itself, the first moment of what they cover varies by half as much as its sum, in radii. nil of few
  /// sightings.
  private static func wander(of s: [Track.Sighting]) -> Double? {
    let squares = s.indices.dropFirst(lag).dropLast(lag).compactMap { i -> Double? in
      let three = [s[i - lag], s[i], s[i + lag]]
      guard three.allSatisfy({ !$0.isShared && !$0.isCut }), three[2].frame - three[0].frame == 2 * lag else { return nil }
      // The second difference has six times the variance of one, and no steady growth.
      let difference = log(three[0].area) - 2 * log(three[1].area) + log(three[2].area)
      return difference * difference / 6
    }
    guard squares.count >= least else { return nil }
    return squares.sorted()[squares.count / 2] / medianOfChiSquare1 / 2
  }

  private static func scale(of squares: [Double]) -> Double {
    let sorted = squares.sorted()
    let half = sorted[sorted.count / 2] / medianOfChiSquare1
    let most = sorted[sorted.count * 85 / 100] / upperQuantileOfChiSquare1
    return min(max(half, most, 1), 400)
  }
}
