import Foundation
import WorldCore

/// Size and shape where a scene is known: a body that was as large and as long as the scene's stays so.
///
/// *Formula.* ln(area / what the scene's body covers), in m², and the same of its elongation, the ratio of the axes: as it is
/// turned, where the clip still follows the scene, else as it would have to be turned to look most like it. *Test.* The median
/// of each over an eighth of a second, five sightings at least, against that of the first such stretch, with what half a pixel
/// at the edge makes of two sizes, the edge's noise and a twelfth for light; an eighth, and half of what it moves in a frame,
/// for the elongation. Only where the body is off the ground by its radius, so that no shadow clings to it; a smaller area is
/// asked near the ground, too, with a fifth for the dark side that contact hides. Asked of what began as large and as long as
/// the scene's body: anything else is another thing. What becomes longer alone, of a long body, is its length's change
/// (`LimbLaw`), all else its shape's (`RigidityLaw`).
struct SizeInSetting {
  let p: Double
  let violation: LawFinding.Violation
  /// A long body's length changes and its width doesn't.
  let isLengthAlone: Bool
  /// It has come to be smaller, or shorter for its width.
  let isLess: Bool

  private static let window = (seconds: 0.12, sightings: 5)
  /// px: of all edges alike, and by which the edge moves with contrast and coding, standard deviation.
  private static let edge = (common: 0.5, wander: 0.2)
  /// A silhouette's error lasts for so many sightings.
  private static let lasting = 2.0
  /// Share of a silhouette's edge pixels that noise takes or gives.
  private static let noise = 0.15
  private static let slack = (area: 0.08, elongation: 0.12, besideGround: 0.2)
  /// How often a silhouette grows by what comes out of it: less seldom than one body becomes two (`PermanenceLaw`), which says
  /// more.
  private static let besideStranger = 1e-6
  /// Colours tell a shadow that comes out of a silhouette from what is no shadow: share that only darkens the scene.
  private static let shade = 0.5
  /// A body of the scene is as large, or as long, as that says within this logarithm.
  private static let same = 0.4
  /// Share of the length's change up to which the width stays.
  static let sameWidth = 0.35
  /// s
  private static let meeting = 0.5

  private enum Measure {
    /// Of all that is seen, and of the ellipse of its moments.
    case area, ellipse, elongation
  }

  private struct Look {
    let time: Double
    /// Beyond what the scene's body may show, logarithms.
    let area: Double
    let elongation: Double
    let length: Double
    let width: Double
    /// px
    let radius: Double
    let axes: SIMD2<Double>
    /// px that it goes in a frame.
    let step: Double
    /// Off the ground by its radius.
    let isClear: Bool
    /// Something that the scene doesn't have comes out of its silhouette about then.
    let isBesideStranger: Bool

    func excess(_ measure: Measure) -> Double {
      switch measure {
      case .area: area
      case .ellipse: length + width
      case .elongation: elongation
      }
    }
  }

  private static func median(_ looks: ArraySlice<Look>, _ value: (Look) -> Double) -> Double {
    looks.map(value).sorted()[looks.count / 2]
  }

  /// The worst stretch by each measure; none where the body was never seen apart from everything.
  static func changes(of index: Int, in scene: SceneMotion) -> [SizeInSetting] {
    guard let setting = scene.setting(of: index) else { return [] }
    let looks = looks(of: index, setting, in: scene)
    let count = max(window.sightings, Int((window.seconds / scene.motions[index].frameTime).rounded()))
    let clear = looks.filter(\.isClear)
    guard clear.count >= count else { return [] }
    let first = Array(clear[..<count])
    return [
      change(.elongation, clear, first, setting, slack: slack.area),
      size(clear, first, setting, slack: slack.area),
      size(looks, first, setting, slack: slack.besideGround).flatMap { $0.isLess ? $0 : nil },
    ].compactMap(\.self)
  }

