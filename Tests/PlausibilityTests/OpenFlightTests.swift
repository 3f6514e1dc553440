import Foundation
import Plausibility
import Testing
import WorldCore

/// A ball in the open of a known scene: blows that leave no corner, what hides a part of it, collisions of known masses.
@Suite("Open flights, beside a scene") struct OpenFlightTests {
  static let scale = 100.0

  static func setting(
    _ track: Track, body: String = "ball", mass: Double? = nil, behind: ClosedRange<Double>? = nil, restsFirst: Bool = false,
    burial: Double = -1, normals: [SIMD3<Double>] = []
  ) -> JudgeOptions.TrackView {
    let instants = track.sightings.map { s in
      SceneSetting.Instant(
        time: s.time, place: s.position / scale, pixelsPerMetre: scale, clearance: normals.isEmpty ? 1 : 0, burial: burial,
        normals: normals,
        isBehind: behind?.contains(s.time) ?? false)
    }
    return .init(
      scales: [.init(time: 0, pixelsPerMetre: scale)], uncertainty: 0.01, approach: 0, down: SIMD2(0, 1),
      setting: SceneSetting(
        body: body, instants: instants, gravity: SIMD2(0, 9.81), innerRadius: 0.09, outerRadius: 0.09,
        silhouettes: .init(of: [.init(area: .pi * 0.09 * 0.09, axes: SIMD2(0.18, 0.18))]), isFree: true,
        beginsAtRest: restsFirst, air: 0, mass: mass))
  }

  static func thrown(_ t: Double) -> SIMD2<Double> { SIMD2(60 + 200 * t, 220 - 330 * t + 4.905 * scale * t * t) }

  @Test("a blow too small to cut the path is a contact's, no other gravity's", arguments: [0.25, 0.35, 0.5])
  func blow(change: Double) {
    let look = SyntheticTrack(frames: 24, noise: 0.25)
    for seed in UInt64(1)...6 {
      var stream = RandomStream(seed: seed, "blow")
      let track = look.track(&stream) { Self.thrown($0) + SIMD2(0, change * Self.scale * max(0, $0 - 0.4)) }
      var options = JudgeOptions()
      options.trackViews[1] = Self.setting(track)
      let document = look.judged([track], options: options)
      #expect(document.verdict == .implausible)
      #expect(document.laws.allSatisfy { $0.law != "gravity" || $0.violations.isEmpty }, "\(document.laws)")
      let told = document.laws.first { $0.law == "contact" }?.violations ?? []
      #expect(told.contains { abs($0.from - 0.4) < 0.1 }, "\(document.laws)")
    }
  }

  @Test("what something of the scene hides in part has its middle elsewhere: that is no motion of its own")
  func behind() {
    let look = SyntheticTrack(frames: 24, noise: 0.15)
    func judged(knows: Bool) -> ScoreDocument {
      var stream = RandomStream(seed: 3, "behind")
      let hidden = 0.3...0.45
      let track = look.track(&stream) { Self.thrown($0) + (hidden.contains($0) ? SIMD2(-4, 0) : .zero) }
      var options = JudgeOptions()
      options.trackViews[1] = Self.setting(track, behind: knows ? hidden : nil)
      return look.judged([track], options: options)
    }
    #expect(judged(knows: true).verdict == .plausible)
    #expect(judged(knows: false).verdict == .implausible)
  }

  @Test(
    "what shows less of itself in the air has the background's colour; near the ground it is in there", arguments: [-1, -0.02])
  func pale(burial: Double) {
    let look = SyntheticTrack(frames: 24, noise: 0.15)
    var stream = RandomStream(seed: 3, "pale")
    var track = look.track(&stream, Self.thrown)
    for k in 14..<19 { (track.sightings[k].isShared, track.sightings[k].area) = (true, 0.6 * track.sightings[k].area) }
    var options = JudgeOptions()
    options.trackViews[1] = Self.setting(track, burial: burial, normals: [SIMD3(0, -0.9, -0.436)])
    let told = look.judged([track], options: options).laws.first { $0.law == "solidity" }?.violations ?? []
    #expect(told.isEmpty == (burial == -1), "\(told)")
  }

  @Test("a body of known mass is struck no harder than an elastic blow strikes it", arguments: [1.0, 1.8])
  func elasticBound(boost: Double) {
    let look = SyntheticTrack(frames: 50)
    var other = look
    other.id = 2
    var stream = RandomStream(seed: 5, "elastic")
    let time = 0.8
    // Equal masses, head on: the first comes at 120 px/s and passes all of it on; boosted, both get more of it, opposite.
    let (before, taken) = (120.0, 120 * boost)
    let tracks = [
      look.track(&stream) { t in SIMD2(200 + (t < time ? before : before - taken) * (t - time), 150) },
      other.track(&stream) { t in SIMD2(218 + (t < time ? 0 : taken) * (t - time), 150) },
    ]
    var options = JudgeOptions()
    options.view = .overhead
    options.gravity = 0
    for track in tracks { options.trackViews[track.id] = Self.setting(track, body: "puck \(track.id)", mass: 1) }
    for (id, view) in options.trackViews {
      var view = view
      view.setting?.gravity = .zero
      options.trackViews[id] = view
    }
    let momentum = look.judged(tracks, options: options).laws.filter { $0.law == "momentum" }
    #expect(momentum.contains { $0.applies })
    let isTold = momentum.contains { $0.violations.contains { $0.what.contains("elastic blow") } }
    #expect(isTold == (boost > 1), "\(momentum)")
  }
}
