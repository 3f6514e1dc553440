import Crypto
import Foundation
import MediaIO
public import WorldCore

/// A clip that generation starts from: to be drawn anew, or to go on.
public struct SourceClip: Sendable {
  public var path: String
  /// `sha256:` and digits.
  public var digest: String
  public var frames: [Image<SRGB8>]
  /// nil where it has none.
  public var sound: AudioBuffer?
  public var framesPerSecond: Double
  /// Whether it lasts longer than `longestSeconds` and was cut off.
  public var isCut = false

  /// Clips that last longer are cut off here.
  public static let longestSeconds = 60.0

  /// All its frames are kept: a minute of 1280 × 720 at 24 frames a second has 1300 million.
  private static let mostPixels = 1_500_000_000

  /// Decodes a clip from its beginning. Where frames don't come evenly each instant of the clip's rate has the one that is
  /// shown then.
  ///
  /// - Throws: `MediaError`.
  public init(contentsOf path: String) throws {
    (self.path, digest) = (path, Digests.ofFile(path))
    let reader = try VideoReader(path: path)
    framesPerSecond = reader.info.video?.framesPerSecond ?? 24
    frames = []
    let most = Int(Self.longestSeconds * framesPerSecond)
    func append(_ image: Image<SRGB8>) throws {
      frames.append(image)
      guard frames.count * reader.width * reader.height <= Self.mostPixels else {
        throw MediaError.tooLarge(path, pixels: Self.mostPixels)
      }
    }
    var (start, shown) = (0.0, Image<SRGB8>?.none)
    while let frame = try reader.nextFrame() {
      if shown == nil { start = frame.time }
      while let image = shown, (Double(frames.count) + 0.5) / framesPerSecond <= frame.time - start, frames.count < most {
        try append(image)
      }
      shown = frame.image
      isCut = frames.count == most
      if isCut { break }
    }
    if let shown, !isCut { try append(shown) }
    if reader.info.audio != nil {
      sound = try AudioReader.readAll(path: path, seconds: seconds)
    }
  }

  public var seconds: Double { Double(frames.count) / framesPerSecond }
}

/// Of files, as provenance has them.
public enum Digests {
  /// `sha256:` and digits; of nothing where the file can't be read.
  public static func ofFile(_ path: String) -> String {
    var hash = SHA256()
    let file = FileHandle(forReadingAtPath: path)
    while let part = try? file?.read(upToCount: 1 << 20), !part.isEmpty { hash.update(data: part) }
    return "sha256:" + hash.finalize().map { String(format: "%02x", $0) }.joined()
  }
}