  /// Of its area and of its ellipse, that which has changed less: where the scene behind has its colour, a silhouette has holes
  /// and covers less, but reaches as far as before.
  private static func size(_ looks: [Look], _ first: [Look], _ setting: SceneSetting, slack: Double) -> SizeInSetting? {
    guard let area = change(.area, looks, first, setting, slack: slack),
      let ellipse = change(.ellipse, looks, first, setting, slack: slack), area.isLess == ellipse.isLess
    else { return nil }
    return area.p > ellipse.p
      ? area : SizeInSetting(p: ellipse.p, violation: area.violation, isLengthAlone: area.isLengthAlone, isLess: area.isLess)
  }

  private static func looks(of index: Int, _ setting: SceneSetting, in scene: SceneMotion) -> [Look] {
    let motion = scene.motions[index]
    // What the scene doesn't have was in no silhouette lawfully, unless it is a shadow.
    let strangers = scene.meetings(besides: index)
    let meetings = scene.meetings(besides: index) { other in
      scene.setting(of: other) != nil || setting.instants.contains(where: \.hasCompany)
        || scene.motions[other].track.sightings.contains { $0.shade > shade }
    }
    let all = motion.track.sightings
    return all.indices.compactMap { k in
      let s = all[k]
      guard meetings.allSatisfy({ abs($0 - s.time) > meeting }), !s.isCut, !s.isShared,
        let instant = setting.instant(at: s.time), !instant.hasCompany
      else { return nil }
      let scale = instant.pixelsPerMetre
      let axes = SIMD2(max(s.axes.x, 1e-3), max(s.axes.y, 1e-3)) / scale
      let due = setting.silhouettes(at: instant).nearest(to: axes)
      let (before, after) = (all[max(0, k - 1)], all[min(all.count - 1, k + 1)])
      return Look(
        time: s.time, area: log(s.area / (scale * scale) / max(due.area, 1e-12)),
        elongation: log(axes.x / axes.y * due.axes.y / max(due.axes.x, 1e-9)),
        length: log(axes.x / max(due.axes.x, 1e-9)), width: log(axes.y / max(due.axes.y, 1e-9)),
        radius: (s.area / .pi).squareRoot(), axes: s.axes,
        step: (after.position - before.position).length / Double(max(1, after.frame - before.frame)),
        isClear: instant.clearance > setting.outerRadius,
        isBesideStranger: strangers.contains { abs($0 - s.time) < meeting })
    }
  }

  /// - Parameters:
  ///   - looks: among which a changed stretch is looked for, after `first`, what the body began as.
  private static func change(
    _ measure: Measure, _ looks: [Look], _ first: [Look], _ setting: SceneSetting, slack: Double
  ) -> SizeInSetting? {
    let (usual, count) = (first[...], first.count)
    let looks = first + looks.filter { $0.time > first[count - 1].time }
    guard looks.count >= 2 * count else { return nil }
    let began = median(usual) { $0.excess(measure) }
    guard abs(began) < same + 2 * edge.common / median(usual, \.radius) else { return nil }
    let scatter = Self.scatter(looks.map { $0.excess(measure) })
    var worst: (change: Double, z: Double, range: Range<Int>)?
    for k in count...(looks.count - count) {
      let here = looks[k..<(k + count)]
      let deviation = deviation(measure, usual, here, scatter: scatter, slack: slack)
      // Half way through the stretch, and where it leads at its end: what still changes has come further by then.
      let level = median(here) { $0.excess(measure) } - began
      let end = end(of: here) { $0.excess(measure) } - began
      for (change, deviation) in [(level, deviation.level), (end, deviation.end)] {
        let z = abs(change) / deviation
        if worst == nil || z > worst!.z { worst = (change, z, k..<(k + count)) }
      }
    }
    guard let worst else { return nil }
    let here = looks[worst.range]
    func grown(_ value: (Look) -> Double) -> Double { median(here, value) - median(usual, value) }
    let isLong = setting.silhouettes.lengths.upperBound > LimbLaw.leastElongation * setting.silhouettes.widths.upperBound
    let isLengthAlone = isLong && abs(grown(\.width)) < sameWidth * abs(grown(\.length))
    // It begins where a line through a quarter and three quarters of the change leads.
    let last = looks[worst.range.upperBound - 1].time
    let passages = [0.25, 0.75].map { share in
      looks.first { ($0.excess(measure) - began) / worst.change > share }?.time ?? last
    }
    let (quarter, most) = (passages[0], passages[1])
    let onset = max(looks[0].time, quarter - max(0, most - quarter) / 2)
    let factor =
      isLengthAlone ? exp(grown(\.length)) : exp(measure == .elongation ? worst.change : worst.change / 2)
    let how =
      isLengthAlone
      ? "long as it was, as a rigid one can't"
      : measure != .elongation
        ? "wide as it was, as a rigid one at that depth can't"
        : "long for its width as it was, as a rigid one can't, however it turns"
    let isBesideStranger = here.contains(where: \.isBesideStranger)
    // The worst of so many stretches.
    let tries = looks.count / count - 1
    let p = max(ScoreCalibration.smallest(Tails.normal(beyond: worst.z), of: tries), isBesideStranger ? besideStranger : 0)
    return SizeInSetting(
      p: p,
      violation: .init(
        from: onset, to: last, what: "the body comes to be \(Sentence.number(factor)) times as \(how)",
        sigma: Tails.normalQuantile(above: p)),
      isLengthAlone: isLengthAlone && !isBesideStranger, isLess: worst.change < 0)
  }

