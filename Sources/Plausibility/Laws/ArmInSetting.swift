import Foundation
import WorldCore

/// The arm of what a joint holds, where a scene is known: as long at any time as at first.
///
/// *Formula.* ln of the distance from the body's place to the joint, in m, at the depth that the scene's body has. *Test.* Its
/// median over an eighth of a second, five sightings at least, against that of the first such stretch, with the places' errors
/// and 3 % for the silhouette's middle, which isn't the body's; two-sided, of the stretch that differs most. *Blind spots.* A
/// joint that the clip has elsewhere.
enum ArmInSetting {
  private static let window = (seconds: 0.12, sightings: 5)
  /// Standard deviation of the logarithm of an arm besides the tracker's.
  private static let slack = 0.03

  static func change(of index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    guard let setting = scene.setting(of: index) else { return nil }
    let motion = scene.motions[index]
    let count = max(window.sightings, Int((window.seconds / motion.frameTime).rounded()))
    // What shows more or less of the body than at first has its middle elsewhere.
    let whole = motion.sightings.filter(setting.mayBeWhole)
    func usual(_ size: (Track.Sighting) -> Double) -> Double {
      let sizes = whole.prefix(count).map(size).sorted()
      return sizes.isEmpty ? 0 : sizes[sizes.count / 2]
    }
    let (area, length) = (usual(\.area), usual(\.axes.x))
    let arms = whole.compactMap { s -> (time: Double, log: Double, variance: Double)? in
      guard let instant = setting.instant(at: s.time), let arm = instant.arm, arm > 0,
        abs(log(s.area / area)) < TrackMotion.sameSize, abs(log(s.axes.x / length)) < TrackMotion.sameSize
      else { return nil }
      return (s.time, log(arm), s.covariance.trace / 2 / pow(arm * instant.pixelsPerMetre, 2))
    }
    guard arms.count >= 2 * count else { return nil }
    func median(_ range: Range<Int>, _ value: ((time: Double, log: Double, variance: Double)) -> Double) -> Double {
      arms[range].map(value).sorted()[count / 2]
    }
    let usual = median(0..<count, \.log)
    let stretches = (count...(arms.count - count)).map { start -> (change: Double, z: Double, start: Int) in
      let range = start..<(start + count)
      let change = median(range, \.log) - usual
      let variance = median(0..<count, \.variance) + median(range, \.variance) + 2 * slack * slack
      return (change, abs(change) / variance.squareRoot(), start)
    }
    let worst = stretches.max { $0.z < $1.z }!
    // It begins where a line through a quarter and three quarters of the change leads.
    let last = arms[worst.start + count - 1].time
    let passages = [0.25, 0.75].map { share in arms.first { ($0.log - usual) / worst.change > share }?.time ?? last }
    let onset = max(arms[0].time, passages[0] - max(0, passages[1] - passages[0]) / 2)
    return (
      // The worst of so many stretches.
      ScoreCalibration.smallest(Tails.normal(beyond: worst.z), of: arms.count / count - 1),
      .init(
        from: onset, to: last,
        what:
          "the body comes to be \(Sentence.number(exp(worst.change))) times as far from the joint that holds it as it was",
        sigma: worst.z)
    )
  }
}
