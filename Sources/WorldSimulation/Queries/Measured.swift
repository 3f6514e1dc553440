import WorldCore

/// A number with its unit, as answers give it: `{"value": 1.2, "unit": "m"}`.
public struct Measured<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  public var value: Value
  /// `m`, `m/s`, `J`; `1` for a pure number.
  public var unit: String

  public init(_ value: Value, _ unit: String) {
    self.value = value
    self.unit = unit
  }
}

extension Measured<[Double]> {
  init(_ vector: Vector3, _ unit: String) { self.init([vector.x, vector.y, vector.z], unit) }
}
