import CLibAV
public import WorldCore

/// Reads pictures from files: PNG, JPEG and whatever else FFmpeg knows; of a moving picture, the first frame.
public enum StillPicture {
  /// The picture as it is meant to be seen: upright (EXIF), in square pixels, encoded sRGB with its alpha.
  public static func read(_ path: String) throws(MediaError) -> Image<SRGB8> {
    let decoder = try firstFrame(of: path)
    let stored = MediaInfo.Video.squarePixelSize(of: decoder.stream, in: decoder.demuxer)
    guard stored.width * stored.height <= VideoReader.maximumPixels else {
      throw .unsupported(path, what: "pictures as large as \(stored.width)×\(stored.height)")
    }
    let converter = PictureConverter(width: stored.width, height: stored.height)
    let orientation = PictureOrientation(of: decoder.frame) ?? PictureOrientation(of: decoder.stream)
    guard let image = converter.picture(of: decoder.frame, turned: orientation) else {
      throw .unsupported(path, what: "pixels of the kind this picture has")
    }
    return image
  }

  /// 16-bit gray, values as stored. Throws `unsupported` for any other kind of picture.
  public static func readGray16(_ path: String) throws(MediaError) -> Image<UInt16> {
    let decoder = try firstFrame(of: path)
    let frame = decoder.frame.pointee
    let isBigEndian = frame.format == AV_PIX_FMT_GRAY16BE.rawValue
    guard isBigEndian || frame.format == AV_PIX_FMT_GRAY16LE.rawValue, let rows = frame.data.0 else {
      throw MediaError(
        code: .unsupported, path: path, problem: "its pixels are not 16-bit gray",
        remedy: "give a picture that holds depth or another measure, or read it in colour")
    }
    let (width, height, stride) = (Int(frame.width), Int(frame.height), Int(frame.linesize.0))
    var image = Image<UInt16>(width: width, height: height, filledWith: 0)
    for y in 0..<height {
      let row = UnsafeRawPointer(rows + y * stride)
      for x in 0..<width {
        let value = row.loadUnaligned(fromByteOffset: 2 * x, as: UInt16.self)
        image[x, y] = isBigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
      }
    }
    return image
  }

  private static func firstFrame(of path: String) throws(MediaError) -> StreamDecoder {
    let demuxer = try Demuxer(path: path)
    guard let stream = demuxer.bestStream(AVMEDIA_TYPE_VIDEO) else { throw .noVideo(path) }
    guard stream.pointee.codecpar.pointee.width > 0, stream.pointee.codecpar.pointee.height > 0 else {
      throw .undecodable(path, detail: "the size of its picture is unknown")
    }
    let decoder = try StreamDecoder(stream, of: demuxer)
    // A stream without any frame throws of itself.
    _ = try decoder.advance()
    return decoder
  }
}
