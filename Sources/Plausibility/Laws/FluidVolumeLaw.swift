import Foundation
import WorldCore

/// Fluid volume: a liquid becomes neither more nor less but by what its scene pours in or lets out.
///
/// *Formula.* `A(t)/A₀(t)` is constant: the area of the picture that the liquid's colours cover, over that which the scene's
/// own liquid covers at that time. *Test.* Two-sided on a change that begins at some time and goes on evenly (`VisibleGrowth`).
/// *Unit.* 1 (the ratio at the end). *Applies* beside a scene with a liquid of particles whose colours stand out from what is
/// around it. *Blind spots.* Clear liquids in clear vessels; what grows along the line of sight; a `kind: surface`; whether a
/// surface at rest is level.
struct FluidVolumeLaw: Law {
  static let name = "fluid-volume"

  func findings(in scene: SceneMotion) -> [LawFinding] {
    let liquids = scene.matter.filter { $0.kind == .liquid }
    guard !liquids.isEmpty else { return [.inapplicable(Self.name, "no scene tells of a liquid in this clip")] }
    let findings = liquids.compactMap { liquid -> LawFinding? in
      guard liquid.standsOut, let growth = VisibleGrowth(liquid.sights) else { return nil }
      let p = growth.pValueOfChange
      let (change, margin) = (growth.change, 1.96 * growth.deviation)
      return .tested(
        Self.name, track: nil, pValue: p,
        estimate: .init(value: exp(change), unit: "1", ci95: [exp(change - margin), exp(change + margin)]),
        violations: p < scene.options.alpha ? [violation(of: liquid.name, growth)] : [],
        note: "estimate: how much more of \(liquid.name) is seen at the end than its scene has")
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no liquid's colours stand out from what is around it, in ten frames or more")] : findings
  }

  private func violation(of name: String, _ growth: VisibleGrowth) -> LawFinding.Violation {
    let percent = Sentence.number(abs(exp(growth.change) - 1) * 100)
    return .init(
      from: growth.onset, to: growth.end,
      what: growth.change > 0
        ? "\(name) grows by \(percent) % of what its scene shows, and nothing pours it in"
        : "\(name) dwindles by \(percent) % of what its scene shows, and nothing lets it out", sigma: abs(growth.sigma))
  }
}
