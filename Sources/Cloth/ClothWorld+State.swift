public import WorldCore

/// What can be read from cloths, and their being put elsewhere.
extension ClothWorld {
  public var count: Int { sheets.count }
  public func name(of cloth: Int) -> String { sheets[cloth].definition.name }
  public func rows(of cloth: Int) -> Int { sheets[cloth].rows }
  public func columns(of cloth: Int) -> Int { sheets[cloth].columns }

  /// Two a cell, three nodes each.
  public func triangles(of cloth: Int) -> [SIMD3<Int32>] { sheets[cloth].triangles }

  /// World frame, m; node `row · columns + column`.
  public func positions(of cloth: Int) -> [Vector3] {
    Array(UnsafeBufferPointer(start: sheets[cloth].position, count: sheets[cloth].count))
  }

  /// World frame, m/s.
  public func velocities(of cloth: Int) -> [Vector3] {
    Array(UnsafeBufferPointer(start: sheets[cloth].velocity, count: sheets[cloth].count))
  }

  /// kg, of each node.
  public func masses(of cloth: Int) -> [Double] {
    Array(UnsafeBufferPointer(start: sheets[cloth].mass, count: sheets[cloth].count))
  }

  /// The nodes that are held still, as row · columns + column.
  public func heldNodes(of cloth: Int) -> [Int] { sheets[cloth].attachments.map(\.node) }

  /// Puts a cloth's free nodes elsewhere, to carry on from a recorded state or start folded; held ones stay with their pins.
  public func set(positions: [Vector3], velocities: [Vector3], of cloth: Int) {
    let sheet = sheets[cloth]
    precondition(
      positions.count == sheet.count && velocities.count == sheet.count,
      "a cloth takes a position and a velocity for every node")
    for node in 0..<sheet.count where sheet.inverseMass[node] > 0 {
      sheet.position[node] = positions[node]
      sheet.velocity[node] = velocities[node]
    }
  }

  /// From a point to the box about a cloth's nodes, m; 0 inside.
  public func distance(of cloth: Int, to point: Vector3) -> Double { sheets[cloth].distance(to: point) }

  /// Of any node of any cloth, m/s.
  public var greatestSpeed: Double { sheets.reduce(0) { max($0, $1.greatestSpeed) } }

  public func surface(of cloth: Int) -> ClothSurface {
    ClothSurface(positions: positions(of: cloth), rows: rows(of: cloth), columns: columns(of: cloth))
  }

  // MARK: Read-outs

  /// J
  public struct Energy: Sendable, Equatable {
    public var kinetic = 0.0
    /// Zero at the world's origin.
    public var gravitational = 0.0
    public var stretch = 0.0
    public var shear = 0.0
    /// Of bending along the threads and of twist.
    public var bending = 0.0
    public var total: Double { kinetic + gravitational + stretch + shear + bending }
  }

  public var energy: Energy {
    var energy = Energy()
    for index in sheets.indices { energy.add(sheets[index], cells[index], gravity) }
    return energy
  }

  /// kg·m/s, and kg·m²/s about the world's origin.
  public var momentum: (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for sheet in sheets {
      for node in 0..<sheet.count {
        let p = sheet.velocity[node] * sheet.mass[node]
        linear += p
        angular += sheet.position[node].cross(p)
      }
    }
    return (linear, angular)
  }

  /// The greatest strain (elongation over length) of any thread segment.
  public func greatestStrain(of cloth: Int) -> Double { sheets[cloth].yarns.greatestStrain(sheets[cloth]) }
}

extension ClothWorld.Energy {
  fileprivate mutating func add(_ sheet: Sheet, _ cells: CellConstraints, _ gravity: Vector3) {
    for node in 0..<sheet.count {
      kinetic += 0.5 * sheet.mass[node] * sheet.velocity[node].lengthSquared
      gravitational -= sheet.mass[node] * gravity.dot(sheet.position[node])
    }
    let yarns = sheet.yarns.energy(sheet)
    let crossed = cells.energy(sheet)
    stretch += yarns.stretch
    shear += crossed.shear
    bending += yarns.bending + crossed.twist
  }
}
