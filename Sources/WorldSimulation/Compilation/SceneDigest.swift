import Crypto
import Foundation
import SceneDescription
import WorldCore

/// A fingerprint of everything a scene says, whatever file it came from.
///
/// Two scenes have the same digest if and only if (but for collisions of SHA-256) all their values are the same; where a value
/// stood in its file doesn't count.
enum SceneDigest {
  /// `sha256:` and 64 hexadecimal digits.
  static func of(_ scene: Scene) -> String {
    var canonical = CanonicalText()
    canonical.add(scene)
    return "sha256:" + SHA256.hash(data: canonical.bytes).map { String(format: "%02x", $0) }.joined()
  }
}

/// A value spelt out field by field: `(label:value,…)`, with every number as its shortest exact decimal.
///
/// It follows the declarations of the model's types by reflection, so that a field added there counts from that day on.
private struct CanonicalText {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ value: Any) {
    switch value {
    case let text as String: append("\"\(text.utf8.count):\(text)")
    case let vector as SIMD3<Double>: append("(\(vector.x),\(vector.y),\(vector.z))")
    case let vector as SIMD2<Double>: append("(\(vector.x),\(vector.y))")
    case let vector as SIMD3<Float>: append("(\(vector.x),\(vector.y),\(vector.z))")
    case let vectors as [Vector3]:
      for vector in vectors { append("(\(vector.x),\(vector.y),\(vector.z))") }
    case let vectors as [SIMD3<Int32>]:
      for vector in vectors { append("(\(vector.x),\(vector.y),\(vector.z))") }
    default:
      let mirror = Mirror(reflecting: value)
      guard !mirror.children.isEmpty else {
        // A number, a flag, or a case without payload; an empty collection and nil say so by their kind.
        switch mirror.displayStyle {
        case .collection: append("[]")
        case .optional: append("nil")
        default: append(String(describing: value))
        }
        return
      }
      append("(")
      for (label, child) in mirror.children where type(of: child) != SourceLocation?.self {
        append((label ?? "") + ":")
        add(child)
        append(",")
      }
      append(")")
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
