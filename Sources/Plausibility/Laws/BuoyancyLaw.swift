import Foundation
import LinearAlgebra
import WorldCore

/// Buoyancy: what bobs up and down about its waterline comes to rest there; its bobbing never grows.
///
/// *Formula.* `z″ = −ω²(z − z₀) − 2γz′`, γ ≥ 0: the restoring force of a float of constant section, and that of a spring.
/// *Test.* One-sided on γ under the fit's covariance, with 0.5 % of ω for waves that come back; compact things that are driven
/// up and down, one in a hundred and fifty of those. With a scene that has water: what floats in it and is above it by its
/// radius falls with g, as what touches nothing does (χ² of its acceleration). *Unit.* s (the period). *Applies* to compact
/// tracks that pass their middle three times along the vertical, smoothly, with no other mover near. *Blind spots.* Whether
/// there is water, and how deep a body of that density floats.
struct BuoyancyLaw: Law {
  static let name = "buoyancy"

  static let dampingSlack = 0.005
  static let driven = 6e-3

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings = scene.motions.indices.compactMap { hovering($0, in: scene) }
    findings += scene.motions.indices.compactMap { index -> LawFinding? in
      let motion = scene.motions[index]
      guard mayBob(index, in: scene), let swing = Swing(motion, frameTime: motion.frameTime), swing.kind == .harmonic,
        !keepsTime(swing, index, in: scene),
        !scene.hasNeighbour(of: index, within: 2 * motion.diameter + 2 * swing.amplitude)
      else { return nil }
      let fit = swing.fit
      let omega = fit.angularFrequency
      let scatter = max(1, fit.chiSquare / Double(max(1, fit.degreesOfFreedom)))
      let z = -fit.damping / (fit.covariance[4, 4] * scatter + pow(Self.dampingSlack * omega, 2)).squareRoot()
      let p = max(Tails.normal(above: z), z > 0 ? Self.driven : 0)
      let period = 2 * Double.pi / omega
      let deviation = 0.5 * period * (fit.covariance[3, 3] * scatter).squareRoot() / fit.unknowns[3]
      return .tested(
        Self.name, track: motion.track.id, pValue: p,
        estimate: .init(value: period, unit: "s", ci95: [period - 1.96 * deviation, period + 1.96 * deviation]),
        violations: p < scene.bound
          ? [
            .init(
              from: swing.samples[0].time, to: swing.samples.last!.time,
              what:
                "it bobs ever higher, by \(Sentence.number((exp(-fit.damping * period) - 1) * 100)) % in each period, with nothing to drive it",
              sigma: z)
          ] : [], note: "estimate: period of bobbing")
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing was seen to bob by itself")] : findings
  }

  /// Where a scene is given, only what water or a joint of it holds goes up and down by itself; by the clip alone anything may.
  private func mayBob(_ index: Int, in scene: SceneMotion) -> Bool {
    scene.setting(of: index).map { !$0.isFree } ?? scene.options.trackViews.isEmpty
  }

  /// Whether it goes up and down in time with another body's bounces, as a shadow does.
  private func keepsTime(_ swing: Swing, _ index: Int, in scene: SceneMotion) -> Bool {
    let period = 2 * Double.pi / swing.fit.angularFrequency
    let span = swing.samples[0].time...swing.samples.last!.time
    return scene.motions.indices.contains { other in
      guard other != index, let fall = scene.gravity.falls[other], fall.isSure else { return false }
      let bounces = SeenContact.all(of: other, in: scene).map(\.time).filter(span.contains)
      return zip(bounces, bounces.dropFirst()).contains { abs(log(($1 - $0) / period)) < Self.inTime }
    }
  }

  /// Logarithm of the ratio between a period and the time between two bounces that are the same.
  private static let inTime = 0.2

  /// How often what a scene leaves out holds up what floats.
  static let unseenHold = 1e-5

  /// What the scene's water carries, above it.
  private func hovering(_ index: Int, in scene: SceneMotion) -> LawFinding? {
    guard let setting = scene.setting(of: index), !setting.isFree, scene.options.gravity > 0 else { return nil }
    let motion = scene.motions[index]
    let flights = motion.arcs.compactMap { arc in
      PlacedArc(motion, arc, in: setting) { instant in
        (instant.overWater ?? -1) > setting.outerRadius && setting.isInTheOpen(instant) && !instant.hasCompany
      }
    }.filter { $0.duration >= FallInTheOpen.leastDuration }
    guard let worst = flights.min(by: { FallInTheOpen.pValue($0, setting) < FallInTheOpen.pValue($1, setting) }) else {
      return nil
    }
    let p = max(ScoreCalibration.smallest(FallInTheOpen.pValue(worst, setting), of: flights.count), Self.unseenHold)
    return .tested(
      Self.name, track: motion.track.id, pValue: p,
      violations: p < scene.bound
        ? [
          .init(
            from: worst.start, to: worst.end,
            what:
              "from \(Sentence.time(worst.start)) to \(Sentence.time(worst.end)) what floats is above the water and accelerates by \(Sentence.number(worst.acceleration.length)) m/s^2, not as what falls",
            sigma: Tails.normalQuantile(above: p))
        ] : [])
  }
}
