internal import CTensorKernels

/// What a tensor's elements are.
public enum ElementType: UInt32, Sendable, CaseIterable, CustomStringConvertible {
  case float32 = 0
  /// The upper half of a float32: eight bits of precision. Products of bfloat16 are summed in float32.
  case bfloat16 = 1
  /// For checking gradients; products and convolutions are direct sums, slow and exact to rounding.
  case float64 = 2

  /// Bytes an element takes.
  public var size: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .float64: 8
    }
  }

  public var description: String {
    switch self {
    case .float32: "float32"
    case .bfloat16: "bfloat16"
    case .float64: "float64"
    }
  }

  /// Bytes of the sums and statistics that go with elements of this type.
  var statisticSize: Int { self == .float64 ? 8 : 4 }
  var kernel: TKElementType { TKElementType(rawValue: rawValue) }
}
