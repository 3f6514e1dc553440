import Foundation
import WorldCore

/// Rigidity where a scene is known: the silhouette in square metres is one that the scene's body has, however it is turned.
///
/// *Test.* The median of ln(area) over an eighth of a second, five sightings at least, against the range of the body's silhouettes, with half a pixel for the edge and a tenth
/// for what light does to it. Only where the body is off the ground by its radius, so that no shadow clings to it.
enum SizeInSetting {
  private static let window = (seconds: 0.12, sightings: 5)
  private static let edge = 0.5
  private static let slack = 0.1

  /// The worst stretch; nil where the body was never seen apart from everything.
  static func test(_ index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    guard let setting = scene.setting(of: index) else { return nil }
    let motion = scene.motions[index]
    let seen = motion.track.sightings.compactMap { s -> (time: Double, excess: Double, radius: Double)? in
      guard !s.isCut, !s.isShared, let instant = setting.instant(at: s.time), instant.clearance > setting.outerRadius else { return nil }
      let area = s.area / (instant.pixelsPerMetre * instant.pixelsPerMetre)
      let excess = area > setting.areas.upperBound ? log(area / setting.areas.upperBound) : min(0, log(area / setting.areas.lowerBound))
      return (s.time, excess, (s.area / .pi).squareRoot())
    }
    let count = max(window.sightings, Int((window.seconds / motion.frameTime).rounded()))
    guard seen.count >= count else { return nil }
    var worst: (excess: Double, z: Double, from: Int)?
    for k in 0...(seen.count - count) {
      let stretch = seen[k..<(k + count)]
      let excess = stretch.map(\.excess).sorted()[count / 2]
      let radius = stretch.map(\.radius).sorted()[count / 2]
      let deviation = (pow(2 * edge / radius, 2) + pow(2 * SceneSetting.uncertainty, 2) + slack * slack).squareRoot()
      if worst == nil || abs(excess) / deviation > worst!.z { worst = (excess, abs(excess) / deviation, k) }
    }
    guard let worst else { return nil }
    // The first stretch that is as far off as one can call far tells when it began.
    let p = Tails.normal(beyond: worst.z)
    let onset = seen.first { abs($0.excess) > abs(worst.excess) / 2 }?.time ?? seen[worst.from].time
    return (
      p,
      .init(
        from: onset, to: seen[worst.from + count - 1].time,
        what:
          "the body's silhouette is \(Sentence.number(exp(worst.excess))) times as large as the scene's body can show at that depth",
        sigma: worst.z)
    )
  }
}
