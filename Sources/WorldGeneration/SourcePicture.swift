import MediaIO
public import WorldCore

/// A picture that generation starts from.
public struct SourcePicture: Sendable {
  public var path: String
  /// `sha256:` and digits.
  public var digest: String
  public var image: Image<SRGB8>

  /// - Throws: `MediaError`.
  public init(contentsOf path: String) throws {
    self.path = path
    image = try StillPicture.read(path)
    digest = Digests.ofFile(path)
  }
}
