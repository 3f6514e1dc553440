import WorldCore

// What an expression can name, and how named quantities combine.
extension ExpressionParser {
  /// After `bodies.NAME`.
  mutating func bodyQuantity(_ body: Int) throws(ExpressionError) -> Node {
    let (name, place) = try member(of: "a body")
    let mass = history.trajectory.bodies[body].mass
    switch name {
    case "position": return .vector(.length) { $0.state(ofBody: body, at: $1).position }
    case "velocity": return .vector(.speed) { $0.state(ofBody: body, at: $1).velocity }
    case "angular_velocity", "spin": return .vector(.angularSpeed) { $0.state(ofBody: body, at: $1).angularVelocity }
    case "speed": return .scalar(.speed) { $0.state(ofBody: body, at: $1).velocity.length }
    case "mass": return .scalar(.mass) { _, _ in mass }
    case "kinetic_energy":
      return .scalar(.energy) { $0.trajectory.bodies[body].kineticEnergy(in: $0.state(ofBody: body, at: $1)) }
    default:
      let known = ["position", "velocity", "angular_velocity", "spin", "speed", "mass", "kinetic_energy"]
      throw error("a body has no '\(name)'", at: place, suggestion: Self.nearest(to: name, in: known))
    }
  }

  /// `time`, `energy.…`, `momentum.…`.
  mutating func worldQuantity(_ name: String, at place: ExpressionToken) throws(ExpressionError) -> Node {
    let trajectory = history.trajectory
    switch name {
    case "time": return .scalar(.time) { $1 }
    case "energy":
      let (part, partPlace) = try member(of: "energy")
      guard !trajectory.energy.kinetic.isEmpty, !trajectory.energy.potential.isEmpty else {
        throw error("this trajectory records no energy", at: place)
      }
      switch part {
      case "kinetic": return .scalar(.energy) { $0.interpolated($0.trajectory.energy.kinetic, at: $1) }
      case "potential": return .scalar(.energy) { $0.interpolated($0.trajectory.energy.potential, at: $1) }
      case "total":
        return .scalar(.energy) {
          $0.interpolated($0.trajectory.energy.kinetic, at: $1) + $0.interpolated($0.trajectory.energy.potential, at: $1)
        }
      default: throw error("energy is kinetic, potential or total, not '\(part)'", at: partPlace)
      }
    case "momentum":
      let (part, partPlace) = try member(of: "momentum")
      guard !trajectory.momentum.linear.isEmpty, !trajectory.momentum.angular.isEmpty else {
        throw error("this trajectory records no momentum", at: place)
      }
      switch part {
      case "linear": return .vector(.momentum) { $0.interpolated($0.trajectory.momentum.linear, at: $1) }
      case "angular": return .vector(.angularMomentum) { $0.interpolated($0.trajectory.momentum.angular, at: $1) }
      default: throw error("momentum is linear or angular, not '\(part)'", at: partPlace)
      }
    default:
      let suggestion =
        history.body(name) != nil
        ? "say what of the body: bodies.\(name).position.z"
        : Self.nearest(to: name, in: ["bodies", "cloths", "energy", "fluids", "momentum", "time"])
      throw error("nothing is called '\(name)'", at: place, suggestion: suggestion)
    }
  }

  /// `.x`, `.y` and `.z` after a vector.
  mutating func components(of node: Node) throws(ExpressionError) -> Node {
    guard case .vector(let dimension, let v) = node, token.kind == .sign(".") else { return node }
    let (name, place) = try member(of: "a vector")
    switch name {
    case "x": return .scalar(dimension) { v($0, $1).x }
    case "y": return .scalar(dimension) { v($0, $1).y }
    case "z": return .scalar(dimension) { v($0, $1).z }
    default: throw error("a vector has x, y and z, not '\(name)'", at: place)
    }
  }

  mutating func member(of what: String) throws(ExpressionError) -> (String, ExpressionToken) {
    guard token.kind == .sign(".") else { throw error("expected '.' and what of \(what) is meant", at: token) }
    try advance()
    let place = token
    guard case .name(let name) = token.kind else { throw error("expected a name, found \(token.shown)", at: token) }
    try advance()
    return (name, place)
  }

  // MARK: Combination

  func condition(_ node: Node, at place: ExpressionToken) throws(ExpressionError) -> WorldExpression.Condition {
    guard case .condition(let condition) = node else {
      throw error("\(place.shown) joins conditions, and one side is a quantity", at: place)
    }
    return condition
  }

  /// Two quantities of one dimension; a plain number takes the other's.
  func scalars(
    _ left: Node, _ right: Node, verb: String, at place: ExpressionToken
  ) throws(ExpressionError) -> (WorldExpression.Scalar, WorldExpression.Scalar, Dimension?) {
    guard case .scalar(let a, let x) = left, case .scalar(let b, let y) = right else {
      throw error("can't \(verb) conditions or vectors", at: place)
    }
    if let a, let b, !a.isCompatible(with: b) { throw error("can't \(verb) \(a.unit) and \(b.unit)", at: place) }
    return (x, y, a ?? b)
  }

  func add(_ left: Node, _ right: Node, scale: Double, at place: ExpressionToken) throws(ExpressionError) -> Node {
    if case .vector(let a, let x) = left, case .vector(let b, let y) = right {
      if let a, let b, !a.isCompatible(with: b) { throw error("can't add \(a.unit) and \(b.unit)", at: place) }
      return .vector(a ?? b) { x($0, $1) + y($0, $1) * scale }
    }
    let (x, y, dimension) = try scalars(left, right, verb: "add", at: place)
    return .scalar(dimension) { x($0, $1) + y($0, $1) * scale }
  }

  func multiply(_ left: Node, _ right: Node, at place: ExpressionToken) throws(ExpressionError) -> Node {
    switch (left, right) {
    case (.scalar(let a, let x), .scalar(let b, let y)): .scalar(Self.dimension(a, b)) { x($0, $1) * y($0, $1) }
    case (.scalar(let a, let x), .vector(let b, let y)): .vector(Self.dimension(a, b)) { y($0, $1) * x($0, $1) }
    case (.vector(let a, let x), .scalar(let b, let y)): .vector(Self.dimension(a, b)) { x($0, $1) * y($0, $1) }
    default: throw error("can't multiply these", at: place)
    }
  }

  /// The dimension of a product, where a plain number counts as 1 unless both are plain.
  static func dimension(_ a: Dimension?, _ b: Dimension?) -> Dimension? {
    if a == nil && b == nil { return nil }
    return (a ?? .one) * (b ?? .one)
  }

  /// `did you mean …?` with the name at the smallest edit distance, where it is near enough.
  static func nearest(to name: String, in known: [String]) -> String? {
    let ranked = known.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }.min { $0.1 < $1.1 }
    if let (best, distance) = ranked, distance <= max(1, name.count / 3) { return "did you mean '\(best)'?" }
    return known.count <= 12 ? "known: " + known.joined(separator: ", ") : nil
  }

  /// Levenshtein's distance.
  private static func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let substituted = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}

extension WorldHistory {
  fileprivate func interpolated(_ series: [Double], at time: Double) -> Double {
    let (cell, t) = trajectory.cell(at: time)
    return t == 0 ? series[cell] : series[cell] + (series[cell + 1] - series[cell]) * t
  }

  fileprivate func interpolated(_ series: [Vector3], at time: Double) -> Vector3 {
    let (cell, t) = trajectory.cell(at: time)
    return t == 0 ? series[cell] : series[cell] + (series[cell + 1] - series[cell]) * t
  }
}
