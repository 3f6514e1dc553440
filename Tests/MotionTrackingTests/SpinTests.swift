import Foundation
import MotionTracking
import Testing
import WorldCore

/// A textured ball that turns as it flies: its spin is read off its picture.
@Suite("Spin of balls") struct SpinTests {
  /// Plays a ball that crosses the picture and turns at `spin`, rad/s, in the picture's frame (x right, y down, z away).
  static func play(spin: SIMD3<Double>, isPlain: Bool = false, seed: UInt64 = 1, _ visit: (TimedFrame) throws -> Void) throws {
    let (width, height, fps, radius) = (192, 108, 30.0, 15.0)
    for k in 0..<40 {
      let t = Double(k) / fps
      var stream = RandomStream(seed: seed, "spin noise").substream(k)
      let center = SIMD2(25 + 105 * t, 40 + 20 * t + 12 * t * t)
      let rate = (spin * spin).sum().squareRoot()
      let axis = rate > 0 ? spin / rate : SIMD3(1, 0, 0)
      let (c, s) = (cos(rate * t), -sin(rate * t))
      var image = Image(width: width, height: height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
      for y in 0..<height {
        for x in 0..<width {
          let d = (SIMD2(Double(x) + 0.5, Double(y) + 0.5) - center) / radius
          let wall = 110 + 0.1 * Double(x)
          let square = (d * d).sum()
          var level = wall
          if square < 1 {
            let q = SIMD3(d.x, d.y, -(1 - square).squareRoot())
            let cross = SIMD3(axis.y * q.z - axis.z * q.y, axis.z * q.x - axis.x * q.z, axis.x * q.y - axis.y * q.x)
            let body = q * c + cross * s + axis * ((axis * q).sum() * (1 - c))
            let pattern = isPlain ? 0 : 45 * sin(4.1 * body.x + 0.7) * sin(3.7 * body.y + 0.2) + 40 * sin(5.2 * body.z + 2.3 * body.x)
            level = (190 + pattern) * (0.8 - 0.2 * (q.x + q.y) / 1.5)
          }
          let noisy = UInt8(min(255, max(0, level + stream.normal(standardDeviation: 2))))
          image.pixels[y * width + x] = SRGB8(red: noisy, green: noisy, blue: noisy)
        }
      }
      try visit(TimedFrame(index: k, time: t, image: image))
    }
  }

  @Test(
    "about the line of sight, about the upright, about a slanting axis: within 6 %",
    arguments: [SIMD3(0.0, 0, 8), SIMD3(0.0, -6, 0), SIMD3(4.0, 3, -5)])
  func turning(spin: SIMD3<Double>) throws {
    let seen = try Tracker().track { try Self.play(spin: spin, $0) }
    let track = try #require(seen.tracks.max { $0.sightings.count < $1.sightings.count })
    let spins = track.sightings.compactMap(\.spin)
    #expect(spins.count > 28, "\(spins.count)")
    let mean = spins.reduce(SIMD3<Double>.zero, +) / Double(max(1, spins.count))
    let error = mean - spin
    #expect((error * error).sum().squareRoot() < 0.06 * (spin * spin).sum().squareRoot(), "\(mean)")
  }

  @Test("a plain ball tells nothing of its spin")
  func plain() throws {
    let seen = try Tracker().track { try Self.play(spin: SIMD3(0, 0, 8), isPlain: true, $0) }
    #expect(seen.tracks.flatMap(\.sightings).allSatisfy { $0.spin == nil })
  }
}
