import Crypto
import Foundation
public import SceneDescription

/// A fingerprint of everything a scene says, whatever file it came from.
enum SceneDigest {
  /// `sha256:` and 64 hexadecimal digits, over the scene's canonical bytes.
  static func of(_ scene: Scene) -> String {
    "sha256:" + SHA256.hash(data: scene.canonicalBytes).map { String(format: "%02x", $0) }.joined()
  }
}

extension Scene {
  /// `sha256:` and 64 hexadecimal digits: equal for scenes that mean the same, whatever file they came from.
  public var digest: String { SceneDigest.of(self) }
}
