extension Background {
  /// Samples that show something else than most, and the share of them, from which on a pixel is asked which of the two is the
  /// scene.
  private static let fewest = (count: 2, share: 0.125)
  /// A mover's edge falls to this share at most where what is behind it goes on.
  private static let continuation = 0.4
  /// Regions of fewer pixels are left as they are.
  private static let leastRegion = 6

  /// Uncovers what a mover hides in most of the samples: where it stands still for long, or goes to and fro within its own
  /// width, the median shows the mover, and the other samples show the scene.
  ///
  /// From the pixels outside such regions inwards each takes of its two levels the one that goes on with what is around it;
  /// a region keeps what it takes only where that leaves far less of an edge around it.
  mutating func uncover(_ samples: [WorkingFrame]) {
    let rivals = rivals(samples)
    guard !rivals.isEmpty else { return }
    var isRival = [Bool](repeating: false, count: width * height)
    for pixel in rivals.keys { isRival[pixel] = true }

    // Layer by layer, by the neighbours that are decided.
    var chosen = level
    var isDecided = isRival.map { !$0 }
    var isTaken = [Bool](repeating: false, count: width * height)
    var layer = rivals.keys.filter { neighbours(of: $0).contains { isDecided[$0] } }.sorted()
    while !layer.isEmpty {
      for pixel in layer {
        let around = neighbours(of: pixel).filter { isDecided[$0] }
        let rival = rivals[pixel]!
        var (own, other) = (0, 0)
        for channel in 0..<3 {
          let mean = around.reduce(0) { $0 + Int(chosen[3 * $1 + channel]) } / max(1, around.count)
          own += abs(Int(level[3 * pixel + channel]) - mean)
          other += abs(Int(rival[channel]) - mean)
        }
        isTaken[pixel] = other < own
        for channel in 0..<3 where other < own { chosen[3 * pixel + channel] = rival[channel] }
      }
      for pixel in layer { isDecided[pixel] = true }
      layer = Set(layer.flatMap { neighbours(of: $0).filter { !isDecided[$0] } }).sorted()
    }

    let taken = rivals.keys.filter { isTaken[$0] }.sorted()
    guard !taken.isEmpty else { return }
    for region in PixelBox(around: taken, width: width).connected(taken) where region.count >= Self.leastRegion {
      var (before, after) = (0, 0)
      for pixel in region {
        for other in neighbours(of: pixel) where !isTaken[other] {
          for channel in 0..<3 {
            before += abs(Int(level[3 * pixel + channel]) - Int(level[3 * other + channel]))
            after += abs(Int(chosen[3 * pixel + channel]) - Int(level[3 * other + channel]))
          }
        }
      }
      guard Double(after) < Self.continuation * Double(before) else { continue }
      for pixel in region {
        for channel in 0..<3 { level[3 * pixel + channel] = chosen[3 * pixel + channel] }
        noise[pixel] = typicalNoise
      }
    }
  }

  /// By pixel, what those samples show that show something else than the median, where they agree among themselves.
  private func rivals(_ samples: [WorkingFrame]) -> [Int: SIMD3<UInt8>] {
    let least = max(Self.fewest.count, Int((Self.fewest.share * Double(samples.count)).rounded(.up)))
    let bounds = noise.map { UInt8(min(255, max(ForegroundMask.leastContrast, 4 * $0))) }
    var others = [UInt8](repeating: 0, count: width * height)
    for sample in samples {
      sample.rgb.withUnsafeBufferPointer { rgb in
        for i in others.indices where isFar(rgb, level, i, bounds[i]) { others[i] += 1 }
      }
    }
    var found: [Int: SIMD3<UInt8>] = [:]
    for i in others.indices where Int(others[i]) >= least {
      let showing = samples.filter { sample in sample.rgb.withUnsafeBufferPointer { isFar($0, level, i, bounds[i]) } }
      var rival = SIMD3<UInt8>()
      for channel in 0..<3 { rival[channel] = showing.map { $0.rgb[3 * i + channel] }.sorted()[showing.count / 2] }
      let agreeing = showing.count { sample in
        (0..<3).allSatisfy { abs(Int(sample.rgb[3 * i + $0]) - Int(rival[$0])) <= Int(bounds[i]) }
      }
      if 2 * agreeing > showing.count, agreeing >= least { found[i] = rival }
    }
    return found
  }

  @inline(__always)
  private func isFar(_ rgb: UnsafeBufferPointer<UInt8>, _ level: [UInt8], _ i: Int, _ bound: UInt8) -> Bool {
    var most: UInt8 = 0
    for k in (3 * i)..<(3 * i + 3) { most = max(most, rgb[k] > level[k] ? rgb[k] - level[k] : level[k] - rgb[k]) }
    return most > bound
  }

  private func neighbours(of pixel: Int) -> [Int] {
    let (x, y) = (pixel % width, pixel / width)
    var all: [Int] = []
    if x > 0 { all.append(pixel - 1) }
    if x + 1 < width { all.append(pixel + 1) }
    if y > 0 { all.append(pixel - width) }
    if y + 1 < height { all.append(pixel + width) }
    return all
  }
}
