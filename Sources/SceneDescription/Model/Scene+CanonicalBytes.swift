import Foundation
import WorldCore

extension Scene {
  /// The scene as bytes that are equal for equal scenes: what a digest is taken of.
  ///
  /// Two files that mean the same, whatever their layout, units, comments or order of keys within a thing, give the same bytes;
  /// any difference in a value gives others. Places in the file don't count. Every stored property is walked by reflection, so
  /// that none can be forgotten: names and bit patterns of numbers, little-endian.
  public var canonicalBytes: [UInt8] {
    var encoder = CanonicalEncoder()
    encoder.append("mondo-scene/1")
    encoder.encode(self)
    return encoder.bytes
  }
}

private struct CanonicalEncoder {
  var bytes: [UInt8] = []

  mutating func append(_ text: String) {
    append(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ word: UInt64) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func encode(_ value: Any) {
    switch value {
    case let x as Double: append((x == 0 ? 0 : x).bitPattern)
    case let x as Float: append(UInt64((x == 0 ? 0 : x).bitPattern))
    case let n as Int: append(UInt64(bitPattern: Int64(n)))
    case let n as UInt64: append(n)
    case let b as Bool: append(b ? 1 : 0)
    case let text as String: append(text)
    case let v as SIMD3<Double>: for i in 0..<3 { encode(v[i]) }
    case let v as SIMD2<Double>: for i in 0..<2 { encode(v[i]) }
    case let v as SIMD3<Float>: for i in 0..<3 { encode(v[i]) }
    case let mesh as TriangleMesh:
      append(UInt64(mesh.vertices.count))
      for vertex in mesh.vertices { encode(vertex) }
      append(UInt64(mesh.triangles.count))
      for triangle in mesh.triangles { for i in 0..<3 { append(UInt64(bitPattern: Int64(triangle[i]))) } }
    case let range as ClosedRange<Double>:
      encode(range.lowerBound)
      encode(range.upperBound)
    case is SourceLocation:
      break
    default:
      encodeChildren(of: value)
    }
  }

  private mutating func encodeChildren(of value: Any) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      append(UInt64(mirror.children.count))
      for child in mirror.children { encode(child.value) }
    case .collection:
      append(UInt64(mirror.children.count))
      for child in mirror.children { encode(child.value) }
    case .enum:
      // The case's name; with a payload, its label and values.
      guard let payload = mirror.children.first else { return append("\(value)") }
      append(payload.label ?? "")
      encode(payload.value)
    case .struct, .tuple:
      for child in mirror.children where child.label != "location" {
        append(child.label ?? "")
        encode(child.value)
      }
    default:
      preconditionFailure("a scene holds no \(type(of: value)), which has no canonical bytes")
    }
  }
}
