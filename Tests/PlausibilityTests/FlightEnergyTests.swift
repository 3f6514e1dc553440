import Foundation
import Plausibility
import Testing
import WorldCore

/// Bounces that the tracker didn't see: only the flights before and after tell.
@Suite("Energies of flights") struct FlightEnergyTests {
  /// A flight whose sightings within so many frames of each impact are missing, as glossy floors make them.
  static func track(_ flight: SyntheticFlight, missing frames: Double, _ stream: inout RandomStream) -> Track {
    var track = flight.track(&stream)
    let floor = flight.size.y - flight.radius - 20
    let lowest = zip(track.sightings.indices, track.sightings).filter { i, s in
      let before = i > 0 ? track.sightings[i - 1].position.y : -.infinity
      let after = i + 1 < track.sightings.count ? track.sightings[i + 1].position.y : -.infinity
      return s.position.y > before && s.position.y >= after && s.position.y > floor - 40
    }.map(\.1.time)
    track.sightings.removeAll { s in lowest.contains { abs($0 - s.time) * flight.fps < frames } }
    return track
  }

  static func flight(restitution: Double, gain: Double? = nil) -> SyntheticFlight {
    var stream = RandomStream(seed: 3, "room")
    var flight = SyntheticFlight(&stream, violation: gain == nil ? .none : .gainsEnergy)
    (flight.fps, flight.frames, flight.size, flight.radius) = (30, 66, SIMD2(480, 320), 9)
    (flight.gravity, flight.restitution, flight.noise) = (700, restitution, 0.25)
    (flight.position, flight.velocity, flight.onset) = (SIMD2(60, 150), SIMD2(90, -80), 0.3)
    if let gain { flight.gain = gain }
    return flight
  }

  static func judged(_ flight: SyntheticFlight, missing frames: Double, seed: UInt64) -> ScoreDocument {
    var stream = RandomStream(seed: seed, "flight energy")
    let track = track(flight, missing: frames, &stream)
    return Judge().score(tracks: [track], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
  }

  @Test("a bounce nobody saw may not gain energy", arguments: [1.5, 2.5], UInt64(0)..<12)
  func gain(missing: Double, seed: UInt64) throws {
    let flight = Self.flight(restitution: 0.8, gain: 1.2)
    let strike = try #require(flight.truth().violationTime)
    let document = Self.judged(flight, missing: missing, seed: seed)
    #expect(document.verdict == .implausible, "\(document.laws)")
    let bounce = try #require(document.laws.first { $0.law == "bounce" })
    #expect(bounce.violations.contains { $0.from - 0.04 <= strike && strike <= $0.to + 0.04 }, "\(bounce)")
  }

  @Test("one that loses or keeps it is lawful", arguments: [0.6, 0.85, 1.0], UInt64(0)..<12)
  func loss(restitution: Double, seed: UInt64) {
    let document = Self.judged(Self.flight(restitution: restitution), missing: 2.5, seed: seed)
    #expect(document.verdict == .plausible, "\(document.laws)")
  }

  @Test("a mover that meets the body at the impact may have struck it", arguments: UInt64(0)..<4)
  func struck(seed: UInt64) throws {
    let flight = Self.flight(restitution: 0.8, gain: 1.3)
    let strike = try #require(flight.truth().violationTime)
    var stream = RandomStream(seed: seed, "struck")
    let ball = Self.track(flight, missing: 1.5, &stream)
    let place = try #require(ball.sightings.min { abs($0.time - strike) < abs($1.time - strike) }).position
    // A bat rises to the ball and goes on rising.
    let bat = Track(
      id: 2, kind: .extended,
      sightings: (0..<16).map { k in
        let time = ((strike * flight.fps).rounded() + Double(k) - 8) / flight.fps
        return Track.Sighting(
          frame: Int((time * flight.fps).rounded()), time: time, position: place + SIMD2(0, 18 - 150 * (time - strike)),
          covariance: Covariance2(isotropic: 0.1), area: 200, axes: SIMD2(30, 9))
      }, start: .border, end: .border)
    let document = Judge().score(tracks: [ball, bat], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
    let alarms = document.laws.filter { $0.law == "bounce" && !$0.violations.isEmpty }
    #expect(alarms.isEmpty, "\(document.laws)")
  }
}
