import WorldCore

/// The bodies that a refined sheet must stay out of, where they are at one instant.
///
/// The simulation keeps the vertices of a cloth and the flat triangles between them out of every body. The smooth surface
/// through those vertices, and the triangles that it is cut into, may dip back in by fractions of a millimetre, and the body
/// would show through in specks.
struct SheetObstacles {
  private let bodies: [PlacedSolid]

  /// m; how far off the sheet is kept.
  private static let clearance = 1e-4
  /// m; what reaches in deeper is sewn in, and stays.
  private static let deepest = 0.01
  private static let passes = 3

  init(_ bodies: [PlacedSolid]) { self.bodies = bodies }

  /// Moves the vertices of a grid out of the bodies, until the middles of its edges are out too.
  func pushOut(_ points: inout [Vector3], rows: Int, columns: Int) {
    guard rows > 1, columns > 1 else { return }
    // The longest cell: a crumpled corner is no measure.
    var cell = 0.0
    for k in points.indices {
      if (k + 1) % columns != 0 { cell = max(cell, (points[k + 1] - points[k]).length) }
      if k + columns < points.count { cell = max(cell, (points[k + columns] - points[k]).length) }
    }
    for body in bodies {
      // Only what is within a few cells of the body can touch it.
      let near = points.indices.filter { body.sample(at: points[$0]).distance < 2 * cell }
      if near.isEmpty { continue }
      func excess(at p: Vector3) -> Vector3? {
        let sample = body.sample(at: p)
        guard sample.distance < Self.clearance, sample.distance > -Self.deepest else { return nil }
        return sample.normal * (Self.clearance - sample.distance)
      }
      for _ in 0..<Self.passes {
        var isClear = true
        for k in near {
          if let shift = excess(at: points[k]) { points[k] += shift }
          // To the right, down, and along the diagonal that cuts the cell in two.
          let (row, column) = (k / columns, k % columns)
          for (down, right) in [(0, 1), (1, 0), (1, 1)] where row + down < rows && column + right < columns {
            let other = k + down * columns + right
            guard let shift = excess(at: (points[k] + points[other]) / 2) else { continue }
            points[k] += shift
            points[other] += shift
            isClear = false
          }
        }
        if isClear { break }
      }
    }
  }
}
