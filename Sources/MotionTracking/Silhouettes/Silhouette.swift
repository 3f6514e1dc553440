import Foundation
import WorldCore

/// One mover as one frame shows it, in working pixels.
struct Silhouette {
  var center: SIMD2<Double>
  var covariance: Covariance2
  /// Sum of the pixels' coverage, px².
  var area: Double
  /// Full lengths of the equivalent ellipse's axes, major first.
  var axes: SIMD2<Double>
  /// Of the major axis against the picture's x, radians.
  var angle: Double
  /// Where the still scene has edges of its own around it: as `Track.Sighting.edges`.
  var edges: UInt8
  var color: SIMD3<Double>
  /// Standard deviation of its pixels about that colour, encoded levels: its texture and shading.
  var texture = 0.0
  /// The picture's edge cuts it.
  var isCut: Bool
  /// It darkens the still scene evenly and shows nothing of its own: a shadow, as far as colours tell.
  var isShadow: Bool
  /// Share of its pixels that only darken the still scene, in every channel: 0…1.
  var shade = 0.0
  /// Shares of it, and of its edge, that show the very pixels of the frame before, while others in the picture have changed: what
  /// a coder that sends nothing new for a block leaves standing there, or a thing at rest. Nothing that moves.
  var held = (whole: 0.0, edge: 0.0)
  var isHeld: Bool { held.whole >= Self.leastHeld }
  private static let leastHeld = 0.9
  /// The pixels that it covers by half or more.
  var outline: [Track.PixelRun] = []
  /// What it shows inside; nil where that doesn't tell how it turns.
  var pattern: SurfacePattern?
  var left: Double
  var top: Double
  var right: Double
  var bottom: Double

  var radius: Double { (area / .pi).squareRoot() }

  func contains(_ point: SIMD2<Double>, margin: Double) -> Bool {
    point.x > left - margin && point.x < right + margin && point.y > top - margin && point.y < bottom + margin
  }
}

/// Turns components into silhouettes: shadows cut off, edges weighed by coverage, the centroid's error counted.
struct SilhouetteMeasurement {
  let background: Background
  let frame: WorkingFrame

  /// The model "coverage = contrast over the body's contrast" is wrong by about this much at a pixel, by shading and texture.
  static let coverageModelError = 0.15
  /// Share of the body's contrast that a pixel shows which it covers whole: shading and texture make some fainter than most.
  static let solid = 0.8
  /// Edge pixels err together over about this many neighbours.
  static let correlatedNeighbours = 3.0
  /// Grid effects leave this standard deviation, px, whatever the size.
  static let floor = 0.02

  func measure(_ component: ForegroundComponent) -> Silhouette? {
    let whole = measure(component.pixels)
    let shadowed = component.pixels.filter(isShadowLike)
    let share = Double(shadowed.count) / Double(component.pixels.count)
    guard var best = whole else { return nil }
    best.shade = shade(of: component.pixels)
    guard share > 0.1 else { return best }
    if share > 0.85 {
      best.isShadow = isEven(shadowed)
      return best
    }
    // A body and its shadow in one piece: the body alone is rounder. If cutting doesn't make it so, there was no shadow.
    let pieces = connected(component.pixels.filter { !isShadowLike($0) })
    guard let body = pieces.max(by: { $0.count < $1.count }), Double(body.count) > 0.25 * Double(component.pixels.count),
      let cut = measure(body), cut.axes.x / cut.axes.y < best.axes.x / best.axes.y
    else { return best }
    return cut
  }

  /// Share of pixels that only darken the scene, each counted by how much it differs: a halo shows neither.
  private func shade(of pixels: [Int]) -> Double {
    let each = contrasts(pixels).each
    let dark = zip(pixels, each).reduce(0) { $0 + (isDarkened($1.0) ? $1.1 : 0) }
    return dark / max(each.reduce(0, +), 1e-9)
  }

  /// Darker than the still scene by the same factor in every channel.
  private func isShadowLike(_ pixel: Int) -> Bool {
    var (least, most) = (Double.infinity, 0.0)
    for channel in 0..<3 {
      let still = Double(background.level[3 * pixel + channel])
      guard still > 24 else { return false }
      let ratio = Double(frame.rgb[3 * pixel + channel]) / still
      least = min(least, ratio)
      most = max(most, ratio)
    }
    return least > 0.35 && most < 0.97 && most - least < 0.07
  }

  /// Darker than the still scene, brighter in no channel; coloured lights darken one more than another.
  private func isDarkened(_ pixel: Int) -> Bool {
    var (least, most) = (Double.infinity, 0.0)
    for channel in 0..<3 {
      let ratio = Double(frame.rgb[3 * pixel + channel]) / max(Double(background.level[3 * pixel + channel]), 1)
      least = min(least, ratio)
      most = max(most, ratio)
    }
    return least > 0.2 && least < 0.97 && most < 1.03 && most - least < 0.5
  }

