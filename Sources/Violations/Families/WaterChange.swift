import WorldCore

/// Something that floats rides too high, or sinks, for no reason.
struct WaterlineChange: ViolationFamily {
  enum Kind { case floatsHigh, corkSinks }

  let name: String
  let law = "buoyancy"
  let evidence = Evidence.tracks
  private let kind: Kind

  /// It floats higher by 0.3, 1, 2.5 of its radii: above the water at last.
  static let floatsHigh = WaterlineChange(name: "floats-too-high", kind: .floatsHigh)
  /// It sinks steadily, by 0.02, 0.1, 0.4 m/s.
  static let corkSinks = WaterlineChange(name: "cork-sinks", kind: .corkSinks)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let fluid = world.trajectory.fluids.first, let last = world.trajectory.times.indices.last else { return nil }
    // What is at the surface at the end floats.
    let level = fluid.levels[last]
    let floating = world.trajectory.bodies.filter { track in
      track.motion == .dynamic && world.item(of: track.name) != nil
        && abs(track.states[last].position.z - level) < 2 * world.innerRadius(of: track.name)
    }
    guard let body = floating.first?.name else { return nil }
    let states = world.trajectory.body(body)!.states
    let start = Int(0.55 * Double(states.count))
    let onset = world.trajectory.times[start]
    let radius = world.innerRadius(of: body)
    let path = (start..<states.count).map { k -> BodyState in
      var state = states[k]
      let t = world.trajectory.times[k] - onset
      switch kind {
      case .floatsHigh: state.position.z += severity.of(0.3, 1, 2.5) * radius * min(1, t / 0.3)
      case .corkSinks: state.position.z -= severity.of(0.02, 0.1, 0.4) * t
      }
      return state
    }
    return BrokenWorld(world, trajectory: world.replacing(body, from: start, with: path), onset: onset, body: body)
  }
}

/// Water becomes more: its particles rise as if the vessel filled, by 5, 15, 40 % of their height in a second.
struct WaterAppears: ViolationFamily {
  let name = "water-appears"
  let law = "fluid-volume"
  let evidence = Evidence.pictures

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let fluid = world.trajectory.fluids.first, fluid.records > 1 else { return nil }
    var edited = world.trajectory
    let onset = 0.4 * world.trajectory.scene.duration
    let rate = severity.of(0.05, 0.15, 0.4)
    let floor = stride(from: 2, to: 3 * fluid.count, by: 3).reduce(Float.infinity) { min($0, fluid.positions[$1]) }
    for record in 0..<fluid.records {
      let sample = min(record * fluid.stride, edited.times.count - 1)
      let factor = Float(1 + rate * max(0, edited.times[sample] - onset))
      for k in stride(from: 3 * fluid.count * record + 2, to: 3 * fluid.count * (record + 1), by: 3) {
        edited.fluids[0].positions[k] = floor + (fluid.positions[k] - floor) * factor
      }
    }
    for k in edited.times.indices {
      let factor = 1 + rate * max(0, edited.times[k] - onset)
      edited.fluids[0].levels[k] = Double(floor) + (fluid.levels[k] - Double(floor)) * factor
    }
    return BrokenWorld(world, trajectory: edited, onset: onset)
  }
}

/// A cloth stretches like rubber from where it is highest: by 5, 20, 60 % in a second.
struct ClothStretch: ViolationFamily {
  let name = "cloth-stretch"
  let law = "cloth"
  let evidence = Evidence.pictures

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let cloth = world.trajectory.cloths.first, cloth.samples > 1 else { return nil }
    var edited = world.trajectory
    let onset = 0.4 * world.trajectory.scene.duration
    let rate = severity.of(0.05, 0.2, 0.6)
    for sample in 0..<cloth.samples {
      let factor = Float(1 + rate * max(0, edited.times[min(sample, edited.times.count - 1)] - onset))
      guard factor > 1 else { continue }
      let start = 3 * cloth.count * sample
      let highest = (0..<cloth.count).max { cloth.positions[start + 3 * $0 + 2] < cloth.positions[start + 3 * $1 + 2] }!
      let pin = (0..<3).map { cloth.positions[start + 3 * highest + $0] }
      for k in 0..<cloth.count {
        for axis in 0..<3 {
          let place = cloth.positions[start + 3 * k + axis]
          edited.cloths[0].positions[start + 3 * k + axis] = pin[axis] + (place - pin[axis]) * factor
        }
      }
    }
    return BrokenWorld(world, trajectory: edited, onset: onset)
  }
}
