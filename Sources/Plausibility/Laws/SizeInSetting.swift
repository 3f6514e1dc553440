import Foundation
import WorldCore

/// Rigidity where a scene is known: a body that was as large as the scene's stays so.
///
/// *Formula.* ln(area / what the scene's body covers), in m²: as it is turned, where the clip still follows the scene, else
/// beyond the range of all its silhouettes. *Test.* Its median over an eighth of a second, five sightings at least, against
/// that of the first such stretch, with what half a pixel at the edge makes of two sizes, the edge's noise and a tenth for
/// light. Only where the body is off the ground by its radius, so that no shadow clings to it. Asked of what began as large as
/// the scene's body: anything else is another thing.
enum SizeInSetting {
  private static let window = (seconds: 0.12, sightings: 5)
  /// px: of all edges alike, and by which the edge moves with contrast and coding, standard deviation.
  private static let edge = (common: 0.5, wander: 0.2)
  /// A silhouette's error lasts for so many sightings.
  private static let lasting = 2.0
  /// Share of a silhouette's edge pixels that noise takes or gives.
  private static let noise = 0.15
  private static let slack = 0.08
  /// A body of the scene is as large as that says within this logarithm.
  private static let same = 0.4

  /// s
  private static let meeting = 0.5

  private struct Size {
    let time: Double
    let excess: Double
    let radius: Double
  }

  /// The worst stretch; nil where the body was never seen apart from everything.
  static func test(_ index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    guard let setting = scene.setting(of: index) else { return nil }
    let motion = scene.motions[index]
    // What comes out of its silhouette, or goes into it, was part of it for a while.
    let meetings = scene.motions.indices.filter { $0 != index }.flatMap { other -> [Double] in
      let track = scene.motions[other].track
      return (track.start == .merged ? [track.sightings[0].time] : [])
        + (track.end == .merged ? [track.sightings.last!.time] : [])
    }
    let seen = motion.track.sightings.compactMap { s -> Size? in
      guard meetings.allSatisfy({ abs($0 - s.time) > meeting }), !s.isCut, !s.isShared,
        let instant = setting.instant(at: s.time), instant.clearance > setting.outerRadius, !instant.hasCompany
      else { return nil }
      let area = s.area / (instant.pixelsPerMetre * instant.pixelsPerMetre)
      let (low, high) = instant.area.map { ($0, $0) } ?? (setting.areas.lowerBound, setting.areas.upperBound)
      return Size(
        time: s.time, excess: area > high ? log(area / high) : min(0, log(area / low)), radius: (s.area / .pi).squareRoot())
    }
    let count = max(window.sightings, Int((window.seconds / motion.frameTime).rounded()))
    guard seen.count >= 2 * count else { return nil }
    func median(_ stretch: ArraySlice<Size>) -> (excess: Double, radius: Double) {
      (stretch.map(\.excess).sorted()[count / 2], stretch.map(\.radius).sorted()[count / 2])
    }
    let usual = median(seen[..<count])
    guard abs(usual.excess) < same + 2 * edge.common / usual.radius else { return nil }
    let scatter = Self.scatter(seen.map(\.excess))
    var worst: (change: Double, z: Double, last: Int)?
    for k in count...(seen.count - count) {
      let here = median(seen[k..<(k + count)])
      let edges = 2 * edge.common * (1 / here.radius - 1 / usual.radius)
      let noise = [here.radius, usual.radius].reduce(0) {
        // The variance of a median, and of what is measured with every sighting or by this track's own scatter.
        let each = max(pow(Self.noise, 2) * 12 / (.pi * pow($1, 3)), Self.lasting * .pi / 2 * scatter)
        return $0 + each / Double(count) + pow(2 * Self.edge.wander / $1, 2)
      }
      let deviation = (edges * edges + noise + pow(2 * SceneSetting.uncertainty, 2) + slack * slack).squareRoot()
      let change = here.excess - usual.excess
      if worst == nil || abs(change) / deviation > worst!.z { worst = (change, abs(change) / deviation, k + count - 1) }
    }
    guard let worst else { return nil }
    // It begins where a line through a quarter and three quarters of the change leads.
    let passages = [0.25, 0.75].map { share in
      seen.first { ($0.excess - usual.excess) / worst.change > share }?.time ?? seen[worst.last].time
    }
    let (quarter, most) = (passages[0], passages[1])
    let onset = max(seen[0].time, quarter - max(0, most - quarter) / 2)
    return (
      Tails.normal(beyond: worst.z),
      .init(
        from: onset, to: seen[worst.last].time,
        what:
          "the body comes to be \(Sentence.number(exp(worst.change / 2))) times as wide as it was, as a rigid one at that depth can't",
        sigma: worst.z)
    )
  }

  /// Variance of one size about its neighbours', by the median of squared steps (that of χ² with one degree is 0.455).
  private static func scatter(_ excesses: [Double]) -> Double {
    let steps = zip(excesses, excesses.dropFirst()).map { pow($1 - $0, 2) / 2 }.sorted()
    return steps.isEmpty ? 0 : steps[steps.count / 2] / 0.4549
  }
}
