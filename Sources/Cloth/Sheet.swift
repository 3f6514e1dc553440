import WorldCore

/// One cloth while it is simulated: the state of its nodes in plain arrays, one a quantity.
///
/// `@unchecked Sendable`: workers of one phase write only to nodes of their own (a yarn's, or a colour's cells), and phases
/// follow one another on the thread that steps the world.
final class Sheet: @unchecked Sendable {
  let definition: ClothDefinition
  let rows: Int
  let columns: Int
  let count: Int
  /// Distance between nodes along a row and along a column, m.
  let weftSpacing: Double
  let warpSpacing: Double
  let triangles: [SIMD3<Int32>]

  /// World frame, m; row-major.
  let position: UnsafeMutablePointer<Vector3>
  /// Where the nodes were when the substep began.
  let previous: UnsafeMutablePointer<Vector3>
  /// m/s
  let velocity: UnsafeMutablePointer<Vector3>
  /// kg, of the node's share of the cloth.
  let mass: UnsafeMutablePointer<Double>
  /// 1/kg; 0 for a node that is held by the world or an immovable body.
  let inverseMass: UnsafeMutablePointer<Double>
  /// What the air gave a held node and its pin has yet to answer, N·s.
  let blown: UnsafeMutablePointer<Vector3>
  /// The stream of the air at each node at the start of the step, m/s.
  let wind: UnsafeMutablePointer<Vector3>
  /// The liquid that it is in, if in any.
  var immersion: Immersion?
  /// Of a node before the substep, to take it back.
  private let savedVelocity: UnsafeMutablePointer<Vector3>
  private let savedBlown: UnsafeMutablePointer<Vector3>
  private var savedAttachments: [Attachment] = []

  /// What the cloth and its contacts have given a held node during the substep, kg·m (impulse × substep).
  let reaction: UnsafeMutablePointer<Vector3>

  /// The collider that holds each node, nil for none: a cloth isn't pushed off what it is sewn to.
  var holder: [Int?]
  /// The nodes that are held, and how.
  var attachments: [Attachment] = []
  var yarns: YarnSystem
  /// Whether nothing holds it or is near it during the step.
  var isFalling = false
  var selfContacts = SheetContacts()
  private(set) lazy var edges = EdgeContacts.edges(of: self)
  var bodyContacts: [BodyContacts] = []

  /// One held node.
  struct Attachment {
    var node: Int
    var holder: ClothPin.Holder
    var strength: Double?
    /// In the world, or in the holder's shape frame.
    var anchor: Vector3
    /// Set by the step: the holder's place among its colliders; nil for the world.
    var body: Int?
    /// Whether the holder answers to the cloth, so that the node keeps its mass.
    var isTwoWay = false
    /// What the pin has given the node during the substep, N·s.
    var impulse: Vector3 = .zero
  }

  static let nodeLimit = 1_000_000

  init(_ definition: ClothDefinition) throws(ClothError) {
    try Self.check(definition)
    self.definition = definition
    rows = definition.rows
    columns = definition.columns
    count = rows * columns
    weftSpacing = definition.size.x / Double(columns - 1)
    warpSpacing = definition.size.y / Double(rows - 1)
    triangles = ClothSurface.triangles(rows: rows, columns: columns)
    position = .allocate(capacity: count)
    previous = .allocate(capacity: count)
    velocity = .allocate(capacity: count)
    mass = .allocate(capacity: count)
    inverseMass = .allocate(capacity: count)
    reaction = .allocate(capacity: count)
    blown = .allocate(capacity: count)
    wind = .allocate(capacity: count)
    savedVelocity = .allocate(capacity: count)
    savedBlown = .allocate(capacity: count)
    for memory in [blown, wind, savedVelocity, savedBlown] { memory.initialize(repeating: .zero, count: count) }
    holder = Array(repeating: nil, count: count)
    yarns = YarnSystem(rows: rows, columns: columns)
    // Nodes on the flat sheet, each with its tributary share of the mass.
    let placement = definition.worldFromCloth
    let cellMass = definition.material.arealDensity * weftSpacing * warpSpacing
    for row in 0..<rows {
      for column in 0..<columns {
        let node = row * columns + column
        let x = Double(column) * weftSpacing - definition.size.x / 2
        let z = definition.size.y / 2 - Double(row) * warpSpacing
        let offset = placement.direction(Vector3(x, 0, z))
        (position + node).initialize(to: placement.translation + offset)
        (previous + node).initialize(to: placement.translation + offset)
        (velocity + node).initialize(to: definition.velocity + definition.angularVelocity.cross(offset))
        let share = (row == 0 || row == rows - 1 ? 0.5 : 1) * (column == 0 || column == columns - 1 ? 0.5 : 1)
        (mass + node).initialize(to: cellMass * share)
        (inverseMass + node).initialize(to: 1 / (cellMass * share))
        (reaction + node).initialize(to: .zero)
      }
    }
    try attachPins()
    yarns.prepare(self)
  }

  deinit {
    position.deallocate()
    previous.deallocate()
    velocity.deallocate()
    mass.deallocate()
    inverseMass.deallocate()
    reaction.deallocate()
    for memory in [blown, wind, savedVelocity, savedBlown] { memory.deallocate() }
    yarns.deallocate()
  }

