import Foundation
import WorldCore

/// Cuts a track into stretches of constant acceleration where its positions ask for it.
///
/// Optimal partitioning (Jackson et al., IEEE SPL 2005): the cut with the least total of χ² and a price per piece, over all
/// cuts. The price is that of the Bayesian information criterion: six coefficients and a place, each half a log of the number
/// of coordinates (doubled, as χ² is −2 log likelihood).
struct Segmentation {
  let sightings: [Track.Sighting]
  let price: Double

  /// No piece is longer: keeps the work linear in the track's length; longer stretches are rejoined after.
  static let longestPiece = 360

  init(_ sightings: [Track.Sighting]) {
    self.sightings = sightings
    price = 7 * log(2 * Double(max(sightings.count, 4)))
  }

  /// Where more than two frames are missing something may have happened unseen: no piece runs across.
  private func isHole(after index: Int) -> Bool { sightings[index + 1].frame - sightings[index].frame > 3 }

  func arcs() -> [Arc] {
    let n = sightings.count
    guard n > 0 else { return [] }
    var best = [Double](repeating: .infinity, count: n + 1)
    var from = [Int](repeating: 0, count: n + 1)
    best[0] = 0
    for i in 0..<n {
      // Sums for the pieces that start at i grow by one sighting at a time.
      var sums = QuadraticSums()
      for j in i..<min(n, i + Self.longestPiece) {
        if j > i && isHole(after: j - 1) { break }
        sums.add(sightings[j], from: sightings[i].time)
        let total = best[i] + price + sums.chiSquare
        if total < best[j + 1] { (best[j + 1], from[j + 1]) = (total, i) }
      }
    }
    var cuts = [n]
    while let last = cuts.last, last > 0 { cuts.append(from[last]) }
    cuts.reverse()
    return joined(zip(cuts, cuts.dropFirst()).map { Arc(sightings, $0..<$1, degree: 2) })
  }

  /// Rejoins neighbours that one smooth path explains: drag, lift and perspective bend a parabola, but turn no corner.
  ///
  /// Two more coefficients per degree are paid for like all others. The acceleration may change by no more than its own size
  /// over the arc: a force that appears or goes is no such bend.
  private func joined(_ pieces: [Arc]) -> [Arc] {
    var arcs = pieces
    var i = 0
    while i + 1 < arcs.count {
      let (a, b) = (arcs[i], arcs[i + 1])
      var union: Arc?
      let isFirm = min(a.count, b.count) >= TrackMotion.leastForAcceleration
      if a.count + b.count >= 6 && (isFirm || !isHole(after: b.range.lowerBound - 1)) {
        union = smooth(a.range.lowerBound..<b.range.upperBound, within: a.chiSquare + b.chiSquare + price)
      }
      if let union {
        arcs.replaceSubrange(i...(i + 1), with: [union])
        i = max(0, i - 1)
      } else {
        i += 1
      }
    }
    return arcs.map(inPerspective)
  }

  /// The price of one more coefficient.
  private var coefficient: Double { price / 7 }

  /// One smooth path over a range whose χ² and price stay within a bound, the simplest first; nil when there is none.
  private func smooth(_ range: Range<Int>, within bound: Double) -> Arc? {
    let parabola = Arc(sightings, range, degree: 2)
    if parabola.chiSquare <= bound { return parabola }
    if let arc = Arc(inPerspective: sightings, range), arc.chiSquare + coefficient <= bound { return arc }
    for degree in 3...4 {
      let arc = Arc(sightings, range, degree: degree)
      guard arc.chiSquare + Double(2 * (degree - 2)) * coefficient <= bound else { continue }
      let change = (arc.acceleration(at: arc.end) - arc.acceleration(at: arc.start)).length
      if change <= arc.acceleration(at: arc.origin).length { return arc }
    }
    return nil
  }

  /// A parabola to which an approach lends its bend unnoticed, as far as the sightings tell.
  private func inPerspective(_ arc: Arc) -> Arc {
    guard arc.degree == 2, arc.perspective == nil, let seen = Arc(inPerspective: sightings, arc.range),
      seen.chiSquare + coefficient < arc.chiSquare
    else { return arc }
    return seen
  }
}

/// Running sums of a weighted quadratic fit on both axes; time in units of the mean step keeps them well scaled.
private struct QuadraticSums {
  private var sx = [Double](repeating: 0, count: 5)
  private var sy = [Double](repeating: 0, count: 5)
  private var bx = SIMD3<Double>.zero
  private var by = SIMD3<Double>.zero
  private var xx = 0.0
  private var yy = 0.0
  private var count = 0
  private var reference = SIMD2<Double>.zero
  private var step = 0.0

  mutating func add(_ s: Track.Sighting, from start: Double) {
    if count == 0 { reference = s.position }
    if count == 1 { step = max(s.time - start, 1e-9) }
    let t = step > 0 ? (s.time - start) / step : 0
    let (wx, wy) = (1 / s.covariance.xx, 1 / s.covariance.yy)
    let p = s.position - reference
    var power = 1.0
    for k in 0..<5 {
      sx[k] += wx * power
      sy[k] += wy * power
      power *= t
    }
    let basis = SIMD3(1, t, t * t)
    bx += wx * p.x * basis
    by += wy * p.y * basis
    xx += wx * p.x * p.x
    yy += wy * p.y * p.y
    count += 1
  }

  var chiSquare: Double {
    guard count > 3 else { return 0 }
    return max(0, xx - Self.explained(sx, bx)) + max(0, yy - Self.explained(sy, by))
  }

  /// `bᵀ S⁻¹ b` of the 3 × 3 normal equations, by Cholesky.
  private static func explained(_ s: [Double], _ b: SIMD3<Double>) -> Double {
    let l11 = s[0].squareRoot()
    let (l21, l31) = (s[1] / l11, s[2] / l11)
    let l22 = max(s[2] - l21 * l21, 1e-300).squareRoot()
    let l32 = (s[3] - l31 * l21) / l22
    let l33 = max(s[4] - l31 * l31 - l32 * l32, 1e-300).squareRoot()
    let z1 = b.x / l11
    let z2 = (b.y - l21 * z1) / l22
    let z3 = (b.z - l31 * z1 - l32 * z2) / l33
    return z1 * z1 + z2 * z2 + z3 * z3
  }
}
