/// How a whole picture was brightened or darkened against the still scene: `level = gain · scene + offset`, per channel the
/// same gain, as fades to black or white, crossfades and automatic exposure do it.
///
/// Least squares over a lattice of pixels; what misses the line by much (movers) is left out and the line fitted anew.
struct FrameExposure {
  /// Contrast against the scene's: 1 where nothing changed.
  let gain: Float
  /// Encoded levels, per channel.
  let offset: SIMD3<Float>

  /// A gain nearer to 1 is left to the drift of levels that is taken out of each difference anyway.
  private static let leastChange: Float = 0.03
  /// Below this gain noise and rounding, which are magnified with the picture, exceed what movers differ by.
  private static let leastGain: Float = 0.5
  /// Pixels of the lattice, and how often the line is fitted.
  private static let (lattice, rounds) = (2000, 4)
  /// Share of the lattice that follows the line, within so many levels and standard deviations of the noise, where one is known.
  private static let (leastShare, room, noises): (Double, Float, Float) = (0.7, 4, 3)
  /// How far from the median level a pixel shows a gain, encoded levels, and the share of the lattice that must.
  private static let (leastContrast, leastContrasting): (Float, Double) = (4, 0.2)

  /// Much of the picture follows no line: it dissolves into another, or its light changes from place to place.
  let isAltered: Bool

  /// So little is left of the picture that nothing can be made out in it.
  var isLost: Bool { gain < Self.leastGain }

  /// - Parameters:
  ///   - scene: `3 · width · height` encoded levels.
  ///   - noise: standard deviation, levels.
  init(of frame: WorkingFrame, against scene: [UInt8], noise: Float) {
    let step = max(1, frame.pixelCount / Self.lattice)
    let pixels = Array(stride(from: 0, to: frame.pixelCount, by: step))
    var kept = pixels
    var (gain, offset) = (Float(1), SIMD3<Float>.zero)
    let bound = Self.room + Self.noises * noise
    func levels(_ all: [UInt8], _ i: Int) -> SIMD3<Float> {
      SIMD3(Float(all[3 * i]), Float(all[3 * i + 1]), Float(all[3 * i + 2]))
    }
    for round in 0..<Self.rounds {
      let n = Float(max(1, kept.count))
      let means = kept.reduce((scene: SIMD3<Float>.zero, frame: SIMD3<Float>.zero)) {
        ($0.scene + levels(scene, $1), $0.frame + levels(frame.rgb, $1))
      }
      let (from, to) = (means.scene / n, means.frame / n)
      let moments = kept.reduce((scene: Float(0), both: Float(0))) { sums, i in
        let d = levels(scene, i) - from
        return (sums.scene + (d * d).sum(), sums.both + (d * (levels(frame.rgb, i) - to)).sum())
      }
      // On a plain wall only movers have a contrast, and theirs, which comes and goes, is none of the light's.
      let middle = Self.median(of: scene, at: kept)
      let contrasting = kept.count {
        let d = levels(scene, $0) - middle
        return (d * d).sum() > 3 * Self.leastContrast * Self.leastContrast
      }
      guard Double(contrasting) > Self.leastContrasting * Double(pixels.count) else {
        (gain, offset, kept) = (1, .zero, pixels)
        break
      }
      gain = moments.both / moments.scene
      offset = to - gain * from
      // Closer with every round: the first line is bent by what doesn't follow it.
      let widest = bound * Float(1 << (Self.rounds - 1 - round))
      kept = pixels.filter { i in
        let d = levels(frame.rgb, i) - gain * levels(scene, i) - offset
        return ((d * d).sum() / 3).squareRoot() < widest
      }
    }
    isAltered = Double(kept.count) < Self.leastShare * Double(pixels.count)
    let isKnown = !isAltered && abs(gain - 1) > Self.leastChange && gain >= 0
    (self.gain, self.offset) = isKnown ? (gain, offset) : (1, .zero)
  }

  /// The frame as the scene's own exposure would show it.
  func undone(in frame: WorkingFrame) -> WorkingFrame {
    guard gain != 1, !isLost else { return frame }
    var even = frame
    for channel in 0..<3 {
      let table = (0...255).map { UInt8(min(255, max(0, ((Float($0) - offset[channel]) / gain).rounded()))) }
      for i in 0..<frame.pixelCount { even.rgb[3 * i + channel] = table[Int(frame.rgb[3 * i + channel])] }
    }
    return even
  }

  /// Samples of one scene at the exposure of the one of them with the most contrast, without those of which nothing is left.
  static func evened(_ samples: [WorkingFrame]) -> [WorkingFrame] {
    guard let clearest = samples.max(by: { contrast($0) < contrast($1) }) else { return samples }
    let even = samples.compactMap { sample -> WorkingFrame? in
      let exposure = FrameExposure(of: sample, against: clearest.rgb, noise: 0)
      return exposure.isLost ? nil : exposure.undone(in: sample)
    }
    return even
  }

  /// Channel by channel.
  private static func median(of scene: [UInt8], at pixels: [Int]) -> SIMD3<Float> {
    var result = SIMD3<Float>.zero
    for channel in 0..<3 {
      var counts = [Int](repeating: 0, count: 256)
      for i in pixels { counts[Int(scene[3 * i + channel])] += 1 }
      var (level, below) = (0, counts[0])
      while 2 * below < pixels.count, level < 255 {
        level += 1
        below += counts[level]
      }
      result[channel] = Float(level)
    }
    return result
  }

  /// Variance of the levels over the lattice.
  private static func contrast(_ frame: WorkingFrame) -> Float {
    let step = max(1, frame.pixelCount / lattice)
    var (sum, squares, count): (Float, Float, Float) = (0, 0, 0)
    for i in stride(from: 0, to: frame.pixelCount, by: step) {
      let level = Float(frame.rgb[3 * i + 1])
      (sum, squares, count) = (sum + level, squares + level * level, count + 1)
    }
    return squares / count - sum * sum / (count * count)
  }
}