  private static func check(_ definition: ClothDefinition) throws(ClothError) {
    let (size, spacing) = (definition.size, definition.spacing)
    guard size.x > 0, size.y > 0, spacing > 0, size.x.isFinite, size.y.isFinite, spacing.isFinite else {
      throw .badSize(cloth: definition.name)
    }
    let limit = min(size.x, size.y) / 2
    guard (size.x / spacing).rounded() >= 2, (size.y / spacing).rounded() >= 2 else {
      throw .tooCoarse(cloth: definition.name, spacing: spacing, limit: limit)
    }
    let nodes = ((size.x / spacing).rounded() + 1) * ((size.y / spacing).rounded() + 1)
    guard nodes <= Double(nodeLimit) else {
      throw .tooFine(cloth: definition.name, nodes: nodes < 1e15 ? Int(nodes) : .max, limit: nodeLimit)
    }
    if let fault = definition.material.firstFault() {
      throw .badMaterial(cloth: definition.name, quantity: fault.quantity, value: fault.value)
    }
  }

  // MARK: Taking a substep back

  /// Keeps what the coming substep changes; the places it keeps itself, in `previous`.
  func save() {
    savedVelocity.update(from: velocity, count: count)
    savedBlown.update(from: blown, count: count)
    savedAttachments = attachments
  }

  /// Puts everything back to where it was when the substep began.
  func restore() {
    position.update(from: previous, count: count)
    velocity.update(from: savedVelocity, count: count)
    blown.update(from: savedBlown, count: count)
    attachments = savedAttachments
  }

  // MARK: Pins

  private func attachPins() throws(ClothError) {
    var held: Set<Int> = []
    for pin in definition.pins {
      for node in try nodes(of: pin.place) where held.insert(node).inserted {
        attachments.append(Attachment(node: node, holder: pin.holder, strength: pin.strength, anchor: position[node]))
        if case .body(let id) = pin.holder { holder[node] = id } else { inverseMass[node] = 0 }
      }
    }
    attachments.sort { $0.node < $1.node }
  }

  private func nodes(of place: ClothPin.Place) throws(ClothError) -> [Int] {
    switch place {
    case .node(let row, let column):
      guard 0..<rows ~= row, 0..<columns ~= column else {
        throw .pinOutside(cloth: definition.name, row: row, column: column, rows: rows, columns: columns)
      }
      return [row * columns + column]
    case .point(let point):
      let distances = (0..<count).map { (position[$0] - point).length }
      let nearest = distances.indices.min { distances[$0] < distances[$1] }!
      let limit = max(weftSpacing, warpSpacing)
      guard distances[nearest] <= limit else {
        throw .pinTooFar(cloth: definition.name, distance: distances[nearest], limit: limit)
      }
      return [nearest]
    case .name(let name):
      let rowOf = ["top": [0], "center": [rows / 2], "bottom": [rows - 1]]
      let columnOf = ["left": [0], "center": [columns / 2], "right": [columns - 1]]
      let (allRows, allColumns) = (Array(0..<rows), Array(0..<columns))
      guard ClothPin.names.contains(name) else { throw .unknownPin(cloth: definition.name, pin: name) }
      let words = name.split(separator: "-").map(String.init)
      let (pinRows, pinColumns): ([Int], [Int])
      if name == "center" {
        (pinRows, pinColumns) = (rowOf["center"]!, columnOf["center"]!)
      } else if words.count == 1 {
        (pinRows, pinColumns) = (rowOf[name] ?? allRows, columnOf[name] ?? allColumns)
      } else if let row = rowOf[words[0]] {
        (pinRows, pinColumns) = (row, columnOf[words[1]]!)
      } else {
        (pinRows, pinColumns) = (rowOf[words[1]]!, columnOf[words[0]]!)
      }
      return pinRows.flatMap { row in pinColumns.map { row * columns + $0 } }
    }
  }

  /// What holds all its nodes, along the world's axes.
  struct Box {
    var low: Vector3
    var high: Vector3

    func isNear(_ other: Box, within distance: Double) -> Bool {
      let apart = pointwiseMax(low - other.high, other.low - high)
      return apart.max() <= distance
    }
  }

  var box: Box {
    var box = Box(low: position[0], high: position[0])
    for node in 1..<count {
      box.low = pointwiseMin(box.low, position[node])
      box.high = pointwiseMax(box.high, position[node])
    }
    return box
  }

  /// From a point to the nodes' box, m.
  func distance(to point: Vector3) -> Double {
    let box = box
    return (point - point.clamped(lowerBound: box.low, upperBound: box.high)).length
  }

  var greatestSpeed: Double {
    var square = 0.0
    for node in 0..<count { square = max(square, velocity[node].lengthSquared) }
    return square.squareRoot()
  }

  /// Gives a node a positional impulse (kg·m); a held one hands it on to its pin.
  @inline(__always) func push(_ node: Int, _ impulse: Vector3) {
    if inverseMass[node] > 0 { position[node] += impulse * inverseMass[node] } else { reaction[node] += impulse }
  }
}
