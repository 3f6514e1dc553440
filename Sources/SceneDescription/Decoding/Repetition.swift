import WorldCore

/// Where the instances of a repeated thing stand: for each, how it is moved in the world from where it is written.
struct Repetition {
  static let limit = 10_000

  var moves: [RigidTransform]

  /// - Parameter pivot: what a line turns about unless it says otherwise.
  init?(_ object: CheckedObject?, pivot: Vector3, log: DiagnosticLog) {
    guard let object, let moves = Self.moves(object, pivot: pivot, log: log) else { return nil }
    self.moves = moves
  }

  private static func moves(_ object: CheckedObject, pivot: Vector3, log: DiagnosticLog) -> [RigidTransform]? {
    if let line = object.object("line") { return alongLine(line, pivot: pivot) }
    if let grid = object.object("grid") { return onGrid(grid, log: log) }
    if let rack = object.object("rack") { return inRack(rack) }
    return nil
  }

  private static func alongLine(_ line: CheckedObject, pivot: Vector3) -> [RigidTransform]? {
    guard let count = line.integer("count") else { return nil }
    let (step, turn) = (line.vector("step") ?? .zero, line.number("turn") ?? 0)
    let about = line.vector("about") ?? pivot
    return (0..<count).map { k in
      let rotation = Quaternion(axis: .unitZ, angle: turn * Double(k))
      return RigidTransform(rotation: rotation, translation: about - rotation.rotate(about) + step * Double(k))
    }
  }

  private static func onGrid(_ grid: CheckedObject, log: DiagnosticLog) -> [RigidTransform]? {
    guard let value = grid["count"], let cells = value.vector, let step = grid.vector("step") else { return nil }
    let counts = [Int(cells.x), Int(cells.y), Int(cells.z)]
    // Each factor is at most 10 000, so that the product can't overflow.
    let many = counts[0] * counts[1] * counts[2]
    guard many <= limit else {
      let product = counts.map(String.init).joined(separator: " × ")
      log.error(value.place, "\(product) is more than \(limit) instances", nil)
      return nil
    }
    return (0..<many).map { k in
      let cell = Vector3(Double(k % counts[0]), Double(k / counts[0] % counts[1]), Double(k / (counts[0] * counts[1])))
      return RigidTransform(translation: cell * step)
    }
  }

  /// Rows of an equilateral lattice: the first one's single place at the origin, the others behind it along +x.
  private static func inRack(_ rack: CheckedObject) -> [RigidTransform]? {
    guard let rows = rack.integer("rows"), let spacing = rack.number("spacing") else { return nil }
    let facing = Quaternion(axis: .unitZ, angle: rack.number("facing") ?? 0)
    return (0..<rows).flatMap { row in
      (0...row).map { place in
        let x = Double(row) * spacing * 0.75.squareRoot()
        let y = (Double(place) - Double(row) / 2) * spacing
        return RigidTransform(translation: facing.rotate(Vector3(x, y, 0)))
      }
    }
  }
}
