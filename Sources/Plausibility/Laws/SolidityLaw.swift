import Foundation
import WorldCore

/// Solidity: two solid bodies aren't in one place.
///
/// *Formula.* Bodies on one table, or at one depth, keep their centres at least `r₁ + r₂` apart. *Test.* How far they come
/// nearer than three quarters of that on smooth paths, against the paths' errors and 8 % of it for the outlines; one-sided.
/// *Unit.* 1 (distance over the sum of radii). *Applies* to pairs of round compact tracks that a view from above puts on one
/// plane, or a scene at one depth, within half of what they are deep. Where the scene is known: how deep a body gets into what
/// stands still, in its own radii (`Intrusion`). *Blind spots.* Other views, where one may pass behind the other; without a
/// scene, bodies that sink into what is still.
struct SolidityLaw: Law {
  static let name = "solidity"

  /// Share of the sum of radii that outlines overlap by in any case: corners, shadows, blur.
  static let slack = 0.25
  static let outline = 0.08
  /// Elongation up to which a silhouette is round.
  static let round = 1.2
  /// Two that pass through each other take no longer to come as near as they do, s.
  static let longestPassage = 0.5
  /// Relative error between two scales: of a view, and of a whole scene, whose bodies' places are known.
  static let scaleError = (view: 0.01, scene: 0.001)

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    let collisions = Collision.all(in: scene)
    let bodies = scene.motions.indices.filter { isRound(scene.motions[$0]) }
    for (place, i) in bodies.enumerated() {
      for j in bodies.dropFirst(place + 1) {
        let met = collisions.filter { Set([$0.first.motion, $0.second.motion]) == [i, j] }
        if let finding = finding(i, j, met, in: scene) { findings.append(finding) }
      }
    }
    findings += scene.motions.indices.compactMap { intrusion(of: $0, in: scene) }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no two round bodies were seen near each other at a depth known to be the same")] : findings
  }

  /// Against what stands still, where a scene tells where that is.
  private func intrusion(of index: Int, in scene: SceneMotion) -> LawFinding? {
    let motion = scene.motions[index]
    guard motion.track.kind == .compact, scene.setting(of: index) != nil else { return nil }
    let all = Intrusion.all(of: index, in: scene)
    func z(_ intrusion: Intrusion) -> Double { (intrusion.depth - Self.slack) / intrusion.deviation }
    let worst = all.max { z($0) < z($1) }
    let p = max(worst.map { Tails.normal(above: z($0)) } ?? 1, Self.thinWall)
    return .tested(
      Self.name, track: motion.track.id, pValue: p,
      violations: p < scene.bound
        ? all.filter { Tails.normal(above: z($0)) < scene.bound }.map {
          .init(
            from: $0.time - motion.frameTime, to: $0.time + motion.frameTime,
            what:
              "the body is \(Sentence.number($0.depth)) of its radius deep in a solid of the scene at \(Sentence.time($0.time))",
            sigma: z($0))
        } : [])
  }

  /// How often what a scene calls solid gives way: curtains, nets, a hole that it leaves out.
  static let thinWall = 1e-5

  private func isRound(_ motion: TrackMotion) -> Bool {
    let elongations = motion.sightings.map { $0.axes.x / $0.axes.y }.sorted()
    return motion.track.kind == .compact && !elongations.isEmpty && elongations[elongations.count / 2] < Self.round
  }

  private func finding(_ i: Int, _ j: Int, _ met: [Collision], in scene: SceneMotion) -> LawFinding? {
    let (a, b) = (scene.motions[i], scene.motions[j])
    let reach = (a.diameter + b.diameter) / 2
    var nearest: (distance: Double, deviation: Double, time: Double, speed: Double)?
    for first in a.arcs where first.count >= TrackMotion.leastForVelocity {
      for second in b.arcs where second.count >= TrackMotion.leastForVelocity {
        let (start, end) = (
          max(a.reach(of: first).lowerBound, b.reach(of: second).lowerBound),
          min(a.reach(of: first).upperBound, b.reach(of: second).upperBound)
        )
        guard start < end else { continue }
        // Fine enough for the fastest to go a tenth of the reach.
        let speed =
          (first.velocity(at: start) - second.velocity(at: start)).length
          + (first.velocity(at: end) - second.velocity(at: end)).length
        let steps = min(2000, max(8, Int((end - start) * speed / (0.1 * reach))))
        for k in 0...steps {
          let t = start + (end - start) * Double(k) / Double(steps)
          let apart = second.position(at: t) - first.position(at: t)
          guard apart.length < nearest?.distance ?? (2 * reach), isAtOneDepth(i, j, at: t, in: scene) else { continue }
          let covariance = first.covariance(0, at: t) + second.covariance(0, at: t)
          let speed = (second.velocity(at: t) - first.velocity(at: t)).length
          nearest = (apart.length, covariance.variance(along: apart.unit).squareRoot(), t, speed)
        }
      }
    }
    // Where one lay until the other struck it there is no path to follow, only the place.
    for collision in met where isAtOneDepth(i, j, at: collision.time, in: scene) {
      guard collision.distance.value < nearest?.distance ?? (2 * reach) else { continue }
      let speed = (collision.first.before - collision.second.before).length
      nearest = (collision.distance.value, collision.distance.deviation, collision.time, speed)
    }
    guard let nearest else { return nil }
    let deviation = (nearest.deviation * nearest.deviation + pow(Self.outline * reach, 2)).squareRoot()
    let z = ((1 - Self.slack) * reach - nearest.distance) / deviation
    let p = Tails.normal(above: z)
    let share = nearest.distance / reach
    // They have been in one place since they came within reach of each other.
    let within = max(0, reach * reach - nearest.distance * nearest.distance).squareRoot() / max(nearest.speed, 1e-9)
    return .tested(
      Self.name, track: a.track.id, pValue: p,
      estimate: .init(
        value: share, unit: "1", ci95: [max(0, share - 1.96 * deviation / reach), share + 1.96 * deviation / reach]),
      violations: p < scene.bound
        ? [
          .init(
            from: nearest.time - max(a.frameTime, min(within, Self.longestPassage)), to: nearest.time + a.frameTime,
            what:
              "tracks \(a.track.id) and \(b.track.id) pass through each other at \(Sentence.time(nearest.time)): their centres come within \(Sentence.number(share * 100)) % of their radii's sum",
            sigma: z)
        ] : [], note: "estimate: least distance of tracks \(a.track.id) and \(b.track.id) over the sum of their radii")
  }

  private func isAtOneDepth(_ i: Int, _ j: Int, at time: Double, in scene: SceneMotion) -> Bool {
    if scene.options.view == .overhead { return true }
    guard let a = scene.view(of: i)?.pixelsPerMetre(at: time), let b = scene.view(of: j)?.pixelsPerMetre(at: time) else {
      return false
    }
    // A body of d px is d/f of its distance deep.
    let focal = 0.5 * Double(scene.clip.size.max() ?? 1) / tan(scene.options.fieldOfView / 2)
    let depth = (scene.motions[i].diameter + scene.motions[j].diameter) / 2 / focal
    let isPlaced = scene.setting(of: i) != nil && scene.setting(of: j) != nil
    return abs(log(a / b)) + (isPlaced ? Self.scaleError.scene : Self.scaleError.view) < 0.5 * depth
  }
}
