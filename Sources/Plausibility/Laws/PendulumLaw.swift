import Foundation
import LinearAlgebra
import WorldCore

/// Pendulum: what swings on a circle below its pivot keeps its law of motion, and its swing never grows.
///
/// *Formula.* `θ″ = −ω² sin(θ − θ₀) − 2γθ′`, with dry friction where that explains more: one ω for all amplitudes, so the
/// period has the finite swing's own lengthening (complete elliptic integral) built in. *Tests.* (a) γ ≥ 0: one-sided under the
/// fit's covariance, with 0.2 % of ω for perspective; driven swings of compact things are one in a thousand. (b) χ² of the
/// angles about the fitted motion, with 2 % of the amplitude for perspective. (c) The rest position hangs straight down, but
/// for the camera's roll. (d) With a scale: `ω²L ≤ g`, by which a string or rod of any make swings, and no less than g/2.
/// *Unit.* s (the period of small swings). *Applies* to compact tracks that pass their lowest point three times and keep within
/// 3 % of a circle, with no other mover within reach of it. *Blind spots.* Swings seen obliquely (no circle); a child that
/// pumps is no compact body.
struct PendulumLaw: Law {
  static let name = "pendulum"

  /// Standard deviation of the damping besides the fit's, as a share of ω.
  static let dampingSlack = 0.002
  /// What perspective does to an angle, as a share of the amplitude.
  static let angleSlack = 0.02
  /// How often a compact thing that swings is driven.
  static let driven = 1e-3
  /// Lengths from the pivot within which another mover may have to do with the swing.
  static let reach = 2.2
  /// What shows less than this share of the bob's silhouette is a piece of its string, or too light to drive it.
  static let fragments = 0.35
  /// ω²L of a hanging thing is at least this share of g.
  static let leastShare = 0.5

  func findings(in scene: SceneMotion) -> [LawFinding] {
    let findings = scene.motions.indices.compactMap { index in
      Swing(scene.motions[index], frameTime: scene.motions[index].frameTime).flatMap { finding($0, of: index, in: scene) }
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing was seen to swing on a circle by itself")] : findings
  }

  private func finding(_ swing: Swing, of index: Int, in scene: SceneMotion) -> LawFinding? {
    let motion = scene.motions[index]
    guard swing.kind == .pendulum, let length = swing.length,
      !scene.hasNeighbour(of: index, within: Self.reach * length.value, largerThan: Self.fragments)
    else {
      return nil
    }
    let (start, end) = (swing.samples[0].time, swing.samples.last!.time)
    let fit = swing.fit
    let omega = fit.angularFrequency
    var tests: [(p: Double, violation: LawFinding.Violation)] = []

    // The tracker's own scatter about the fit scales its covariance.
    let scatter = max(1, swing.best.chiSquare / Double(max(1, swing.best.degreesOfFreedom)))
    let growth = -fit.damping / (fit.covariance[4, 4] * scatter + pow(Self.dampingSlack * omega, 2)).squareRoot()
    tests.append(
      (
        max(Tails.normal(above: growth), growth > 0 ? Self.driven : 0),
        .init(
          from: start, to: end,
          what:
            "the swing grows by \(Sentence.number((exp(-fit.damping * 2 * .pi / max(omega, 1e-9)) - 1) * 100)) % in each period with nothing to drive it",
          sigma: growth)
      ))

    let deviation = swing.samples.map(\.deviation).sorted()[swing.samples.count / 2]
    let share = 1 + pow(Self.angleSlack * swing.amplitude / deviation, 2)
    let degrees = swing.best.degreesOfFreedom
    let misfit = BallisticFlightLaw.pValue(
      swing.best.chiSquare / share, degrees: degrees, varianceError: motion.track.varianceError)
    tests.append(
      (
        misfit,
        .init(
          from: start, to: end,
          what:
            "no pendulum of one length swings so: its angles scatter \(Sentence.number((swing.best.chiSquare / Double(max(1, degrees))).squareRoot())) times what the tracker's error explains",
          sigma: Tails.normalQuantile(above: misfit))
      ))

    // Straight down in the world may be aslant in the picture, where a scene tells.
    let down = scene.view(of: index)?.down ?? SIMD2(0, 1)
    let tilt = abs(remainder(swing.best.unknowns[0] - atan2(down.x, down.y), 2 * .pi))
    let roll = scene.view(of: index) == nil ? GravityLaw.roll.usual : GravityLaw.knownRoll
    let usual = Tails.normal(beyond: tilt / (roll * roll + swing.best.covariance[0, 0] * scatter).squareRoot())
    let anyhow = scene.view(of: index) == nil ? GravityLaw.roll.anyhow : 0
    let hanging = (1 - anyhow) * usual + anyhow * (1 - min(1, tilt / .pi))
    tests.append(
      (
        hanging,
        .init(
          from: start, to: end, what: "the swing's middle hangs \(Sentence.number(tilt * 180 / .pi))° off straight down",
          sigma: Tails.normalQuantile(above: hanging))
      ))

    if let scale = scene.scale(of: index) {
      let pull = omega * omega * length.value / scale
      let uncertainty = scene.view(of: index)?.uncertainty ?? scene.options.scaleUncertainty
      let relative =
        (fit.covariance[3, 3] * scatter / pow(fit.unknowns[3], 2) + pow(length.deviation / length.value, 2) + uncertainty
        * uncertainty)
        .squareRoot()
      let z = max(log(pull / scene.options.gravity), log(Self.leastShare * scene.options.gravity / pull)) / relative
      tests.append(
        (
          Tails.normal(above: z),
          .init(
            from: start, to: end,
            what:
              "a pendulum of \(Sentence.number(length.value / scale)) m swings as under \(Sentence.number(pull)) m/s^2 where gravity is \(Sentence.number(scene.options.gravity)) m/s^2",
            sigma: z)
        ))
    }

    let p = ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count)
    let period = 2 * Double.pi / omega
    // A wrong length is a wrong amplitude, and a swing of amplitude θ takes θ²/16 longer than a small one.
    let widening =
      swing.amplitude * swing.amplitude / 8
      * (pow(length.deviation / length.value, 2) + Self.angleSlack * Self.angleSlack).squareRoot()
    let relativeDeviation = (fit.covariance[3, 3] * scatter / pow(2 * fit.unknowns[3], 2) + widening * widening).squareRoot()
    let periodDeviation = period * relativeDeviation
    return .tested(
      Self.name, track: motion.track.id, pValue: p,
      estimate: .init(value: period, unit: "s", ci95: [period - 1.96 * periodDeviation, period + 1.96 * periodDeviation]),
      violations: p < scene.options.alpha ? tests.filter { $0.p < scene.options.alpha }.map(\.violation) : [],
      note: "estimate: period of small swings")
  }
}
