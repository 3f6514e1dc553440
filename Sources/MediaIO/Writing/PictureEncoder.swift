import CLibAV
import WorldCore

/// Encodes pictures as 4:2:0 video, BT.709 in limited range, flagged as such.
final class PictureEncoder {
  private let encoder: StreamEncoder
  private let scaler: OpaquePointer
  private let source: UnsafeMutablePointer<AVFrame>
  private let converted: UnsafeMutablePointer<AVFrame>
  private let path: String
  private(set) var frameCount = 0

  /// Fixed, because the encoders' bytes depend on it.
  private static let threads: Int32 = 2
  /// A player can start anywhere within this, in seconds.
  private static let keyFrameInterval = 2.0

  init(_ settings: ClipSettings, container: ClipContainer, muxer: Muxer, path: String) throws(MediaError) {
    self.path = path
    let (width, height) = (Int32(settings.width), Int32(settings.height))
    encoder = try StreamEncoder(container.videoCodec, muxer: muxer, path: path)
    let codec = encoder.codec
    codec.pointee.width = width
    codec.pointee.height = height
    codec.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    codec.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    codec.pointee.framerate = av_d2q(settings.framesPerSecond, 1_001_000)
    codec.pointee.time_base = av_inv_q(codec.pointee.framerate)
    codec.pointee.gop_size = Int32(max(1, (settings.framesPerSecond * Self.keyFrameInterval).rounded()))
    codec.pointee.thread_count = Self.threads
    codec.pointee.colorspace = AVCOL_SPC_BT709
    codec.pointee.color_primaries = AVCOL_PRI_BT709
    codec.pointee.color_trc = AVCOL_TRC_BT709
    codec.pointee.color_range = AVCOL_RANGE_MPEG
    codec.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
    encoder.set("crf", "\(settings.constantRateFactor)")
    if container == .webm {
      codec.pointee.bit_rate = 0
      encoder.set("deadline", "good")
      encoder.set("cpu-used", settings.effort.vp9Speed)
    } else {
      encoder.set("preset", settings.effort.rawValue)
      // x264's AVX-512 code (164.3095, in the look-ahead) depends on where buffers happen to lie: the same frames gave other
      // bytes on each run in one process. With AVX2 they are the same.
      if av_get_cpu_flags() & AV_CPU_FLAG_AVX2 != 0 { encoder.set("x264-params", "asm=avx2") }
    }
    try encoder.open()

    source = Self.makeFrame(AV_PIX_FMT_RGB0, width, height)
    converted = Self.makeFrame(AV_PIX_FMT_YUV420P, width, height)
    converted.pointee.colorspace = AVCOL_SPC_BT709
    converted.pointee.color_range = AVCOL_RANGE_MPEG
    let description = av_pix_fmt_desc_get(AV_PIX_FMT_YUV420P).pointee
    scaler = makeScaler(
      from: (width, height, AV_PIX_FMT_RGB0.rawValue), to: (width, height, AV_PIX_FMT_YUV420P.rawValue),
      flags: SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_BITEXACT,
      chromaSide: "dst", chroma: ChromaPosition(of: AVCHROMA_LOC_LEFT, in: description))!
    let coefficients = sws_getCoefficients(SWS_CS_ITU709)
    sws_setColorspaceDetails(scaler, coefficients, 1, coefficients, 0, 0, 1 << 16, 1 << 16)
  }

  deinit {
    sws_freeContext(scaler)
    var (source, converted) = (Optional(source), Optional(converted))
    av_frame_free(&source)
    av_frame_free(&converted)
  }

  func append(_ image: Image<SRGB8>) throws(MediaError) {
    let stride = Int(source.pointee.linesize.0)
    let rows = UnsafeMutableRawPointer(source.pointee.data.0!)
    image.pixels.withUnsafeBytes { pixels in
      for y in 0..<image.height {
        (rows + y * stride).copyMemory(from: pixels.baseAddress! + y * image.width * 4, byteCount: image.width * 4)
      }
    }
    // The encoder may still look at the last frame.
    av_frame_make_writable(converted)
    let code = sws_scale_frame(scaler, converted, source)
    guard code >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
    converted.pointee.pts = Int64(frameCount)
    converted.pointee.pict_type = AV_PICTURE_TYPE_NONE
    frameCount += 1
    try encoder.encode(converted)
  }

  func finish() throws(MediaError) { try encoder.encode(nil) }

  private static func makeFrame(_ format: AVPixelFormat, _ width: Int32, _ height: Int32) -> UnsafeMutablePointer<AVFrame> {
    let frame = av_frame_alloc()!
    frame.pointee.format = format.rawValue
    frame.pointee.width = width
    frame.pointee.height = height
    precondition(av_frame_get_buffer(frame, 0) >= 0, "no memory for a \(width)×\(height) picture")
    return frame
  }
}

extension ClipSettings.Effort {
  /// libvpx's speed, 0 slowest … 8.
  fileprivate var vp9Speed: String {
    switch self {
    case .ultrafast: "8"
    case .veryfast: "6"
    case .fast: "5"
    case .medium: "4"
    case .slow: "2"
    }
  }
}
