/// The still scene: for every pixel and channel the level it shows when nothing passes, and how much that flickers.
struct Background {
  let width: Int
  let height: Int
  /// `3 * width * height` encoded levels.
  var level: [UInt8]
  /// Standard deviation of each pixel's noise (the noisiest channel's), encoded levels.
  var noise: [Float]
  /// Median of `noise` over the picture, at least the floor.
  var typicalNoise: Float

  /// Rounding to 8 bits alone has 0.29; chroma subsampling and the coder's deadband bring still pictures to about 1.
  static let noiseFloor: Float = 1
  /// Flicker beyond this many levels (coarse coding at its worst) is taken for movers.
  static let loudestNoise: Float = 10
  /// Still edges move by about this many working pixels, standard deviation, even on a tripod.
  static let tremble: Float = 0.12
}

extension Background {
  /// Median and median absolute deviation over the samples, then movers that rest for most of the clip are cut out again.
  init(samples: [WorkingFrame], cutsRestingMovers: Bool = true) throws(TrackingError) {
    let first = samples[0]
    width = first.width
    height = first.height
    (level, noise) = Self.medians(samples)
    var sorted = noise
    sorted.sort()
    typicalNoise = max(Self.noiseFloor, sorted[sorted.count / 2])
    // Where something moves for long the deviation measures that thing; no camera's noise varies more than this over a
    // picture.
    let high = max(4 * typicalNoise, Self.loudestNoise)
    // Still edges flicker by what the camera trembles and the coder shifts them.
    let edges = EdgeMap(rgb: level, width: width, height: height)
    for i in noise.indices {
      let tremble = Self.tremble * Float(edges.strength[i]) / 2
      noise[i] = (max(min(noise[i], high), typicalNoise) * max(min(noise[i], high), typicalNoise) + tremble * tremble)
        .squareRoot()
    }
    if cutsRestingMovers && samples.count >= 4 {
      // What was repaired may show another one; where nothing was, nothing else will.
      if try removeRestingMovers(samples) { try removeRestingMovers(samples) }
    }
  }

  private static func medians(_ samples: [WorkingFrame]) -> (level: [UInt8], noise: [Float]) {
    let count = samples.count
    let values = samples[0].rgb.count
    var level = [UInt8](repeating: 0, count: values)
    var noise = [Float](repeating: 0, count: values / 3)
    var column = [UInt8](repeating: 0, count: count)
    // All samples side by side, so that a column is read from one place.
    var stacked = [UInt8](repeating: 0, count: count * 4096)
    var start = 0
    while start < values {
      let block = min(4095, values - start)  // a multiple of 3: whole pixels
      for (k, sample) in samples.enumerated() {
        sample.rgb.withUnsafeBufferPointer { rgb in
          for i in 0..<block { stacked[i * count + k] = rgb[start + i] }
        }
      }
      for i in 0..<block {
        let median = Self.median(of: stacked, from: i * count, count: count, into: &column)
        level[start + i] = median
        for k in 0..<count {
          let value = column[k]
          column[k] = value > median ? value - median : median - value
        }
        let deviation = Self.median(of: column, from: 0, count: count, into: &column)
        let index = (start + i) / 3
        noise[index] = max(noise[index], 1.4826 * Float(deviation))
      }
      start += block
    }
    return (level, noise)
  }

  /// Insertion sort: the columns are short and often nearly sorted.
  private static func median(of source: [UInt8], from: Int, count: Int, into column: inout [UInt8]) -> UInt8 {
    column.withUnsafeMutableBufferPointer { column in
      source.withUnsafeBufferPointer { source in
        for k in 0..<count {
          let value = source[from + k]
          var j = k
          while j > 0 && column[j - 1] > value {
            column[j] = column[j - 1]
            j -= 1
          }
          column[j] = value
        }
      }
      return column[count / 2]
    }
  }

  /// Replaces what the median took for still scene where a mover rested: there, the *background's* outline is the mover's
  /// edge, and the frames in which the mover is elsewhere show the true scene (Cucchiara et al., PAMI 2003, tell ghosts so).
  ///
  /// - Returns: whether anything was replaced.
  @discardableResult
  private mutating func removeRestingMovers(_ samples: [WorkingFrame]) throws(TrackingError) -> Bool {
    let detector = ForegroundMask(background: self)
    let backgroundEdges = EdgeMap(rgb: level, width: width, height: height)
    var votes = [UInt8](repeating: 0, count: width * height)
    var ghosts: [(sample: Int, pixels: [Int])] = []
    for (index, sample) in samples.enumerated() {
      let found = try detector.components(in: sample, inside: nil)
      guard !found.isEmpty else { continue }
      let edges = EdgeMap(rgb: sample.rgb, width: width, height: height)
      for component in found {
        let outline = Set(component.outline(width: width, height: height))
        // What was struck leaves a ghost beside the body that struck it: each part speaks for itself.
        for part in PixelBox(around: component.pixels, width: width).lobes(of: component.pixels) {
          let edge = part.filter(outline.contains)
          let (own, still) = edge.reduce((0.0, 0.0)) {
            ($0.0 + Double(edges.strength[$1]), $0.1 + Double(backgroundEdges.strength[$1]))
          }
          guard still > 1.3 * own + 2 * Double(edge.count) else { continue }
          ghosts.append((index, part))
          for pixel in part where votes[pixel] < 255 { votes[pixel] += 1 }
        }
      }
    }
    guard !ghosts.isEmpty else { return false }

    // A pixel is repaired when several samples agree that it is a ghost, and agree on what lies behind.
    var behind: [Int: [Int]] = [:]
    for ghost in ghosts {
      for pixel in ghost.pixels where votes[pixel] >= 2 { behind[pixel, default: []].append(ghost.sample) }
    }
    var isRepaired = false
    for (pixel, indices) in behind {
      var repaired: [UInt8] = []
      for channel in 0..<3 {
        let values = indices.map { samples[$0].rgb[3 * pixel + channel] }.sorted()
        let median = values[values.count / 2]
        let spread = values.map { abs(Int($0) - Int(median)) }.sorted()[values.count / 2]
        if Float(spread) <= 4 * noise[pixel] { repaired.append(median) }
      }
      guard repaired.count == 3 else { continue }
      for channel in 0..<3 { level[3 * pixel + channel] = repaired[channel] }
      isRepaired = true
    }
    return isRepaired
  }
}

/// Luma's gradient magnitude by central differences, levels per pixel.
struct EdgeMap {
  var strength: [UInt16]

  init(rgb: [UInt8], width: Int, height: Int) {
    strength = [UInt16](repeating: 0, count: width * height)
    guard width > 2, height > 2 else { return }
    rgb.withUnsafeBufferPointer { rgb in
      func luma(_ i: Int) -> Int { (77 * Int(rgb[3 * i]) + 150 * Int(rgb[3 * i + 1]) + 29 * Int(rgb[3 * i + 2])) >> 8 }
      for y in 1..<(height - 1) {
        for x in 1..<(width - 1) {
          let i = y * width + x
          strength[i] = UInt16(abs(luma(i + 1) - luma(i - 1)) + abs(luma(i + width) - luma(i - width)))
        }
      }
    }
  }
}
