/// The bodies of a world that stay where they are, as one signed distance field: what a mover may touch, and what hides it.
public struct FixedSolids: Sendable {
  private let solids: [(field: SignedDistanceField, worldFromShape: RigidTransform)]

  /// - Parameter isSolid: which of the fixed bodies count; all of them without it.
  public init(_ trajectory: Trajectory, on stage: Stage, where isSolid: (Stage.Item) -> Bool = { _ in true }) {
    solids = stage.items.compactMap { item in
      guard isSolid(item), let track = trajectory.body(item.name), track.motion == .fixed, let state = track.states.first else {
        return nil
      }
      return Self.placed(item, in: state)
    }
  }

  /// Bodies that stay where a state has them.
  public init(_ bodies: [(item: Stage.Item, state: BodyState)]) { solids = bodies.map { Self.placed($0.item, in: $0.state) } }

  public var isEmpty: Bool { solids.isEmpty }

  private static func placed(_ item: Stage.Item, in state: BodyState) -> (SignedDistanceField, RigidTransform) {
    let origin = state.position - state.orientation.rotate(item.centerOfMass)
    return (SignedDistanceField(item.shape), RigidTransform(rotation: state.orientation, translation: origin))
  }

  /// Distance, m, and outward normal in the world, of each solid.
  public func samples(at point: Vector3) -> [SignedDistance] {
    solids.map { field, worldFromShape in
      var sample = field.sample(at: worldFromShape.rotation.unrotate(point - worldFromShape.translation))
      sample.normal = worldFromShape.rotation.rotate(sample.normal)
      return sample
    }
  }

  /// To the nearest of them, m, negative inside; infinite where there are none.
  public func distance(to point: Vector3) -> Double {
    solids.reduce(.infinity) { least, solid in
      let local = solid.worldFromShape.rotation.unrotate(point - solid.worldFromShape.translation)
      return min(least, solid.field.sample(at: local).distance)
    }
  }

  /// Whether one of them stands between an eye and a point, by sphere tracing (Hart 1996).
  ///
  /// - Parameter margin: how near to the point, m, what stands there hides nothing of it any more.
  public func hide(_ point: Vector3, margin: Double, from eye: Vector3) -> Bool {
    let way = point - eye
    let (length, direction) = (way.length - margin, way / max(way.length, 1e-12))
    var gone = 0.0
    // A way along a surface goes on in small steps: it is taken to be free.
    for _ in 0..<Self.steps where gone < length {
      let distance = distance(to: eye + direction * gone)
      if distance < Self.touch { return true }
      gone += distance
    }
    return false
  }

  /// Steps along a ray, and m from a surface at which it is met.
  private static let (steps, touch) = (64, 1e-3)
}
