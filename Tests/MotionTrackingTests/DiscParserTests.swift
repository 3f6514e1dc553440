import Foundation
import MotionTracking
import Testing
import WorldCore

/// Painted discs, whose edges share pixels with the ground by their area, are found where they were painted.
@Suite("Discs before a plain ground") struct DiscParserTests {
  private static let (red, blue) = (SIMD3<Float>(0.7, 0.01, 0.04), SIMD3<Float>(0.05, 0.14, 0.75))

  private struct Disc {
    var x: Double
    var y: Double
    var radius: Double
    /// As shown, which is not what its material says.
    var shown: SIMD3<Double>
  }

  /// A ground with a vignette and dithered noise of coding.
  private static func picture(_ discs: [Disc], noise: Double = 1, seed: UInt64 = 1) -> Image<SRGB8> {
    var image = Image(width: 128, height: 96, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    var stream = RandomStream(seed: seed, "noise")
    let steps = 8
    for y in 0..<image.height {
      for x in 0..<image.width {
        let away = pow(Double(x) / 64 - 1, 2) + pow(Double(y) / 48 - 1, 2)
        var color = SIMD3(180, 182, 186) - SIMD3(9, 9, 8) * away
        for disc in discs {
          var covered = 0.0
          for sub in 0..<steps * steps {
            let place = SIMD2(Double(x) + (Double(sub % steps) + 0.5) / 8, Double(y) + (Double(sub / steps) + 0.5) / 8)
            if pow(place.x - disc.x, 2) + pow(place.y - disc.y, 2) < disc.radius * disc.radius { covered += 1 / 64 }
          }
          color = color * (1 - covered) + disc.shown * covered
        }
        func byte(_ value: Double) -> UInt8 { UInt8(min(max(value + noise * (2 * stream.uniform() - 1) + 0.5, 0), 255)) }
        image[x, y] = SRGB8(red: byte(color.x), green: byte(color.y), blue: byte(color.z))
      }
    }
    return image
  }

  private static let (shownRed, shownBlue) = (SIMD3<Double>(196, 8, 36), SIMD3<Double>(42, 88, 202))

  @Test(
    "a disc's place is told to a fiftieth of a pixel wherever it lies between them, its radius to a twentieth", arguments: 0..<6
  )
  func places(_ k: Int) throws {
    let parser = try #require(DiscParser(colors: [Self.red]))
    let disc = Disc(x: 40 + 0.17 * Double(k), y: 50 - 0.29 * Double(k), radius: [8.0, 13.4, 20][k % 3], shown: Self.shownRed)
    let seen = try #require(parser.discs(in: Self.picture([disc], seed: UInt64(k)))[0])
    #expect(abs(seen.center.x - disc.x) < 0.02 && abs(seen.center.y - disc.y) < 0.02, "\(seen)")
    #expect(abs(seen.radius - disc.radius) < 0.05, "\(seen)")
  }

  @Test("two discs that touch keep their own places, in the order of the colours")
  func touching() throws {
    let parser = try #require(DiscParser(colors: [Self.blue, Self.red]))
    let discs = [
      Disc(x: 40.3, y: 48.1, radius: 14, shown: Self.shownRed), Disc(x: 64.3, y: 48.1, radius: 10, shown: Self.shownBlue),
    ]
    let seen = parser.discs(in: Self.picture(discs))
    for (sight, disc) in zip(seen, discs.reversed()) {
      let sight = try #require(sight)
      #expect(abs(sight.center.x - disc.x) < 0.04 && abs(sight.center.y - disc.y) < 0.04, "\(sight)")
    }
  }

  @Test("what isn't there isn't found, and colours that don't tell discs apart are refused")
  func absent() throws {
    let parser = try #require(DiscParser(colors: [Self.red, Self.blue]))
    let seen = parser.discs(in: Self.picture([Disc(x: 60, y: 40, radius: 12, shown: Self.shownBlue)]))
    #expect(seen[0] == nil && seen[1] != nil)
    #expect(DiscParser(colors: [SIMD3(repeating: 0.3)]) == nil)
    #expect(DiscParser(colors: [Self.red, SIMD3(0.6, 0.03, 0.05)]) == nil)
  }
}