  /// Whether these pixels are darkened alike, as by a shadow; a shaded body's own light and dark sides differ far more.
  private func isEven(_ pixels: [Int]) -> Bool {
    let ratios = pixels.map { Double(frame.rgb[3 * $0 + 1]) / Double(background.level[3 * $0 + 1]) }.sorted()
    return ratios[ratios.count * 9 / 10] - ratios[ratios.count / 10] < 0.3
  }

  private func connected(_ pixels: [Int]) -> [[Int]] {
    pixels.isEmpty ? [] : PixelBox(around: pixels, width: frame.width).connected(pixels)
  }

  /// An edge of the still scene rises by so many levels a pixel at least, and so many times the noise there.
  private static let edge = (levels: 5.0, noises: 2.5)
  /// The ring around a silhouette in which a thing would be that it touches: shares of its half axes, and px.
  private static let ring = (inner: 0.6, outer: 1.3, margin: 2.5)

  /// Per eighth of a turn, whether the still scene shows an edge in the ring around an outline.
  private func edges(around center: SIMD2<Double>, radii axes: SIMD2<Double>) -> UInt8 {
    let (w, h) = (frame.width, frame.height)
    let radius = axes.x / 2
    // What is as large as this is no body of which a push could be told.
    guard axes.x < 0.3 * Double(min(w, h)) else { return .max }
    let (inner, outer) = (Self.ring.inner * axes.y / 2, Self.ring.outer * radius + Self.ring.margin)
    var found: UInt8 = 0
    for y in max(1, Int(center.y - outer))..<max(max(1, Int(center.y - outer)), min(h - 1, Int(center.y + outer) + 1)) {
      for x in max(1, Int(center.x - outer))..<max(max(1, Int(center.x - outer)), min(w - 1, Int(center.x + outer) + 1)) {
        let d = SIMD2(Double(x) + 0.5, Double(y) + 0.5) - center
        let distance = (d * d).sum().squareRoot()
        guard distance > inner, distance < outer else { continue }
        let bit = UInt8(1) << UInt8((Int((atan2(d.y, d.x) / (.pi / 4)).rounded()) + 8) % 8)
        guard found & bit == 0 else { continue }
        let i = y * w + x
        var strongest = 0
        for channel in 0..<3 {
          func level(_ j: Int) -> Int { Int(background.level[3 * j + channel]) }
          strongest = max(strongest, abs(level(i + 1) - level(i - 1)), abs(level(i + w) - level(i - w)))
        }
        // A central difference spans two pixels.
        if Double(strongest) > 2 * max(Self.edge.levels, Self.edge.noises * Double(background.typicalNoise)) { found |= bit }
      }
    }
    return found
  }

  /// What differs by less than this share of the strongest (95 %) is no part of the body, when its own contrast is asked.
  private static let ownShare = 0.25

  /// Contrast of each pixel with the still scene, and the body's own: the upper quartile of what isn't halo.
  private func contrasts(_ pixels: [Int]) -> (each: [Double], full: Double) {
    var contrast = [Double](repeating: 0, count: pixels.count)
    for (k, pixel) in pixels.enumerated() {
      var sum = 0.0
      for channel in 0..<3 {
        let d = Double(frame.rgb[3 * pixel + channel]) - Double(background.level[3 * pixel + channel])
        sum += d * d
      }
      // Noise alone has contrast, which would spread the silhouette.
      let noise = Double(background.noise[pixel])
      contrast[k] = max(0, sum / 3 - noise * noise).squareRoot()
    }
    let sorted = contrast.sorted()
    let bound = Self.ownShare * sorted[pixels.count * 95 / 100]
    let own = sorted[(sorted.firstIndex { $0 >= bound } ?? 0)...]
    return (contrast, max(own[own.startIndex + own.count * 3 / 4], 1))
  }

  /// A body that stands out by this many levels has an outline that stands out by this share of them; what is fainter and lies
  /// outside is what a coder left of the frame before, or a soft shadow.
  private static let faint = (levels: 25.0, share: 0.2)

  /// The pixels without the faint ones that can be reached from outside through faint ones; the ring of them around what is
  /// left is its own soft edge and stays, since without it the body would be measured too small.
  private func peeled(_ pixels: [Int]) -> [Int] {
    let (contrast, full) = contrasts(pixels)
    guard full > Self.faint.levels else { return pixels }
    let box = PixelBox(around: pixels, width: frame.width)
    // Contrast by cell; what isn't part of it has none, and that is less than faint.
    var contrastAt = [Double](repeating: -1, count: box.count)
    for (pixel, value) in zip(pixels, contrast) { contrastAt[box.cell(pixel)] = value }
    let bound = Self.faint.share * full
    func isFaint(_ cell: Int) -> Bool { contrastAt[cell] >= 0 && contrastAt[cell] < bound }
    var isDropped = [Bool](repeating: false, count: box.count)
    var stack = pixels.map(box.cell).filter { cell in isFaint(cell) && box.steps.contains { contrastAt[cell + $0] < 0 } }
    for cell in stack { isDropped[cell] = true }
    while let cell = stack.popLast() {
      for step in box.steps where isFaint(cell + step) && !isDropped[cell + step] {
        isDropped[cell + step] = true
        stack.append(cell + step)
      }
    }
    // What is left in several pieces was held together by something faint: the largest is the body.
    guard let body = box.connected(pixels.filter { !isDropped[box.cell($0)] }).max(by: { $0.count < $1.count }) else {
      return pixels
    }
    var edge: [Int] = []
    for cell in body.map(box.cell) {
      for step in box.steps where isDropped[cell + step] {
        isDropped[cell + step] = false
        edge.append(box.pixel(cell + step))
      }
    }
    return (body + edge).sorted()
  }