  /// Where a line through a stretch (least squares) has come at its last look.
  private static func end(of looks: ArraySlice<Look>, _ value: (Look) -> Double) -> Double {
    let count = Double(looks.count)
    let (meanTime, mean) = (looks.reduce(0) { $0 + $1.time } / count, looks.reduce(0) { $0 + value($1) } / count)
    let spread = looks.reduce(0) { $0 + pow($1.time - meanTime, 2) }
    let slope = looks.reduce(0) { $0 + ($1.time - meanTime) * (value($1) - mean) } / max(spread, 1e-12)
    return mean + slope * (looks.last!.time - meanTime)
  }

  /// Standard deviation of the difference between two stretches, and between one and the other's end.
  private static func deviation(
    _ measure: Measure, _ usual: ArraySlice<Look>, _ here: ArraySlice<Look>, scatter: Double, slack areaSlack: Double
  ) -> (level: Double, end: Double) {
    var variance = pow(2 * SceneSetting.uncertainty, 2)
    var atEnd = 0.0
    var edges = 0.0
    for (stretch, sign) in [(usual, -1.0), (here, 1.0)] {
      // The variance of a median, and of what is measured with every sighting or by this track's own scatter.
      let radius = median(stretch, \.radius)
      let each = max(pow(Self.noise, 2) * 12 / (.pi * pow(radius, 3)), Self.lasting * .pi / 2 * scatter)
      variance += each / Double(stretch.count)
      // A line's end has four times the variance of its mean, a median π/2 times.
      if sign > 0 { atEnd = (4 / (.pi / 2) - 1) * each / Double(stretch.count) }
      switch measure {
      case .area, .ellipse:
        edges += sign * 2 * edge.common / radius
        variance += pow(2 * edge.wander / radius, 2)
      case .elongation:
        let axes = SIMD2(median(stretch) { $0.axes.x }, max(median(stretch) { $0.axes.y }, 1))
        edges += sign * 2 * edge.common * (1 / axes.x - 1 / axes.y)
        variance += pow(2 * edge.wander / axes.y, 2) + pow(2 * edge.wander / axes.x, 2)
        variance += pow(median(stretch, \.step) / 2 / axes.y, 2)
      }
    }
    let slack = measure == .elongation ? Self.slack.elongation : areaSlack
    variance += edges * edges + slack * slack
    return (variance.squareRoot(), (variance + atEnd).squareRoot())
  }

  /// Variance of one size about its neighbours', by the median of squared steps (that of χ² with one degree is 0.455).
  private static func scatter(_ excesses: [Double]) -> Double {
    let steps = zip(excesses, excesses.dropFirst()).map { pow($1 - $0, 2) / 2 }.sorted()
    return steps.isEmpty ? 0 : steps[steps.count / 2] / 0.4549
  }
}
