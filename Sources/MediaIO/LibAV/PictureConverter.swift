import CLibAV
import WorldCore

/// Turns decoded frames, in whatever pixel format, into encoded sRGB pictures of one size.
///
/// The matrix is that of the metadata (BT.601, 709, 2020 …); where there is none, BT.709 from 720 lines up and BT.601 below,
/// as players do. Limited range unless the stream says full. Video's transfer function and primaries are taken for sRGB's,
/// as players do too.
final class PictureConverter {
  /// Of the pictures it makes, before they are turned.
  let width: Int
  let height: Int
  private let output: UnsafeMutablePointer<AVFrame>
  private var scaler: OpaquePointer?
  private var layout: Layout?

  /// All that the scaler depends on; a stream may change any of it on its way.
  private struct Layout: Equatable {
    var width: Int32
    var height: Int32
    var format: Int32
    var space: UInt32
    var range: UInt32
    var chroma: UInt32
  }

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    output = av_frame_alloc()
    output.pointee.width = Int32(width)
    output.pointee.height = Int32(height)
    output.pointee.format = AV_PIX_FMT_RGBA.rawValue
    precondition(av_frame_get_buffer(output, 0) >= 0, "no memory for a \(width)×\(height) picture")
  }

  deinit {
    var output = Optional(output)
    av_frame_free(&output)
    sws_freeContext(scaler)
  }

  /// The frame as an upright picture; nil where libav can't convert it.
  func picture(of frame: UnsafeMutablePointer<AVFrame>, turned orientation: PictureOrientation) -> Image<SRGB8>? {
    guard prepare(for: frame), sws_scale_frame(scaler, output, frame) >= 0 else { return nil }
    let (rows, stride) = (UnsafeRawPointer(output.pointee.data.0!), Int(output.pointee.linesize.0))
    let size = orientation.size(ofWidth: width, height: height)
    let pixels = [SRGB8](unsafeUninitializedCapacity: width * height) { pixels, count in
      if orientation == .upright {
        for y in 0..<height {
          UnsafeMutableRawPointer(pixels.baseAddress! + y * width).copyMemory(from: rows + y * stride, byteCount: width * 4)
        }
      } else {
        for y in 0..<size.height {
          for x in 0..<size.width {
            let source = orientation.source(x: x, y: y, in: size)
            pixels[y * size.width + x] = (rows + source.y * stride).load(fromByteOffset: source.x * 4, as: SRGB8.self)
          }
        }
      }
      count = width * height
    }
    return Image(width: size.width, height: size.height, pixels: pixels)
  }

  /// Readies the scaler for frames like this one.
  private func prepare(for frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    let source = frame.pointee
    let wanted = Layout(
      width: source.width, height: source.height, format: source.format, space: source.colorspace.rawValue,
      range: source.color_range.rawValue, chroma: source.chroma_location.rawValue)
    if wanted == layout { return true }
    layout = nil
    sws_freeContext(scaler)
    guard let description = av_pix_fmt_desc_get(AVPixelFormat(rawValue: source.format)) else { return false }

    // Averaging shrinks without aliasing; at equal size the filter acts on the colour planes alone.
    let shrinks = width < source.width || height < source.height
    let filter = shrinks ? SWS_AREA : SWS_BICUBIC
    scaler = makeScaler(
      from: (source.width, source.height, source.format), to: (Int32(width), Int32(height), AV_PIX_FMT_RGBA.rawValue),
      flags: filter | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT,
      chromaSide: "src", chroma: ChromaPosition(of: source.chroma_location, in: description.pointee))
    guard scaler != nil else { return false }
    let coefficients = sws_getCoefficients(Self.matrix(of: source))
    sws_setColorspaceDetails(
      scaler, coefficients, Self.isFullRange(source, description.pointee) ? 1 : 0, coefficients, 1, 0, 1 << 16, 1 << 16)
    layout = wanted
    return true
  }

  private static func matrix(of frame: AVFrame) -> Int32 {
    switch frame.colorspace {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    // JPEG is always BT.601 (JFIF 1.02), however large.
    default: frame.height >= 720 && !isJPEGFormat(frame.format) ? SWS_CS_ITU709 : SWS_CS_ITU601
    }
  }

  private static func isFullRange(_ frame: AVFrame, _ description: AVPixFmtDescriptor) -> Bool {
    if frame.color_range == AVCOL_RANGE_JPEG || isJPEGFormat(frame.format) { return true }
    let isGray = description.nb_components <= 2
    return frame.color_range == AVCOL_RANGE_UNSPECIFIED && isGray
  }

  private static func isJPEGFormat(_ format: Int32) -> Bool {
    let formats = [AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ411P]
    return formats.contains { $0.rawValue == format }
  }
}

/// Where a subsampled colour sample sits between its brightness samples, in 1/256 of their distance.
struct ChromaPosition {
  var horizontal: Int64?
  var vertical: Int64?

  /// MPEG-2's place (left, halfway down) is H.264's default; JPEG's is the middle. nil where a plane isn't subsampled.
  init(of location: AVChromaLocation, in format: AVPixFmtDescriptor) {
    let isCentred = [AVCHROMA_LOC_CENTER, AVCHROMA_LOC_TOP, AVCHROMA_LOC_BOTTOM].contains(location)
    horizontal = format.log2_chroma_w == 1 ? (isCentred ? 128 : 0) : nil
    guard format.log2_chroma_h == 1 else { return }
    switch location {
    case AVCHROMA_LOC_TOPLEFT, AVCHROMA_LOC_TOP: vertical = 0
    case AVCHROMA_LOC_BOTTOMLEFT, AVCHROMA_LOC_BOTTOM: vertical = 256
    default: vertical = 128
    }
  }
}

/// A scaler between two rasters; nil where libav knows no way.
func makeScaler(
  from source: (width: Int32, height: Int32, format: Int32), to result: (width: Int32, height: Int32, format: Int32),
  flags: Int32, chromaSide: String, chroma: ChromaPosition
) -> OpaquePointer? {
  let scaler = sws_alloc_context()
  let object = UnsafeMutableRawPointer(scaler)
  av_opt_set_int(object, "srcw", Int64(source.width), 0)
  av_opt_set_int(object, "srch", Int64(source.height), 0)
  av_opt_set_int(object, "src_format", Int64(source.format), 0)
  av_opt_set_int(object, "dstw", Int64(result.width), 0)
  av_opt_set_int(object, "dsth", Int64(result.height), 0)
  av_opt_set_int(object, "dst_format", Int64(result.format), 0)
  av_opt_set_int(object, "sws_flags", Int64(flags), 0)
  if let horizontal = chroma.horizontal { av_opt_set_int(object, chromaSide + "_h_chr_pos", horizontal, 0) }
  if let vertical = chroma.vertical { av_opt_set_int(object, chromaSide + "_v_chr_pos", vertical, 0) }
  guard sws_init_context(scaler, nil, nil) >= 0 else {
    sws_freeContext(scaler)
    return nil
  }
  return scaler
}
