import WorldCore

/// Whether the fixed scene stands between a camera and a body, by sphere tracing through signed distances.
struct SightLines {
  private let obstacles: FixedSolids

  init(_ trajectory: Trajectory, _ stage: Stage) {
    obstacles = FixedSolids(trajectory, on: stage) { $0.surface.transmission < 0.2 }
  }

  /// Share of the body that is hidden, 0…1, from five places of its middle half.
  func hiddenShare(of center: Vector3, radius: Double, from viewpoint: Viewpoint) -> Double {
    guard !obstacles.isEmpty else { return 0 }
    let offsets = [Vector3.zero, viewpoint.right, viewpoint.right * -1, viewpoint.up, viewpoint.up * -1]
    let hidden = offsets.count { isHidden(center + $0 * (0.7 * radius), margin: 0.02 * radius, from: viewpoint.position) }
    return Double(hidden) / Double(offsets.count)
  }

  private func isHidden(_ point: Vector3, margin: Double, from eye: Vector3) -> Bool {
    let way = point - eye
    let length = way.length
    let direction = way / max(length, 1e-12)
    var gone = 0.0
    for _ in 0..<64 {
      let distance = obstacles.distance(to: eye + direction * gone)
      if distance < 1e-3 { return gone < length - margin }
      gone += distance
      if gone >= length - margin { return false }
    }
    // Along a surface: the way is taken to be free.
    return false
  }
}
