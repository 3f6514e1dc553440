import Foundation
import WorldCore

/// How a track begins and ends: at the clip's ends, the picture's border, in another's silhouette, at rest, hidden, or in the open.
extension TrackFinishing {
  /// Frames to either side that a passing scene is learnt from, about.
  private static let passingFrames = 8.0

  func beginning(of trail: Trail) -> Track.End {
    let first = trail.points[0]
    if first.frame <= 1 { return .clip }
    guard trail.start == .open else { return trail.start }
    let step = frameTime(trail)
    let later = trail.points[min(2, trail.points.count - 1)]
    let velocity = (later.silhouette.center - first.silhouette.center) / max(later.time - first.time, step)
    // What comes out of a crowd may have been struck there: it came by any way that its own steps could take.
    let steps = zip(trail.points.prefix(4), trail.points.prefix(4).dropFirst()).map {
      $1.silhouette.center - $0.silhouette.center
    }
    return fate(
      first.silhouette, usualArea: usualArea(trail.points.prefix(8)), velocity: -velocity * step, from: first.frame,
      towards: -1, id: trail, leeway: steps.map { ($0 * $0).sum().squareRoot() }.max() ?? 0)
  }

  func ending(of trail: Trail) -> Track.End {
    if let end = trail.end { return end }
    let last = trail.last
    if last.frame >= lastFrame - 1 { return .clip }
    if trail.isHidden || trail.isStillThere { return .merged }
    let velocity = (trail.velocity ?? .zero) * frameTime(trail)
    return fate(
      last.silhouette, usualArea: trail.usualArea, velocity: velocity, from: last.frame, towards: 1, id: trail,
      isShared: last.isShared)
  }

  /// What became of a mover (or where it came from) one to three frames beyond its last sighting; `velocity` in px per frame.
  private func fate(
    _ s: Silhouette, usualArea: Double, velocity: SIMD2<Double>, from frame: Int, towards direction: Int, id: Trail,
    isShared: Bool = false, leeway: Double = 0
  ) -> Track.End {
    let r = (usualArea / .pi).squareRoot()
    if s.isCut { return .border }
    if (1...2).contains(where: { blind.contains(frame + direction * $0) }) { return .occluded }
    for k in 1...2 {
      let next = s.center + Double(k) * velocity
      if next.x < r + 1 || next.y < r + 1 || next.x > width - r - 1 || next.y > height - r - 1 { return .border }
    }
    // Slower than this it sinks into a scene that is learnt anew around each frame.
    let passed = (velocity * velocity).sum().squareRoot() * Self.passingFrames
    if scene.isPassing && passed < 4 * r { return .rest }
    if s.area < 0.7 * usualArea { return .occluded }
    if isShared && trails.contains(where: { outlives($0, id, from: frame, towards: direction, near: s) }) { return .merged }
    for other in trails
    where other.points[0].frame != id.points[0].frame || other.points[0].silhouette.center != id.points[0].silhouette.center {
      // One that isn't seen within three frames beyond is none of its story.
      let beyond = frame + 3 * direction
      guard other.points[0].frame <= max(frame, beyond), other.last.frame >= min(frame, beyond) else { continue }
      // What was beside it and went with it hides nothing.
      let goesOn = direction > 0 ? other.last.frame > frame : other.points[0].frame < frame
      for k in 0...3 where goesOn {
        let place = s.center + Double(k) * velocity
        let guest = other.points.first { $0.frame == frame + direction * k }?.silhouette
        if let guest, guest.contains(place, margin: r + 2 + leeway) { return .merged }
      }
    }
    // On the way it may also come to rest at a place where the still scene shows it resting.
    // Near there it shows only where it differs from itself at rest, so its colour is that of its whole track.
    let colors = [s.color, usualColor(id)]
    let looksAlike = (0...4).contains { k in
      colors.contains { looksLikeScene($0, texture: s.texture, radius: r, at: s.center + Double(k) / 4 * velocity) }
    }
    return looksAlike ? .occluded : .open
  }

  /// Whether another trail is seen about there within three frames beyond: it may have been the guest in the last silhouette.
  private func outlives(
    _ other: Trail, _ trail: Trail, from frame: Int, towards direction: Int, near s: Silhouette
  ) -> Bool {
    guard
      other.points[0].frame != trail.points[0].frame || other.points[0].silhouette.center != trail.points[0].silhouette.center
    else { return false }
    guard other.points[0].frame <= max(frame, frame + 3 * direction), other.last.frame >= min(frame, frame + 3 * direction)
    else { return false }
    return other.points.contains { point in
      (1...3).contains((point.frame - frame) * direction)
        && s.contains(point.silhouette.center, margin: s.axes.x + point.silhouette.radius)
    }
  }

  private func usualArea(_ points: ArraySlice<Trail.Point>) -> Double {
    let areas = points.map(\.silhouette.area).sorted()
    return areas[areas.count / 2]
  }

  private func frameTime(_ trail: Trail) -> Double {
    guard trail.points.count >= 2 else { return 0 }
    let (a, b) = (trail.points[trail.points.count - 2], trail.last)
    return (b.time - a.time) / Double(max(1, b.frame - a.frame))
  }

  /// Median of each channel over the trail.
  private func usualColor(_ trail: Trail) -> SIMD3<Double> {
    func median(_ channel: Int) -> Double {
      let levels = trail.points.map { $0.silhouette.color[channel] }.sorted()
      return levels[levels.count / 2]
    }
    return SIMD3(median(0), median(1), median(2))
  }

  /// The still scene shows the mover's own colour there: it can't be told from it.
  private func looksLikeScene(
    _ color: SIMD3<Double>, texture: Double, radius: Double, at place: SIMD2<Double>
  ) -> Bool {
    var (sum, power, count) = (SIMD3<Double>.zero, 0.0, 0.0)
    let r = Int(max(1, radius * 0.7))
    let (w, h) = (Int(width), Int(height))
    let (cx, cy) = (min(max(Int(place.x), 0), w - 1), min(max(Int(place.y), 0), h - 1))
    for y in max(0, cy - r)...min(h - 1, cy + r) {
      for x in max(0, cx - r)...min(w - 1, cx + r) {
        let i = 3 * (y * w + x)
        let level = SIMD3(
          Double(scene.background.level[i]), Double(scene.background.level[i + 1]), Double(scene.background.level[i + 2]))
        sum += level
        power += (level * level).sum()
        count += 1
      }
    }
    let mean = sum / max(count, 1)
    let d = mean - color
    // Stripes and checks stand out of what has their mean colour.
    let there = (max(0, power / max(count, 1) - (mean * mean).sum()) / 3).squareRoot()
    return (d * d).sum().squareRoot() < 25 && abs(there - texture) < 15
  }
}
