import Foundation
import WorldCore

/// Cloth: a woven sheet is bent, not stretched; however it flies, it never covers more than all of itself.
///
/// *Formula.* `A(t) ≤ A_max`, the area that its colours cover against that of the whole sheet face on at the nearest that it
/// comes to the camera; and `A(t)/A₀(t)` against the scene's own cloth doesn't grow. *Test.* One-sided, both: the area in three
/// frames running, beyond a slack of 6 % (3 % of stretch either way), under the scatter from frame to frame; a growth that
/// begins at some time and goes on (`VisibleGrowth`). *Unit.* 1 (the ratio of areas at the end). *Applies* beside a scene with
/// a cloth whose colours stand out from what is around it. *Blind spots.* What stretches while it folds; motion without wind.
struct ClothLaw: Law {
  static let name = "cloth"

  /// Logarithm of the area by which real cloth may give, and edges err.
  static let slack = 0.06
  /// Least relative standard deviation of a frame's area.
  static let leastScatter = 0.03
  /// Frames in a row that have to show it.
  static let persistence = 3

  func findings(in scene: SceneMotion) -> [LawFinding] {
    let cloths = scene.matter.filter { $0.kind == .cloth }
    guard !cloths.isEmpty else { return [.inapplicable(Self.name, "no scene tells of a cloth in this clip")] }
    let findings = cloths.flatMap { cloth -> [LawFinding] in
      guard cloth.standsOut else { return [] }
      return [extent(of: cloth, scene.options.alpha), growth(of: cloth, scene.options.alpha)].compactMap(\.self)
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no cloth's colours stand out from what is around it, in ten frames or more")] : findings
  }

  /// Against all that there is of it.
  private func extent(of cloth: MatterEvidence, _ alpha: Double) -> LawFinding? {
    let seen = cloth.sights.filter { $0.area > 0 && $0.largest ?? 0 > 0 }
    guard seen.count >= VisibleGrowth.fewest else { return nil }
    let excess = seen.map { log($0.area / $0.largest!) - Self.slack }
    let steps = zip(excess, excess.dropFirst()).map { abs($1 - $0) }.sorted()
    // Of normal noise the median step is .954 standard deviations.
    let scatter = max(Self.leastScatter, steps[steps.count / 2] / 0.954)
    let runs = (0...(excess.count - Self.persistence)).map { excess[$0..<($0 + Self.persistence)].min()! }
    let worst = runs.indices.max { runs[$0] < runs[$1] }!
    let sigma = runs[worst] / scatter
    let p = ScoreCalibration.smallest(Tails.normal(above: sigma), of: seen.count)
    let first = worst - runs[..<worst].reversed().prefix { $0 > 0 }.count
    return .tested(
      Self.name, track: nil, pValue: p,
      violations: p < alpha
        ? [
          .init(
            from: seen[first].time, to: seen[worst + Self.persistence - 1].time,
            what:
              "\(cloth.name) covers \(Sentence.number((exp(runs[worst] + Self.slack) - 1) * 100)) % more than all of it could, face on and unfolded",
            sigma: sigma)
        ] : [], note: "\(cloth.name) against the whole of its sheet")
  }

  /// Against the scene's own.
  private func growth(of cloth: MatterEvidence, _ alpha: Double) -> LawFinding? {
    guard let growth = VisibleGrowth(cloth.sights) else { return nil }
    let p = growth.pValueOfGrowth
    let (change, margin) = (growth.change, 1.96 * growth.deviation)
    return .tested(
      Self.name, track: nil, pValue: p,
      estimate: .init(value: exp(change), unit: "1", ci95: [exp(change - margin), exp(change + margin)]),
      violations: p < alpha
        ? [
          .init(
            from: growth.onset, to: growth.end,
            what:
              "\(cloth.name) stretches: it comes to cover \(Sentence.number((exp(change) - 1) * 100)) % more than its scene's",
            sigma: growth.sigma)
        ] : [], note: "estimate: how much more of \(cloth.name) is seen at the end than its scene has")
  }
}
