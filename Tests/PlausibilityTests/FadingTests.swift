import Foundation
import Plausibility
import Testing
import WorldCore

/// A thing that is gone at once vanishes; one whose colour goes first is dissolved with its picture.
@Suite("Fading") struct FadingTests {
  @Test("what fades out by its colour is doubted, what is gone at once condemned", arguments: [false, true])
  func ends(fades: Bool) {
    var look = SyntheticTrack(frames: 40)
    look.end = .open
    for seed in UInt64(1)...5 {
      var stream = RandomStream(seed: seed, "fading")
      var track = look.track(&stream, edges: 0) { SIMD2(100 + 120 * $0, 150) }
      for i in track.sightings.indices where fades {
        let gone = max(0, Double(i - 27)) / 12
        track.sightings[i].color = SIMD3(200, 80, 40) * (1 - gone) + SIMD3(120, 130, 140) * gone
      }
      var whole = look
      whole.frames = 60
      let document = whole.judged([track])
      #expect((document.verdict == .implausible) != fades, "\(document.laws)")
    }
  }
}
