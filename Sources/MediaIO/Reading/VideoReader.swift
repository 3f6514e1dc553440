import CLibAV
import Foundation
public import WorldCore

/// A decoded picture and when it is shown.
public struct VideoFrame: Sendable, Equatable {
  /// Counts from 0 in the order of showing.
  public var index: Int
  /// Seconds on the clip's clock, as the file has it: variable rates and edit lists included.
  public var time: Double
  public var image: Image<SRGB8>
  /// The decoder had to fill gaps: parts of the picture are guessed.
  public var isDamaged: Bool
}

/// What was wrong with a file that could be read in part.
public struct MediaDamage: Sendable, Equatable, CustomStringConvertible {
  /// The file ends before what its header promises.
  public var isTruncated: Bool
  /// Packets that were cut or could not be decoded.
  public var damagedPackets: Int
  public var description: String
}

/// Decodes the moving picture of any file that FFmpeg reads, one frame at a time, in constant memory.
///
/// Frames come in the order of showing, upright, in square pixels, all of one size. A `VideoReader` is read once, from
/// the start, by one task: by `nextFrame()` or by `for try await frame in reader`. The output doesn't depend on threads.
public final class VideoReader {
  public let path: String
  public let info: MediaInfo
  /// Of every frame, after turning and shrinking.
  public let width: Int
  public let height: Int
  /// The same before shrinking.
  public let fullWidth: Int
  public let fullHeight: Int

  private let decoder: StreamDecoder
  private let converter: PictureConverter
  private let orientation: PictureOrientation
  private var frameIndex = 0
  private var lastTime: Double?
  private var isFinished = false

  /// Opens a clip.
  ///
  /// - Parameters:
  ///   - path: A file; or the numbered pictures of a folder, as `frames/%04d.png`.
  ///   - maximumSide: Pictures whose longer side is larger are shrunk to it as they are decoded; nil keeps the size.
  ///   - imageSequenceRate: Frames per second of numbered pictures, which carry no times.
  public init(path: String, maximumSide: Int? = nil, imageSequenceRate: Double = 24) throws(MediaError) {
    let demuxer = try Demuxer(path: path, imageSequenceRate: imageSequenceRate)
    guard let stream = demuxer.bestStream(AVMEDIA_TYPE_VIDEO) else { throw .noVideo(path) }
    guard stream.pointee.codecpar.pointee.width > 0, stream.pointee.codecpar.pointee.height > 0 else {
      throw .undecodable(path, detail: "the size of its picture is unknown")
    }
    self.path = path
    info = MediaInfo(of: demuxer)
    decoder = try StreamDecoder(stream, of: demuxer)
    orientation = PictureOrientation(of: stream)

    let stored = MediaInfo.Video.squarePixelSize(of: stream, in: demuxer)
    let longer = Swift.max(stored.width, stored.height)
    let scale = Swift.min(1, Double(maximumSide ?? longer) / Double(longer))
    func scaled(_ side: Int) -> Int { Swift.max(1, Int((Double(side) * scale).rounded())) }
    guard stored.width * stored.height <= Self.maximumPixels else {
      throw .unsupported(path, what: "pictures as large as \(stored.width)×\(stored.height)")
    }
    converter = PictureConverter(width: scaled(stored.width), height: scaled(stored.height))
    (width, height) = orientation.size(ofWidth: converter.width, height: converter.height)
    (fullWidth, fullHeight) = orientation.size(ofWidth: stored.width, height: stored.height)
  }

  /// A header may claim any size; a picture larger than this (1 GiB) is not set up.
  static let maximumPixels = 16_384 * 16_384

  /// The next frame; nil after the last.
  ///
  /// A damaged file gives what can be decoded; `damage` then says what was lost. Throws where nothing can be.
  public func nextFrame() throws(MediaError) -> VideoFrame? {
    guard !isFinished, try decoder.advance() else {
      isFinished = true
      return nil
    }
    guard let image = converter.picture(of: decoder.frame, turned: orientation) else {
      throw .unsupported(path, what: "pixels of the kind this clip has")
    }
    // Some old files give no times for some frames: these follow at the nominal rate.
    let step = 1 / (info.video?.framesPerSecond ?? 25)
    let time = decoder.frameTime ?? lastTime.map { $0 + step } ?? 0
    let isDamaged = decoder.frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 || decoder.frame.pointee.decode_error_flags != 0
    defer { frameIndex += 1 }
    lastTime = time
    return VideoFrame(index: frameIndex, time: time, image: image, isDamaged: isDamaged)
  }

  /// What was wrong with the file, known once the last frame is read; nil for a sound file.
  public var damage: MediaDamage? {
    guard isFinished else { return nil }
    if let gap = decoder.demuxer.pictures?.gap { return MediaDamage(gap: gap) }
    let end = (lastTime ?? 0) + (decoder.frameDuration ?? 0)
    return MediaDamage(
      of: decoder, end: end, promised: decoder.streamDuration ?? promisedByContainer, unit: "frames",
      step: 1 / (info.video?.framesPerSecond ?? 25))
  }

  /// The container's duration speaks for the picture where there is nothing else in it, or where reading broke off.
  private var promisedByContainer: Double? { info.audio == nil || decoder.breakOff != nil ? info.duration : nil }
}

extension MediaDamage {
  /// Of numbered pictures that are read up to a missing one.
  init(gap: String) {
    (isTruncated, damagedPackets) = (true, 0)
    description = gap + "; number them without one"
  }

  /// - Parameters:
  ///   - end: Seconds at which the last decoded frame ends.
  ///   - promised: Seconds the header says.
  ///   - step: Seconds from one frame to the next.
  init?(of decoder: StreamDecoder, end: Double, promised: Double?, unit: String, step: Double) {
    // A header rounds, and its last frame may count or not: only more than that is a loss.
    let slack = 0.1 + 1.5 * step
    let missing = promised.map { $0 - end } ?? 0
    isTruncated = decoder.breakOff != nil || missing > slack
    damagedPackets = decoder.damagedPackets
    guard isTruncated || damagedPackets > 0 else { return nil }
    var parts: [String] = []
    if isTruncated {
      let reason = decoder.breakOff.map { " (\($0))" } ?? ""
      let length = promised.map { String(format: "%.2f of %.2f s", end, max($0, end)) } ?? String(format: "%.2f s", end)
      parts.append("the file ends early\(reason): \(length) could be decoded")
    }
    if damagedPackets > 0 { parts.append("\(damagedPackets) packets were damaged") }
    description = parts.joined(separator: "; ") + "; \(decoder.framesDecoded) \(unit) in all; record or download the file again"
  }
}
