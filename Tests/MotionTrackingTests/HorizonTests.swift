import MotionTracking
import Testing
import WorldCore

/// Where the still scene shows the horizon.
@Suite("Horizon of the still scene") struct HorizonTests {
  /// Sky over ground that meet at a height, through haze, with a ball that crosses; pixels of noise.
  static func horizon(
    at height: Double?, slope: Double = 0, haze: Double = 2, stripes: Bool = false
  ) throws -> MotionEvidence.Horizon? {
    var stream = RandomStream(seed: 11, "horizon")
    let frames = (0..<24).map { frame -> TimedFrame in
      var image = Image<SRGB8>(width: 160, height: 120, filledWith: SRGB8(red: 0, green: 0, blue: 0))
      for y in 0..<120 {
        for x in 0..<160 {
          let below = height.map { min(1, max(0, (Double(y) + 0.5 - $0 - slope * Double(x)) / haze + 0.5)) } ?? 1
          let band = stripes && (y / 6) % 2 == 0 ? 20.0 : 0
          let ball = (x - 6 * frame) * (x - 6 * frame) + (y - 80) * (y - 80) < 50 ? -70.0 : 0
          let level = 190 - 70 * below + band + ball + stream.normal(standardDeviation: 1.5)
          image[x, y] = SRGB8(red: UInt8(level), green: UInt8(level * 0.95), blue: UInt8(min(255, level + 50 - 60 * below)))
        }
      }
      return TimedFrame(index: frame, time: Double(frame) / 24, image: image)
    }
    return try Tracker().track { visit in for frame in frames { try visit(frame) } }.evidence.horizon
  }

  @Test("it is found at its height and roll, through haze too", arguments: [(40.0, 0.0, 1.0), (55, 0.04, 2), (35, -0.03, 8)])
  func found(height: Double, slope: Double, haze: Double) throws {
    let horizon = try #require(try Self.horizon(at: height, slope: slope, haze: haze))
    #expect(abs(horizon.y(at: 80) - (height + slope * 80)) < max(2.5, haze / 2))
    #expect(abs(horizon.slope - slope) < 0.02)
  }

  @Test("a plain table and a striped one show none")
  func table() throws {
    #expect(try Self.horizon(at: nil) == nil)
    #expect(try Self.horizon(at: nil, stripes: true) == nil)
  }
}
