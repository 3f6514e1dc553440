import WorldCore

/// Where the instances of a repeated thing stand: for each, how it is moved in the world from where it is written.
struct Repetition {
  static let limit = 10_000

  var moves: [RigidTransform]
  var materials: [CheckedValue]

  /// - Parameter pivot: what a line turns about unless it says otherwise.
  init?(_ object: CheckedObject?, pivot: Vector3, log: DiagnosticLog) {
    guard let object else { return nil }
    materials = object.list("materials") ?? []
    if let line = object.object("line") {
      guard let count = line.integer("count") else { return nil }
      let (step, turn) = (line.vector("step") ?? .zero, line.number("turn") ?? 0)
      let about = line.vector("about") ?? pivot
      moves = (0..<count).map { k in
        let rotation = Quaternion(axis: .unitZ, angle: turn * Double(k))
        return RigidTransform(rotation: rotation, translation: about - rotation.rotate(about) + step * Double(k))
      }
    } else if let grid = object.object("grid") {
      let counts = grid.list("count")?.compactMap { value -> Int? in value.number.map { Int($0) } } ?? []
      guard counts.count == 3, let step = grid.vector("step") else { return nil }
      let (many, overflow) = counts[0].multipliedReportingOverflow(by: counts[1] * counts[2])
      guard !overflow, many <= Self.limit else {
        log.error(grid.valuePlace(of: "count"), "\(counts.map(String.init).joined(separator: " × ")) is more than \(Self.limit) instances", nil)
        return nil
      }
      moves = (0..<many).map { k in
        let cell = Vector3(Double(k % counts[0]), Double(k / counts[0] % counts[1]), Double(k / (counts[0] * counts[1])))
        return RigidTransform(translation: cell * step)
      }
    } else if let rack = object.object("rack") {
      guard let rows = rack.integer("rows"), let spacing = rack.number("spacing") else { return nil }
      let facing = Quaternion(axis: .unitZ, angle: rack.number("facing") ?? 0)
      // Rows of an equilateral lattice, the first one's single place at the origin and the others behind it along +x.
      moves = (0..<rows).flatMap { row in
        (0...row).map { place in
          let x = Double(row) * spacing * 0.75.squareRoot()
          let y = (Double(place) - Double(row) / 2) * spacing
          return RigidTransform(translation: facing.rotate(Vector3(x, y, 0)))
        }
      }
    } else {
      return nil
    }
  }
}
