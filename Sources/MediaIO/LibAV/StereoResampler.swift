import CLibAV
import WorldCore

/// Turns decoded sound of any rate, layout and sample format into 48 kHz stereo.
///
/// Its filter is centred: what sounds at a time in the input sounds at that time in the output. One channel goes to both
/// sides at full level; more than two are mixed down by libav's standard matrix, scaled so that it can't clip.
final class StereoResampler {
  private let resampler: OpaquePointer
  private let format: Format

  struct Format: Equatable {
    var sampleRate: Int32
    var channels: Int32
    var sampleFormat: Int32
  }

  /// nil where libav knows no way.
  init?(for frame: UnsafeMutablePointer<AVFrame>) {
    format = Self.format(of: frame)
    var input = frame.pointee.ch_layout
    // Some files count channels without saying where they belong.
    if input.order == AV_CHANNEL_ORDER_UNSPEC { av_channel_layout_default(&input, input.nb_channels) }
    var stereo = AVChannelLayout()
    av_channel_layout_default(&stereo, 2)
    var created: OpaquePointer?
    swr_alloc_set_opts2(
      &created, &stereo, AV_SAMPLE_FMT_FLT, Int32(AudioBuffer.standardSampleRate), &input,
      AVSampleFormat(rawValue: format.sampleFormat), format.sampleRate, 0, nil)
    guard let created else { return nil }
    if input.nb_channels == 1 { swr_set_matrix(created, [1, 1], 1) }
    guard swr_init(created) >= 0 else {
      var freed = Optional(created)
      swr_free(&freed)
      return nil
    }
    resampler = created
  }

  deinit {
    var freed = Optional(resampler)
    swr_free(&freed)
  }

  func accepts(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool { format == Self.format(of: frame) }

  /// Converts the first `count` samples of the frame; nil drains what the filter still holds.
  func convert(_ frame: UnsafeMutablePointer<AVFrame>?, count: Int) -> [SIMD2<Float>] {
    let capacity = max(0, Int(swr_get_out_samples(resampler, Int32(count))))
    return [SIMD2<Float>](unsafeUninitializedCapacity: capacity) { samples, written in
      let converted = samples.withMemoryRebound(to: UInt8.self) { bytes -> Int32 in
        var output = bytes.baseAddress
        guard let frame else { return swr_convert(resampler, &output, Int32(capacity), nil, 0) }
        let planes = UnsafeMutableRawPointer(frame.pointee.extended_data!).assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
        return swr_convert(resampler, &output, Int32(capacity), planes, Int32(count))
      }
      written = max(0, Int(converted))
    }
  }

  private static func format(of frame: UnsafeMutablePointer<AVFrame>) -> Format {
    Format(
      sampleRate: frame.pointee.sample_rate, channels: frame.pointee.ch_layout.nb_channels, sampleFormat: frame.pointee.format)
  }
}