  private func measure(_ whole: [Int]) -> Silhouette? {
    guard whole.count >= 4 else { return nil }
    let pixels = peeled(whole)
    guard pixels.count >= 4 else { return nil }
    let w = frame.width
    var (left, top, right, bottom) = (Int.max, Int.max, 0, 0)
    for pixel in pixels {
      left = min(left, pixel % w)
      right = max(right, pixel % w)
      top = min(top, pixel / w)
      bottom = max(bottom, pixel / w)
    }

    let (contrast, full) = contrasts(pixels)

    // Coverage: 1 two pixels inside the outline (the mask was widened by one), the share of contrast at the edge.
    let columns = right - left + 5
    var depth = [UInt8](repeating: 0, count: columns * (bottom - top + 5))
    func cell(_ pixel: Int) -> Int { (pixel / w - top + 2) * columns + pixel % w - left + 2 }
    for pixel in pixels { depth[cell(pixel)] = 1 }
    for level in UInt8(1)...2 {
      for pixel in pixels {
        let i = cell(pixel)
        guard depth[i] == level else { continue }
        let inner = min(depth[i - 1], depth[i + 1], depth[i - columns], depth[i + columns])
        if inner >= level { depth[i] = level + 1 }
      }
    }
    var (sum, mean, color, power) = (0.0, SIMD2<Double>.zero, SIMD3<Double>.zero, 0.0)
    var coverage = [Double](repeating: 1, count: pixels.count)
    for (k, pixel) in pixels.enumerated() {
      if depth[cell(pixel)] < 3 { coverage[k] = min(1, contrast[k] / (Self.solid * full)) }
      let a = coverage[k]
      sum += a
      mean += a * SIMD2(Double(pixel % w) + 0.5, Double(pixel / w) + 0.5)
      let rgb = SIMD3(Double(frame.rgb[3 * pixel]), Double(frame.rgb[3 * pixel + 1]), Double(frame.rgb[3 * pixel + 2]))
      color += a * rgb
      power += a * (rgb * rgb).sum()
    }
    guard sum > 2 else { return nil }
    mean /= sum
    color /= sum

    // The pixels come row by row.
    var outline: [Track.PixelRun] = []
    for (k, pixel) in pixels.enumerated() where coverage[k] >= 0.5 {
      let (row, column) = (pixel / w, pixel % w)
      if let last = outline.last, last.row == row, last.to == column {
        outline[outline.count - 1].to = column + 1
      } else {
        outline.append(.init(row: row, from: column, to: column + 1))
      }
    }

    // Second moments give the axes; edge pixels' coverage errors give the centroid's covariance.
    var moments = Covariance2(isotropic: 0)
    var error = Covariance2(isotropic: 0)
    for (k, pixel) in pixels.enumerated() {
      let d = SIMD2(Double(pixel % w) + 0.5, Double(pixel / w) + 0.5) - mean
      let outer = Covariance2(xx: d.x * d.x, xy: d.x * d.y, yy: d.y * d.y)
      moments = moments + outer * (coverage[k] / sum)
      if depth[cell(pixel)] < 3 {
        let noise = Double(background.noise[pixel]) / full
        error = error + outer * ((noise * noise + Self.coverageModelError * Self.coverageModelError) / (sum * sum))
      }
    }
    error = error * Self.correlatedNeighbours + Covariance2(isotropic: Self.floor * Self.floor)
    let half = moments.trace / 2
    let spread = max(0, half * half - moments.determinant).squareRoot()
    let axes = SIMD2(4 * (half + spread).squareRoot(), 4 * max(half - spread, 1e-9).squareRoot())
    let isCut = left <= 1 || top <= 1 || right >= w - 2 || bottom >= frame.height - 2
    return Silhouette(
      center: mean, covariance: error, area: sum, axes: axes, angle: 0.5 * atan2(2 * moments.xy, moments.xx - moments.yy),
      edges: edges(around: mean, radii: axes), color: color,
      texture: (max(0, power / sum - (color * color).sum()) / 3).squareRoot(),
      isCut: isCut, isShadow: false, outline: outline,
      pattern: isCut ? nil : SurfacePattern(frame, center: mean, axes: axes, noise: Double(background.typicalNoise)),
      left: Double(left), top: Double(top), right: Double(right + 1), bottom: Double(bottom + 1))
  }
}
