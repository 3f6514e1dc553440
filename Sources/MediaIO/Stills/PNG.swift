import CLibAV
public import WorldCore

/// Portable Network Graphics (ISO/IEC 15948): pictures in 8 bits a channel, depth and other measures in 16-bit gray.
public enum PNG {
  /// The file's bytes: RGB, with alpha only where some pixel isn't opaque; marked as sRGB.
  public static func encode(_ image: Image<SRGB8>) throws(MediaError) -> [UInt8] {
    if image.pixels.allSatisfy({ $0.alpha == 255 }) {
      return try encode(width: image.width, height: image.height, format: AV_PIX_FMT_RGB24, bytesPerPixel: 3, path: "") {
        y, row in
        for x in 0..<image.width {
          let pixel = image[x, y]
          (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (pixel.red, pixel.green, pixel.blue)
        }
      }
    }
    return try encode(width: image.width, height: image.height, format: AV_PIX_FMT_RGBA, bytesPerPixel: 4, path: "") { y, row in
      for x in 0..<image.width {
        let pixel = image[x, y]
        (row[4 * x], row[4 * x + 1], row[4 * x + 2]) = (pixel.red, pixel.green, pixel.blue)
        row[4 * x + 3] = pixel.alpha
      }
    }
  }

  /// The file's bytes: 16-bit gray, values kept exactly.
  public static func encode(_ image: Image<UInt16>) throws(MediaError) -> [UInt8] {
    try encode(width: image.width, height: image.height, format: AV_PIX_FMT_GRAY16BE, bytesPerPixel: 2, path: "") { y, row in
      for x in 0..<image.width {
        let value = image[x, y]
        (row[2 * x], row[2 * x + 1]) = (UInt8(value >> 8), UInt8(truncatingIfNeeded: value))
      }
    }
  }

  /// Writes a picture, whole or not at all.
  public static func write(_ image: Image<SRGB8>, to path: String) throws(MediaError) {
    try write(try encode(image), to: path)
  }

  /// Writes 16-bit gray, whole or not at all.
  public static func write(_ image: Image<UInt16>, to path: String) throws(MediaError) {
    try write(try encode(image), to: path)
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(MediaError) {
    do throws(FileError) { try AtomicFile.write(bytes, to: path) } catch { throw .unwritable(error) }
  }

  /// Encodes a raster whose rows `fill` writes.
  private static func encode(
    width: Int, height: Int, format: AVPixelFormat, bytesPerPixel: Int, path: String,
    fill: (_ y: Int, _ row: UnsafeMutablePointer<UInt8>) -> Void
  ) throws(MediaError) -> [UInt8] {
    LibAVLog.clear()
    let encoder = avcodec_find_encoder(AV_CODEC_ID_PNG)
    var codec = avcodec_alloc_context3(encoder)
    var frame = av_frame_alloc()
    var packet = av_packet_alloc()
    defer {
      avcodec_free_context(&codec)
      av_frame_free(&frame)
      av_packet_free(&packet)
    }
    guard let codec, let frame, let packet else { throw .encoding(path, detail: "no memory, or no PNG encoder") }
    codec.pointee.width = Int32(width)
    codec.pointee.height = Int32(height)
    codec.pointee.pix_fmt = format
    codec.pointee.time_base = AVRational(num: 1, den: 1)
    codec.pointee.thread_count = 1
    codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if bytesPerPixel >= 3 {
      codec.pointee.color_trc = AVCOL_TRC_IEC61966_2_1
      codec.pointee.color_primaries = AVCOL_PRI_BT709
    }
    av_opt_set(codec.pointee.priv_data, "pred", "mixed", 0)
    frame.pointee.width = Int32(width)
    frame.pointee.height = Int32(height)
    frame.pointee.format = format.rawValue
    frame.pointee.color_trc = codec.pointee.color_trc
    frame.pointee.color_primaries = codec.pointee.color_primaries
    var code = avcodec_open2(codec, encoder, nil)
    if code >= 0 { code = av_frame_get_buffer(frame, 0) }
    guard code >= 0, let rows = frame.pointee.data.0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
    for y in 0..<height { fill(y, rows + y * Int(frame.pointee.linesize.0)) }
    code = avcodec_send_frame(codec, frame)
    if code >= 0 { code = avcodec_receive_packet(codec, packet) }
    guard code >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
    return Array(UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
  }
}
