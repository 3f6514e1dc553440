import CLibAV

/// Encodes one stream of a clip and hands its packets to the muxer.
final class StreamEncoder {
  let codec: UnsafeMutablePointer<AVCodecContext>
  /// Added to every stamp, in the codec's time base.
  var delay: Int64 = 0
  private let encoder: UnsafePointer<AVCodec>
  private let path: String
  private let packet: UnsafeMutablePointer<AVPacket>
  private var stream: UnsafeMutablePointer<AVStream>?
  private let muxer: Muxer

  init(_ name: String, muxer: Muxer, path: String) throws(MediaError) {
    guard let encoder = avcodec_find_encoder_by_name(name) else {
      throw .encoding(path, detail: "this FFmpeg has no encoder \(name)")
    }
    self.encoder = encoder
    self.muxer = muxer
    self.path = path
    codec = avcodec_alloc_context3(encoder)
    packet = av_packet_alloc()
    codec.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if muxer.needsGlobalHeaders { codec.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
  }

  deinit {
    var (codec, packet) = (Optional(codec), Optional(packet))
    avcodec_free_context(&codec)
    av_packet_free(&packet)
  }

  /// An option of the encoder's own, as `crf`.
  func set(_ option: String, _ value: String) { av_opt_set(codec.pointee.priv_data, option, value, 0) }

  /// The first sample format that the encoder takes.
  var preferredSampleFormat: AVSampleFormat { encoder.pointee.sample_fmts?.pointee ?? AV_SAMPLE_FMT_FLTP }

  /// Call when all settings are made.
  func open() throws(MediaError) {
    LibAVLog.clear()
    let code = avcodec_open2(codec, encoder, nil)
    guard code >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
    stream = muxer.addStream(for: codec)
  }

  /// Encodes one frame, or with nil what the encoder still holds back.
  func encode(_ frame: UnsafeMutablePointer<AVFrame>?) throws(MediaError) {
    LibAVLog.clear()
    let sent = avcodec_send_frame(codec, frame)
    guard sent >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: sent)) }
    while true {
      let received = avcodec_receive_packet(codec, packet)
      if received == clibav_error_again || received == clibav_error_end_of_file { return }
      guard received >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: received)) }
      packet.pointee.pts += delay
      packet.pointee.dts += delay
      try muxer.write(packet, of: stream!, timeBase: codec.pointee.time_base)
    }
  }
}
