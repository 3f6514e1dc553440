/// One cloth's motion: a grid of vertices, row by row from its top left corner.
public struct ClothTrack: Sendable, Equatable {
  public var name: String
  /// Vertices down and across, at least 2 each.
  public var rows: Int
  public var columns: Int
  /// Of the whole cloth, kg. A vertex in the middle bears twice the mass of one on an edge, four times that of a corner.
  public var mass: Double
  /// x, y and z of each vertex, world frame, m: samples × rows × columns × 3 numbers. Empty where a document doesn't hold them
  /// (JSON doesn't).
  public var positions: [Float]
  /// Vertices that tore off their pins, in order of time.
  public var tears: [Tear]

  public init(name: String, rows: Int, columns: Int, mass: Double, positions: [Float] = [], tears: [Tear] = []) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.mass = mass
    self.positions = positions
    self.tears = tears
  }

  /// A held vertex that let go.
  public struct Tear: Sendable, Equatable, Codable {
    /// s
    public var time: Double
    public var row: Int
    public var column: Int
    /// What it bore then, N.
    public var force: Double

    public init(time: Double, row: Int, column: Int, force: Double) {
      self.time = time
      self.row = row
      self.column = column
      self.force = force
    }
  }

  /// Vertices of one sample.
  public var count: Int { rows * columns }

  /// How many samples are recorded.
  public var samples: Int { positions.count / (3 * count) }

  public mutating func append(_ vertices: [Vector3]) {
    precondition(vertices.count == count, "a sample of a cloth has rows × columns vertices")
    positions.reserveCapacity(positions.count + 3 * count)
    for vertex in vertices {
      for axis in 0..<3 { positions.append(Float(vertex[axis])) }
    }
  }

  /// The place of a vertex at a sample.
  public func vertex(row: Int, column: Int, sample: Int) -> Vector3 { vertex(row * columns + column, sample: sample) }

  /// The vertices of a sample, row by row.
  public func vertices(at sample: Int) -> [Vector3] { (0..<count).map { vertex($0, sample: sample) } }

  /// The centre of mass at a sample.
  public func centerOfMass(at sample: Int) -> Vector3 {
    var (sum, weights) = (Vector3.zero, 0.0)
    for row in 0..<rows {
      for column in 0..<columns {
        let weight = (row == 0 || row == rows - 1 ? 0.5 : 1) * (column == 0 || column == columns - 1 ? 0.5 : 1)
        sum += vertex(row: row, column: column, sample: sample) * weight
        weights += weight
      }
    }
    return sum / weights
  }

  private func vertex(_ index: Int, sample: Int) -> Vector3 {
    let at = 3 * (sample * count + index)
    return Vector3(Double(positions[at]), Double(positions[at + 1]), Double(positions[at + 2]))
  }
}

extension Trajectory {
  public func cloth(_ name: String) -> ClothTrack? { cloths.first { $0.name == name } }

  /// A cloth's vertices at any time: a Catmull–Rom curve through its samples.
  public func vertices(of cloth: ClothTrack, at time: Double) -> [Vector3] {
    let (index, t) = cell(at: time)
    let last = cloth.samples - 1
    if t == 0 || last < 1 { return cloth.vertices(at: min(index, last)) }
    if t == 1 { return cloth.vertices(at: index + 1) }
    let (a, b) = (cloth.vertices(at: index), cloth.vertices(at: index + 1))
    let (before, after) = (cloth.vertices(at: max(index - 1, 0)), cloth.vertices(at: min(index + 2, last)))
    let spans = (index > 0 ? 2.0 : 1, index + 2 <= last ? 2.0 : 1)
    let (t2, t3) = (t * t, t * t * t)
    let weights = (2 * t3 - 3 * t2 + 1, 3 * t2 - 2 * t3, (t3 - 2 * t2 + t) / spans.0, (t3 - t2) / spans.1)
    return a.indices.map { k in
      let ends = a[k] * weights.0 + b[k] * weights.1
      return ends + (b[k] - before[k]) * weights.2 + (after[k] - a[k]) * weights.3
    }
  }
}
