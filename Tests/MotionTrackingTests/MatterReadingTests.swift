import Foundation
import MotionTracking
import Testing
import WorldCore

@Suite("Reading liquids and cloths") struct MatterReadingTests {
  /// A disc on a speckled ground, in frames that a scene expects it in with a constant radius.
  private func reading(disc: SIMD3<Double>, ground: SIMD3<Double>, radius: (Int) -> Double) -> MatterEvidence? {
    var (reading, stream) = (MatterReading(), RandomStream(seed: 4, "speckles"))
    for frame in 0..<20 {
      var expected = Mask(width: 120, height: 80)
      expected.mark(SIMD2(60, 40), radius: 16)
      var shown = Mask(width: 120, height: 80)
      shown.mark(SIMD2(60, 40), radius: radius(frame))
      let pixels = shown.pixels.map { isDisc -> SRGB8 in
        let color = (isDisc ? disc : ground) + 8 * stream.normal()
        func level(_ value: Double) -> UInt8 { UInt8(min(max(value, 0), 255)) }
        return SRGB8(red: level(color.x), green: level(color.y), blue: level(color.z))
      }
      reading.add(Image(width: 120, height: 80, pixels: pixels), time: Double(frame) / 10, expected: expected, largest: 900)
    }
    return reading.evidence("disc", .cloth, shot: 0, pixel: 2)
  }

  @Test("areas are the truth's, in the clip's pixels, while it grows beyond its scene's")
  func areas() throws {
    let radius = { (frame: Int) in frame < 12 ? 16 : 16 + 0.7 * Double(frame - 11) }
    let evidence = try #require(
      reading(disc: SIMD3(200, 40, 40), ground: SIMD3(60, 90, 120), radius: radius))
    #expect(evidence.contrast > 0.8 && evidence.sights.count == 20)
    for (frame, sight) in evidence.sights.enumerated() {
      let truth = 4 * Double.pi * radius(frame) * radius(frame)
      #expect(abs(sight.area / truth - 1) < 0.08, "frame \(frame): \(sight.area) of \(truth)")
      #expect(sight.largest == 3600)
    }
  }

  @Test("of the ground's own colour it has no contrast")
  func alike() throws {
    let evidence = try #require(
      reading(disc: SIMD3(60, 90, 120), ground: SIMD3(60, 90, 120)) { _ in 16 })
    #expect(evidence.contrast < 0.2)
  }
}
