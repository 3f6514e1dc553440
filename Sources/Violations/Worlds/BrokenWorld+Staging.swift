public import WorldCore

extension BrokenWorld {
  /// Where what isn't there is put, m: below every floor.
  static let nowhere = Vector3(0, 0, -5000)

  /// The same for a renderer, which knows rigid things only: a body that grows is a row of bodies of growing size, each there
  /// in its turn.
  ///
  /// - Parameter stages: in how many sizes.
  public func staged(stages: Int = 12) -> (trajectory: Trajectory, stage: Stage) {
    guard let growth, let item = stage.items.firstIndex(where: { $0.name == growth.body }),
      let track = trajectory.body(growth.body)
    else { return (trajectory, stage) }
    var (world, set) = (trajectory, stage)
    let mesh = set.items[item].shape.tessellated()
    let bounds = (0...stages).map { growth.from + (growth.to - growth.from) * Double($0) / Double(stages) }
    for (number, time) in bounds.enumerated() {
      let factors = growth.factors(at: time)
      var size = set.items[item]
      size.name = "\(growth.body)#\(number)"
      size.shape = .mesh(
        TriangleMesh(
          vertices: mesh.vertices.map { size.centerOfMass + ($0 - size.centerOfMass) * factors }, triangles: mesh.triangles))
      var copy = track
      copy.name = size.name
      let (from, to) = (number == 0 ? -.infinity : time, number == stages ? .infinity : bounds[number + 1])
      for k in copy.states.indices where !(from <= world.times[k] && world.times[k] < to) {
        copy.states[k].position = Self.nowhere
      }
      set.items.append(size)
      world.bodies.append(copy)
    }
    set.items.remove(at: item)
    return (world, set)
  }
}
