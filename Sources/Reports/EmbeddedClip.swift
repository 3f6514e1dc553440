import Foundation
import MediaIO
import WorldCore

/// A clip in the forms that a page carries inside itself: an mp4 that browsers play, and the stroboscopic picture.
struct EmbeddedClip {
  /// The longest side of what is embedded, px: sharp on a page, small in a file.
  private static let maximumSide = 960

  let video: String
  let strobe: String
  let strobeCount: Int

  init(of path: String, frames: Int, fps: Double) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mondo-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    // Re-encoded in any case: what a camera or a scientist stores, a browser may not play.
    let copy = folder.appendingPathComponent("clip.mp4").path
    try Self.transcode(path, fps: fps, to: copy)
    video = try Self.dataURI(copy, type: "video/mp4")

    let strobe = try Stroboscope(clip: path, frames: frames, maximumSide: Self.maximumSide)
    let still = folder.appendingPathComponent("strobe.png").path
    try PNG.write(strobe.picture, to: still)
    self.strobe = try Self.dataURI(still, type: "image/png")
    strobeCount = strobe.shown
  }

  /// Streams the clip, with its sound, into H.264 and AAC; an odd last column or row is cut off, as 4:2:0 video demands.
  private static func transcode(_ path: String, fps: Double, to copy: String) throws {
    let reader = try VideoReader(path: path, maximumSide: maximumSide)
    let (width, height) = (max(reader.width & ~1, 2), max(reader.height & ~1, 2))
    let hasSound = reader.info.audio != nil
    let writer = try ClipWriter(
      path: copy,
      settings: ClipSettings(
        width: width, height: height, framesPerSecond: fps, hasSound: hasSound, constantRateFactor: 20, effort: .veryfast))
    while let frame = try reader.nextFrame() {
      try writer.append(frame.image.cropped(width: width, height: height))
    }
    if hasSound {
      let sound = try AudioReader(path: path)
      while let chunk = try sound.nextChunk() { try writer.append(chunk) }
    }
    try writer.finish()
  }

  private static func dataURI(_ path: String, type: String) throws -> String {
    "data:\(type);base64," + (try Data(contentsOf: URL(fileURLWithPath: path))).base64EncodedString()
  }
}

extension Image where Pixel == SRGB8 {
  /// The top left corner of that size; where the picture is smaller, its last row and column repeat.
  fileprivate func cropped(width: Int, height: Int) -> Image {
    if width == self.width && height == self.height { return self }
    var result = Image(width: width, height: height, filledWith: self[0, 0])
    for y in 0..<height {
      for x in 0..<width { result[x, y] = self[min(x, self.width - 1), min(y, self.height - 1)] }
    }
    return result
  }
}
