import Foundation
import LinearAlgebra
import WorldCore

/// A rod or a string that a body swings by, in one silhouette with it: long, and turning about a point that stays.
///
/// The lines along the silhouette's axes meet in the pivot x: `Σ (1 − uᵢuᵢᵀ)(x − pᵢ) = 0`, least squares over all directions uᵢ
/// and middles pᵢ. The arm is the distance from there to the middle.
struct VisibleRod {
  let pivot: SIMD2<Double>
  /// Of the arms' logarithms: s, value.
  let arms: [(time: Double, log: Double)]

  /// Sightings, and how much longer than wide most of them are.
  private static let (fewest, elongation) = (24, 1.5)
  /// Radians by which the directions spread, standard deviation, and the share of the arm by which the lines miss the pivot.
  private static let (turn, miss) = (0.1, 0.04)

  init?(_ motion: TrackMotion) {
    let long = motion.sightings.filter { $0.axes.x > Self.elongation * $0.axes.y }
    guard motion.sightings.count >= Self.fewest, 4 * long.count > 3 * motion.sightings.count else { return nil }
    var (xx, xy, yy, right) = (0.0, 0.0, 0.0, SIMD2<Double>.zero)
    var doubled = SIMD2<Double>.zero
    for s in long {
      let n = SIMD2(-sin(s.angle), cos(s.angle))
      (xx, xy, yy) = (xx + n.x * n.x, xy + n.x * n.y, yy + n.y * n.y)
      right += n * n.dot(s.position)
      doubled += SIMD2(cos(2 * s.angle), sin(2 * s.angle))
    }
    let spread = (-log(min(1 - 1e-12, doubled.length / Double(long.count))) / 2).squareRoot()
    let determinant = xx * yy - xy * xy
    guard spread > Self.turn, determinant > 1e-9 else { return nil }
    let pivot = SIMD2(yy * right.x - xy * right.y, xx * right.y - xy * right.x) / determinant
    let arms = long.map { ($0.time, log(max(($0.position - pivot).length, 1e-3))) }
    let usual = exp(arms.map(\.1).sorted()[arms.count / 2])
    let misses = long.reduce(0) { $0 + pow(SIMD2(-sin($1.angle), cos($1.angle)).dot($1.position - pivot), 2) }
    guard (misses / Double(long.count)).squareRoot() < Self.miss * usual else { return nil }
    self.pivot = pivot
    self.arms = arms
  }

  /// Standard deviation of an arm's logarithm: what isn't seen of a thin rod moves the middle.
  private static let slack = 0.04
  /// Share of the sightings that tell the arm at first, and later.
  private static let window = 5
  /// How often a rod is a spring, or a string is paid out or taken in on the swing.
  private static let paidOut = 2e-3

  /// The arm at any time against that at first.
  func change() -> (p: Double, violation: LawFinding.Violation)? {
    let count = max(6, arms.count / Self.window)
    guard arms.count >= 2 * count else { return nil }
    func median(_ range: Range<Int>) -> Double { arms[range].map(\.log).sorted()[range.count / 2] }
    let usual = median(0..<count)
    let stretches = (count...(arms.count - count)).map { (change: median($0..<($0 + count)) - usual, start: $0) }
    guard let worst = stretches.max(by: { abs($0.change) < abs($1.change) }) else { return nil }
    let z = abs(worst.change) / (Self.slack * 2.0.squareRoot())
    let p = ScoreCalibration.smallest(Tails.normal(beyond: z), of: Self.window)
    let last = arms[worst.start + count - 1].time
    let onset = arms.first { abs($0.log - usual) > abs(worst.change) / 4 && $0.time > arms[count / 2].time }?.time ?? last
    return (
      max(p, Self.paidOut),
      .init(
        from: min(onset, last), to: last,
        what:
          "what the body swings by comes to be \(Sentence.number(exp(worst.change))) times as long as it was, seen from where it turns",
        sigma: z)
    )
  }

  /// Radians by which the silhouette may turn against the arm, standard deviation, and the scatter of its length's logarithm.
  private static let (loose, pliant) = (0.06, 0.08)

  /// It keeps its length and turns with its arm: what sits on a swing and pumps does neither.
  static func isRigid(_ sightings: [Track.Sighting], about pivot: SIMD2<Double>) -> Bool {
    let lengths = sightings.map { log(max($0.axes.x, 1e-3)) }
    let mean = lengths.reduce(0, +) / Double(lengths.count)
    let scatter = (lengths.reduce(0) { $0 + pow($1 - mean, 2) } / Double(lengths.count)).squareRoot()
    let turns = sightings.map { s in
      let arm = s.position - pivot
      return remainder(s.angle - atan2(arm.y, arm.x), .pi)
    }
    let loose = (turns.reduce(0) { $0 + $1 * $1 } / Double(turns.count)).squareRoot()
    return scatter < pliant && loose < Self.loose
  }
}
