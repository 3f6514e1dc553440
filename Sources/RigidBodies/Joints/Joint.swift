import WorldCore

/// A joint at work.
struct Joint {
  let definition: JointDefinition
  /// Indices of bodies; nil is the world.
  let a: Int?
  let b: Int?
  var isHolding = true

  init(_ definition: JointDefinition, a: Int?, b: Int?, _ bodies: UnsafeMutablePointer<Body>) {
    self.definition = definition
    self.a = a
    self.b = b
  }

  /// Whether its two bodies don't collide with one another.
  var keepsApart: Bool {
    switch definition.kind {
    case .spring, .rope: false
    default: true
    }
  }
}

extension Joint {
  /// J
  func storedEnergy(_ bodies: UnsafeMutablePointer<Body>) -> Double { 0 }
}
