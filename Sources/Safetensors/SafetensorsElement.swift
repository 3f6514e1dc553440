/// A Swift type whose memory is that of a tensor's elements on a little-endian machine.
///
/// Half precision travels as its bits: `F16` and `BF16` are read through `withBytes` and written as the `bytes` of a
/// `NamedTensor`.
public protocol SafetensorsElement: Sendable, BitwiseCopyable {
  static var elementType: ElementType { get }
}

extension Double: SafetensorsElement { public static var elementType: ElementType { .float64 } }
extension Float: SafetensorsElement { public static var elementType: ElementType { .float32 } }
extension Int64: SafetensorsElement { public static var elementType: ElementType { .int64 } }
extension Int32: SafetensorsElement { public static var elementType: ElementType { .int32 } }
extension Int16: SafetensorsElement { public static var elementType: ElementType { .int16 } }
extension UInt16: SafetensorsElement { public static var elementType: ElementType { .uint16 } }
extension Int8: SafetensorsElement { public static var elementType: ElementType { .int8 } }
extension UInt8: SafetensorsElement { public static var elementType: ElementType { .uint8 } }
