import Foundation
import Plausibility
import Testing
import WorldCore

/// Shadows and mirror images beside bodies that merely move alike.
@Suite("Cast images") struct CastImagesTests {
  /// A ball's track, and what an affine map of the picture makes of it.
  static func ball(_ stream: inout RandomStream, id: Int = 1, shiftedBy shift: SIMD2<Double> = .zero) -> Track {
    var flight = FlightEnergyTests.flight(restitution: 0.8)
    flight.position += shift
    var track = flight.track(&stream)
    track.id = id
    return track
  }

  static func image(
    of body: Track, _ stream: inout RandomStream, width: Double, map: (SIMD2<Double>) -> SIMD2<Double>
  ) -> Track {
    var image = body
    image.id = 2
    for k in image.sightings.indices {
      image.sightings[k].position =
        map(body.sightings[k].position)
        + SIMD2(stream.normal(standardDeviation: 0.3), stream.normal(standardDeviation: 0.3))
      image.sightings[k].covariance = Covariance2(isotropic: 0.09)
      image.sightings[k].area *= width
      image.sightings[k].axes.y *= width
    }
    return image
  }

  static func judged(_ tracks: [Track]) -> ScoreDocument {
    Judge().score(
      tracks: tracks, evidence: SyntheticFlight.quietEvidence, clip: FlightEnergyTests.flight(restitution: 0.8).clip)
  }

  static let floor = 291.0

  @Test("a shadow on the floor and a mirror image in it are images, and the ball is judged", arguments: UInt64(0)..<6)
  func images(seed: UInt64) {
    var stream = RandomStream(seed: seed, "images")
    let ball = Self.ball(&stream)
    let shadow = Self.image(of: ball, &stream, width: 0.3) { p in
      SIMD2(p.x + 0.6 * (Self.floor - p.y), Self.floor + 9 - 0.1 * (Self.floor - p.y))
    }
    let mirrored = Self.image(of: ball, &stream, width: 0.97) { p in SIMD2(p.x, 2 * (Self.floor + 9) - p.y) }
    for image in [shadow, mirrored] {
      let document = Self.judged([ball, image])
      #expect(document.tracks.map(\.kind) == [.compact, .image])
      #expect(document.verdict == .plausible && document.score > 0.6, "\(document.laws)")
      #expect(document.laws.allSatisfy { $0.track != 2 })
      #expect(document.limits.contains("track 2 moves as a shadow or mirror image of track 1: the laws are not asked of it"))
    }
  }

  @Test("balls that fall side by side are bodies, near or far", arguments: UInt64(0)..<6)
  func sideBySide(seed: UInt64) {
    var stream = RandomStream(seed: seed, "side by side")
    let ball = Self.ball(&stream)
    let beside = Self.image(of: ball, &stream, width: 1) { $0 + SIMD2(60, 0) }
    let behind = Self.image(of: ball, &stream, width: 0.6) { 0.6 * $0 + SIMD2(150, 80) }
    for other in [beside, behind] { #expect(Self.judged([ball, other]).tracks.map(\.kind) == [.compact, .compact]) }
  }

  @Test("a ball of its own that falls sideways is no image")
  func sideways() {
    var stream = RandomStream(seed: 5, "sideways")
    let ball = Self.ball(&stream)
    // Thrown later, with another speed, and pulled to the side: nothing of it follows the first.
    let other = Track(
      id: 2, kind: .compact,
      sightings: (0..<40).map { k in
        let t = Double(k) / 30
        let p = SIMD2(430 - 260 * t, 40 + 60 * t) + SIMD2(350, 250) * (t * t / 2)
        return Track.Sighting(
          frame: k + 8, time: Double(k + 8) / 30,
          position: p + SIMD2(stream.normal(standardDeviation: 0.2), stream.normal(standardDeviation: 0.2)),
          covariance: Covariance2(isotropic: 0.04), area: 254, axes: SIMD2(18, 18))
      }, start: .open, end: .border)
    #expect(Self.judged([ball, other]).tracks.map(\.kind) == [.compact, .compact])
  }

  @Test("colours tell a flat shadow where motion doesn't")
  func shade() {
    var stream = RandomStream(seed: 9, "shade")
    let ball = Self.ball(&stream)
    // Over a kerb: no single map.
    var shadow = Self.image(of: ball, &stream, width: 0.4) { p in SIMD2(p.x, p.x < 150 ? 300 : 280 + 0.1 * p.x) }
    for k in shadow.sightings.indices { shadow.sightings[k].shade = 0.9 }
    #expect(Self.judged([ball, shadow]).tracks.map(\.kind) == [.compact, .image])
    var dark = ball
    for k in dark.sightings.indices { dark.sightings[k].shade = 0.9 }
    #expect(Self.judged([dark]).tracks.map(\.kind) == [.compact])
  }
}
