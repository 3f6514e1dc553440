import Foundation

/// What a clip shows of its scene's liquids and cloths.
extension ReferenceMotion {
  /// Frames that are looked at, spread over the shot.
  private static let looks = 28
  /// Pictures are read at this size at most, px along the longer side.
  private static let side = 256
  /// Radius of the disc that stands for a particle, in spacings: neighbours' discs meet.
  private static let particle = 0.6
  /// Times this close, s, are one.
  private static let sameTime = 1e-9

  /// Reads the clip once more where the scene has any, else not at all.
  ///
  /// - Parameters:
  ///   - framesPerSecond: at which the world was shot; nil believes the file.
  /// - Throws: `MediaError`.
  func matter(in path: String, tracked clip: TrackedClip, framesPerSecond: Double? = nil) throws -> [MatterEvidence] {
    let cloths = trajectory.cloths.filter { $0.samples > 0 }
    let liquids = trajectory.fluids.filter { $0.grid == nil && $0.records > 0 && !$0.positions.isEmpty }
    guard !cloths.isEmpty || !liquids.isEmpty else { return [] }
    // The longest shot: each camera gives another picture, and another size.
    let end = min(clip.span.upperBound - clip.span.lowerBound, trajectory.times.last ?? 0)
    let cuts: [Double] = [0] + self.cuts.filter { $0 < end } + [end]
    let lengths: [Double] = zip(cuts.dropFirst(), cuts).map { $0 - $1 }
    let shot = lengths.indices.max { lengths[$0] < lengths[$1] }!
    let step = lengths[shot] / Double(Self.looks)
    let due: [Double] = (0..<Self.looks).map { cuts[shot] + step * Double($0) - Self.sameTime }

    let frames = try ClipFrames(of: path, maximumSide: Self.side, framesPerSecond: framesPerSecond)
    let (width, height) = frames.size
    var (clothReadings, liquidReadings) = (cloths.map { _ in MatterReading() }, liquids.map { _ in MatterReading() })
    var next = 0
    while next < due.count, let frame = try frames.next() {
      let time = frame.time
      if time >= cuts[shot + 1] - Self.sameTime { break }
      guard time >= due[next] else { continue }
      while next < due.count, due[next] <= time { next += 1 }
      let viewpoint = stage.shot(at: time).camera.viewpoint(
        at: time, of: trajectory, width: width, height: height)
      for (k, cloth) in cloths.enumerated() {
        let (mask, largest) = appearance(of: cloth, at: time, from: viewpoint)
        clothReadings[k].add(frame.image, time: time, expected: mask, largest: largest)
      }
      for (k, liquid) in liquids.enumerated() {
        liquidReadings[k].add(frame.image, time: time, expected: appearance(of: liquid, at: time, from: viewpoint))
      }
    }
    let pixel = clip.size.x / Double(width)
    return zip(cloths, clothReadings).compactMap { $1.evidence($0.name, .cloth, shot: shot, pixel: pixel) }
      + zip(liquids, liquidReadings).compactMap { $1.evidence($0.name, .liquid, shot: shot, pixel: pixel) }
  }

  /// What the scene's liquid covers, through whatever is in front of it.
  private func appearance(of liquid: FluidTrack, at time: Double, from viewpoint: Viewpoint) -> Mask {
    var mask = Mask(width: viewpoint.projection.width, height: viewpoint.projection.height)
    let reach = Self.particle * liquid.spacing * viewpoint.projection.focalLength
    for particle in trajectory.particles(of: liquid, at: time) {
      if let (pixel, depth) = viewpoint.project(Vector3(particle)) { mask.mark(pixel, radius: reach / depth) }
    }
    return mask
  }

  /// What the scene's cloth covers, and what all of it would cover face on, as near as its nearest vertex is, px².
  private func appearance(of cloth: ClothTrack, at time: Double, from viewpoint: Viewpoint) -> (Mask, largest: Double) {
    var mask = Mask(width: viewpoint.projection.width, height: viewpoint.projection.height)
    let vertices = trajectory.vertices(of: cloth, at: time)
    let seen = vertices.map { viewpoint.project($0) }
    var (area, nearest) = (0.0, Double.infinity)
    for row in 0..<cloth.rows - 1 {
      for column in 0..<cloth.columns - 1 {
        let corners = [0, 1, cloth.columns, cloth.columns + 1].map { row * cloth.columns + column + $0 }
        let places = corners.map { vertices[$0] }
        area += 0.5 * (places[3] - places[0]).cross(places[2] - places[1]).length
        let pixels = corners.compactMap { seen[$0]?.pixel }
        guard pixels.count == 4 else { continue }
        nearest = corners.reduce(nearest) { min($0, seen[$1]!.depth) }
        mark(pixels, in: &mask)
      }
    }
    let scale = viewpoint.projection.focalLength / nearest
    return (mask, area * scale * scale)
  }

  /// Fills a quadrilateral by points less than a pixel apart; corners row by row.
  private func mark(_ corners: [SIMD2<Double>], in mask: inout Mask) {
    func length(_ a: Int, _ b: Int) -> Double {
      let side = corners[b] - corners[a]
      return (side * side).sum().squareRoot()
    }
    let across = max(1, Int(1.5 * max(length(0, 1), length(2, 3))) + 1)
    let down = max(1, Int(1.5 * max(length(0, 2), length(1, 3))) + 1)
    guard across < 4 * mask.width, down < 4 * mask.height else { return }
    for i in 0...down {
      let t = Double(i) / Double(down)
      let (left, right) = (corners[0] + (corners[2] - corners[0]) * t, corners[1] + (corners[3] - corners[1]) * t)
      for k in 0...across { mask.mark(left + (right - left) * (Double(k) / Double(across)), radius: 0) }
    }
  }
}
