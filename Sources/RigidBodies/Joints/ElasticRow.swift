import WorldCore

/// A spring or damper along one scalar coordinate C of a joint, a force −k C − c Ċ.
struct ElasticRow {
  /// With C as its error.
  var row: JointRow
  /// k, N/m or N·m/rad
  var stiffness: Double
  /// c, N·s/m or N·m·s/rad
  var damping: Double

  /// The row whose impulse over a stretch h is that of spring and damper, with C at the start and Ċ at both ends:
  ///
  ///     p = −h k (C₀ + ¼ h (Ċ₀ + Ċ₁)) − h c Ċ₁
  ///
  /// The spring by the trapezoidal rule, which keeps ½ k C² + ½ m Ċ² whatever h is; the damper by the backward one, whose rate
  /// goes to 0 with growing c and never swings.
  func implicit(over h: Double, from start: Double) -> JointRow {
    var soft = row
    let give = h * h * stiffness / 4 + h * damping
    soft.compliance = 1 / give
    soft.target = -(h * stiffness * start + h * h * stiffness / 4 * row.rate) / give
    return soft
  }
}

/// How fast a set of springs and dampers acts on the bodies that it joins.
struct ElasticPace {
  /// Of the fastest swing, rad/s.
  var swing = 0.0
  /// Of the fastest decay, 1/s.
  var decay = 0.0

  /// The swing of one stretch: the classical Runge-Kutta method loses (ω h)⁶ / 72 of a swing's energy in each, which is 9e-4 in
  /// 1000 periods.
  static let finestSwing = 0.1
  /// The decay of one stretch: that method errs by (c h / m)⁵ / 120 of the speed in each, 1e-5.
  static let finestDecay = 0.25

  /// The longest stretch that resolves them, s.
  var stretch: Double { min(Self.finestSwing / swing, Self.finestDecay / decay) }

  /// Bounds by Gershgorin's circles from the responses of n rows to one another.
  ///
  /// - Parameter neighbours: of each row those that may answer it; nil: all.
  init(_ rows: [ElasticRow], neighbours: [[Int]]? = nil, _ response: (Int, Int) -> Double) {
    for i in rows.indices {
      var (square, rate) = (0.0, 0.0)
      for j in neighbours?[i] ?? Array(rows.indices) {
        let answer = abs(response(i, j))
        if answer == 0 { continue }
        square += (rows[i].stiffness * rows[j].stiffness).squareRoot() * answer
        rate += (rows[i].damping * rows[j].damping).squareRoot() * answer
      }
      swing = max(swing, square.squareRoot())
      decay = max(decay, rate)
    }
  }

  init() {}
}

extension Joint {
  /// Appends its springs and dampers.
  func addElasticRows(_ index: Int, _ bodies: UnsafeMutablePointer<Body>, to rows: inout [ElasticRow]) {
    guard isHolding else { return }
    func add(
      _ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3, _ error: Double, _ stiffness: Double, _ damping: Double
    ) {
      let row = JointRow(
        joint: index, a: bodies + a, b: bodies + b, linear: linear, angularA: angularA, angularB: angularB, error: error)
      rows.append(ElasticRow(row: row, stiffness: stiffness, damping: damping))
    }
    switch definition.kind {
    case .spring(let stiffness, let damping, _):
      let (rA, rB, apart) = arms(bodies)
      let distance = apart.length
      guard distance > 0, stiffness != 0 || damping != 0 else { return }
      let e = apart / distance
      add(e, rA.cross(e), rB.cross(e), distance - length, stiffness, damping)
    case .hinge(let options), .slider(let options):
      guard options.stiffness != 0 || options.damping != 0, let free = freedom(bodies) else { return }
      add(free.linear, free.angularA, free.angularB, free.value, options.stiffness, options.damping)
    case .ball(_, _, let damping):
      guard damping != 0 else { return }
      for e in [Vector3.unitX, .unitY, .unitZ] { add(.zero, e, e, 0, 0, damping) }
    case .fixed, .rope: return
    }
  }
}
