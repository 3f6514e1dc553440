import Foundation
import WorldCore

/// Ballistic flight: between contacts a body's path is `p(t) = p₀ + v₀t + ½at²`, one a along one direction.
///
/// *Test.* Pearson's χ² of the positions in each free arc about its fitted path, under the tracker's covariances, which are
/// themselves known to a factor; one p-value per track. Drag, lift and perspective are tried before misfit is cried: the path
/// may carry a third and fourth degree in time when the information criterion pays for them and the acceleration changes by no
/// more than its own size. *Unit.* none (reduced χ²). *Applies* to compact tracks with a free arc of at least five sightings.
/// *Blind spots.* A path that bends into arcs, each lawful on its own, passes here; what the joints need is asked by bounce,
/// continuity and gravity.
struct BallisticFlightLaw: Law {
  static let name = "ballistic-flight"

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, fall) in scene.gravity.falls.sorted(by: { $0.key < $1.key }) {
      let motion = scene.motions[index]
      let arcs = fall.arcs.map { motion.arcs[$0] }
      let chiSquare = arcs.reduce(0) { $0 + $1.chiSquare }
      let degrees = arcs.reduce(0) { $0 + $1.degreesOfFreedom }
      guard degrees > 0 else { continue }
      let reduced = chiSquare / Double(degrees)
      let p = scene.supposingFall(
        Self.pValue(chiSquare, degrees: degrees, varianceError: motion.track.varianceError), of: index)
      // 95 % of a reduced χ² with these degrees lies within two of its own standard deviations, √(2/ν).
      let deviation = (2 / Double(degrees)).squareRoot()
      var violations: [LawFinding.Violation] = []
      if p < scene.options.alpha, let worst = arcs.max(by: { excess($0) < excess($1) }) {
        violations.append(
          .init(
            from: worst.start, to: worst.end,
            what:
              "the flight is no parabola, with or without drag or perspective: positions scatter \(Sentence.number(reduced.squareRoot())) times what the tracker's error explains",
            sigma: Tails.normalQuantile(above: p)))
      }
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          estimate: .init(value: reduced, unit: "1", ci95: [max(0, reduced - 1.96 * deviation), reduced + 1.96 * deviation]),
          violations: violations, note: "estimate: reduced chi-square of the free arcs"))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "no body was seen in free flight")] : findings
  }

  /// The tail of χ² where the variances that normalise it are themselves known to a factor only.
  ///
  /// A log-normal factor of that spread and χ²/ν, whose logarithm has the variance 2/ν, make a log-normal ratio; small
  /// excesses, which the plain χ² explains, keep its p-value.
  static func pValue(_ chiSquare: Double, degrees: Int, varianceError: Double) -> Double {
    guard varianceError > 0 else { return Tails.chiSquare(above: chiSquare, degrees: degrees) }
    let spread = (2 / Double(degrees) + varianceError * varianceError).squareRoot()
    let ratio = Tails.normal(above: log(max(chiSquare, 1e-300) / Double(degrees)) / spread)
    return max(Tails.chiSquare(above: chiSquare, degrees: degrees), min(ratio, 0.5))
  }

  private func excess(_ arc: Arc) -> Double {
    arc.degreesOfFreedom > 0 ? arc.chiSquare / Double(arc.degreesOfFreedom) : 0
  }
}
