import Foundation
import MotionTracking
import Testing
import WorldCore

/// Where a clip cuts, and what only looks like a cut.
@Suite("Shot boundaries") struct ShotBoundariesTests {
  /// A scene of a few soft shapes that a seed arranges, seen with noise.
  struct Setting {
    var seed: UInt64
    var shift = SIMD2<Double>.zero
    var light = 1.0

    func level(_ x: Int, _ y: Int) -> Double {
      var stream = RandomStream(seed: seed, "setting")
      let base = stream.uniform(in: 60...180)
      var level = base
      for _ in 0..<5 {
        let center = SIMD2(stream.uniform(in: 0...96), stream.uniform(in: 0...54))
        let (reach, height) = (stream.uniform(in: 8...25), stream.uniform(in: -60...60))
        let d = SIMD2(Double(x), Double(y)) - shift - center
        level += height * exp(-(d * d).sum() / (2 * reach * reach))
      }
      return light * level
    }
  }

  static let size = (width: 96, height: 54)

  /// Levels of a setting, computed once.
  static func plane(_ setting: Setting) -> [Double] {
    (0..<size.width * size.height).map { setting.level($0 % size.width, $0 / size.width) }
  }

  static func picture(_ plane: [Double], noise: Int, ball: SIMD2<Double>? = nil, radius: Double = 8) -> Image<SRGB8> {
    var image = Image(width: size.width, height: size.height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    var stream = RandomStream(seed: 7, "noise").substream(noise)
    for i in plane.indices {
      var level = plane[i]
      if let ball {
        let d = SIMD2(Double(i % size.width), Double(i / size.width)) - ball
        if (d * d).sum() < radius * radius { level = 240 }
      }
      let value = UInt8(min(255, max(0, (level + stream.normal(standardDeviation: 3)).rounded())))
      image.pixels[i] = SRGB8(red: value, green: value, blue: value)
    }
    return image
  }

  static func shots(_ frames: [Image<SRGB8>]) -> [Range<Int>] {
    var boundaries = ShotBoundaries()
    for frame in frames { boundaries.add(frame) }
    return boundaries.shots
  }

  @Test("cuts are found at their frame", arguments: [[12], [9, 30], [8, 16, 24, 40]], UInt64(1)..<4)
  func cuts(at cuts: [Int], seed: UInt64) {
    let settings = (0...cuts.count).map { Self.plane(Setting(seed: seed * 100 + UInt64($0))) }
    let frames = (0..<54).map { k in Self.picture(settings[cuts.count { $0 <= k }], noise: k) }
    let starts = [0] + cuts
    #expect(Self.shots(frames) == zip(starts, cuts + [54]).map { $0..<$1 })
  }

  @Test("a cut that is known is one, whatever the frames show")
  func known() {
    let plane = Self.plane(Setting(seed: 1))
    var boundaries = ShotBoundaries()
    for k in 0..<40 {
      boundaries.add(Self.picture(plane, noise: k))
      if k == 17 { boundaries.cut() }
    }
    #expect(boundaries.shots == [0..<17, 17..<40])
  }

  @Test("one setting in noise is one shot", arguments: UInt64(1)..<6)
  func still(seed: UInt64) {
    let plane = Self.plane(Setting(seed: seed))
    #expect(Self.shots((0..<40).map { Self.picture(plane, noise: $0) }) == [0..<40])
  }

  @Test("a fade from one setting to another is no cut")
  func fade() {
    let (a, b) = (Self.plane(Setting(seed: 11)), Self.plane(Setting(seed: 12)))
    let frames = (0..<40).map { k in
      let share = min(1, max(0, (Double(k) - 10) / 20))
      return Self.picture(zip(a, b).map { $0 + share * ($1 - $0) }, noise: k)
    }
    #expect(Self.shots(frames) == [0..<40])
  }

  @Test("a cut from a resting camera to one that pans fast is found, and so is the way back", arguments: UInt64(1)..<4)
  func cutToPan(seed: UInt64) {
    let rest = Self.plane(Setting(seed: 2 * seed))
    let frames = (0..<40).map { k in
      k < 20
        ? Self.picture(rest, noise: k)
        : Self.picture(Self.plane(Setting(seed: 2 * seed + 1, shift: SIMD2(3 * Double(k - 30), 0))), noise: k)
    }
    #expect(Self.shots(frames) == [0..<20, 20..<40])
    #expect(Self.shots(frames.reversed()) == [0..<20, 20..<40])
  }

  @Test("a pan that sets in at once is no cut", arguments: UInt64(1)..<4)
  func pan(seed: UInt64) {
    let frames = (0..<40).map { k in
      Self.picture(Self.plane(Setting(seed: seed, shift: SIMD2(4 * Double(max(0, k - 20)), 0))), noise: k)
    }
    #expect(Self.shots(frames) == [0..<40])
  }

  @Test("a flash is no cut", arguments: [1, 2, 4])
  func flash(length: Int) {
    let (plane, bright) = (Self.plane(Setting(seed: 13)), Self.plane(Setting(seed: 13, light: 1.6)))
    let frames = (0..<40).map { k in Self.picture((20..<20 + length).contains(k) ? bright : plane, noise: k) }
    #expect(Self.shots(frames) == [0..<40])
  }

  @Test("a large ball that crosses the picture in a few frames is no cut", arguments: [10.0, 25, 40])
  func fastMotion(step: Double) {
    let plane = Self.plane(Setting(seed: 14))
    let frames = (0..<40).map { k in
      Self.picture(plane, noise: k, ball: SIMD2(step * Double(k - 15), 27), radius: 12)
    }
    #expect(Self.shots(frames) == [0..<40])
  }

  @Test("a panning camera cuts nowhere", arguments: [1.0, 4])
  func pan(step: Double) {
    let frames = (0..<30).map { k in
      Self.picture(Self.plane(Setting(seed: 15, shift: SIMD2(step * Double(k), 0))), noise: k)
    }
    #expect(Self.shots(frames) == [0..<30])
  }

  @Test("clips of a frame or none have a shot or none") func short() {
    #expect(Self.shots([Self.picture(Self.plane(Setting(seed: 1)), noise: 0)]) == [0..<1])
    #expect(Self.shots([]) == [0..<0])
  }
}
