import Foundation

/// A body as it will be written.
struct PlannedBody {
  var name: String
  /// In the scene language.
  var shape: String
  var material: String
  var isFixed = false
  /// kg
  var mass: Double?
  /// m, m/s, rad/s; x is to the right in the picture, y away from the camera, z up.
  var position = SIMD3<Double>.zero
  var velocity = SIMD3<Double>.zero
  var spin = SIMD3<Double>.zero
  /// About an axis by degrees.
  var turn: (axis: SIMD3<Double>, degrees: Double)?
  /// How it repeats: a grid, or a triangle.
  var rows: (count: SIMD3<Int>, step: SIMD3<Double>)?
  var rack: (rows: Int, spacing: Double)?
  private var isMirrored = false
  /// Further keys: `breaks_at: …`.
  var more: [String] = []

  init(_ name: String, shape: String, material: String, isFixed: Bool = false, position: SIMD3<Double> = .zero) {
    (self.name, self.shape, self.material, self.isFixed, self.position) = (name, shape, material, isFixed, position)
  }

  /// The mirror image in x.
  var mirrored: PlannedBody {
    var image = self
    image.position.x *= -1
    image.velocity.x *= -1
    (image.spin.y, image.spin.z) = (-spin.y, -spin.z)
    if let turn { image.turn = (SIMD3(turn.axis.x, -turn.axis.y, -turn.axis.z), turn.degrees) }
    if let rows { image.rows = (rows.count, SIMD3(-rows.step.x, rows.step.y, rows.step.z)) }
    image.isMirrored.toggle()
    return image
  }

  /// One line of YAML.
  var text: String {
    var parts = ["shape: \(shape)"]
    if isFixed { parts.append("motion: fixed") }
    if let mass { parts.append("mass: \(Self.text(mass))") }
    parts.append("material: \(material)")
    if position != .zero { parts.append("position: \(Self.text(position))") }
    if let turn { parts.append("rotation: {axis: \(Self.text(turn.axis)), angle: \(Self.text(turn.degrees)) deg}") }
    if velocity != .zero { parts.append("velocity: \(Self.text(velocity))") }
    if spin != .zero { parts.append("spin: \(Self.text(spin))") }
    parts += more
    if let rows {
      let counts = "[\(rows.count.x), \(rows.count.y), \(rows.count.z)]"
      parts.append("repeat: {grid: {count: \(counts), step: \(Self.text(rows.step))}}")
    }
    if let rack {
      parts.append(
        "repeat: {rack: {rows: \(rack.rows), spacing: \(Self.text(rack.spacing))\(isMirrored ? ", facing: 180 deg" : "")}}")
    }
    return "  \(name): {\(parts.joined(separator: ", "))}"
  }

  static func text(_ value: Double) -> String {
    if abs(value) < 0.01, value != 0 { return String(format: "%.4g", value) }
    let rounded = (value * 10000).rounded() / 10000
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }

  static func text(_ vector: SIMD3<Double>) -> String { "[\(text(vector.x)), \(text(vector.y)), \(text(vector.z))]" }
}

extension Form {
  /// In the scene language.
  var shapeText: String {
    let text = { (value: Double) in PlannedBody.text(value) }
    switch shape {
    case .sphere(let r): return "{sphere: {radius: \(text(r))}}"
    case .box(let x, let y, let z): return "{box: {size: [\(text(x)), \(text(y)), \(text(z))]}}"
    case .cylinder(let r, let h): return "{cylinder: {radius: \(text(r)), height: \(text(h))}}"
    case .capsule(let r, let h): return "{capsule: {radius: \(text(r)), height: \(text(h))}}"
    case .cone(let r, let h): return "{cone: {radius: \(text(r)), height: \(text(h))}}"
    case .torus(let r, let t): return "{torus: {radius: \(text(r)), tube: \(text(t))}}"
    case .pin(let h):
      // Foot, belly, neck and head.
      let parts: [(String, Double, Double)] = [("cylinder", 0.1, 0.16), ("cylinder", 0.158, 0.34), ("cylinder", 0.085, 0.24)]
      var (told, z) = ([String](), -h / 2)
      for (kind, r, height) in parts {
        told.append(
          "{shape: {\(kind): {radius: \(text(r * h)), height: \(text(height * h))}}, position: [0, 0, \(text(z + height * h / 2))]}"
        )
        z += height * h
      }
      let head = (h / 2 - z) / 2
      told.append("{shape: {sphere: {radius: \(text(head))}}, position: [0, 0, \(text(z + head))]}")
      return "{compound: {parts: [\(told.joined(separator: ", "))]}}"
    }
  }

  /// - Parameter painted: the colour of a thing without one of its own.
  func materialText(painted: String) -> String {
    let shade = color ?? (isPainted ? painted : nil)
    guard shade != nil || !more.isEmpty else { return material }
    let parts = ["like: \(material)"] + (shade.map { ["color: \($0)"] } ?? []) + (more.isEmpty ? [] : [more])
    return "{\(parts.joined(separator: ", "))}"
  }
}
