import CLibAV

/// Decodes one stream of a file, frame by frame, as far as the file goes.
final class StreamDecoder {
  let demuxer: Demuxer
  let stream: UnsafeMutablePointer<AVStream>
  /// The frame that `advance()` decoded last.
  let frame: UnsafeMutablePointer<AVFrame>
  private let codec: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private var isDraining = false

  private(set) var framesDecoded = 0
  /// Packets that were cut or that the decoder refused.
  private(set) var damagedPackets = 0
  /// Why reading stopped before the end of the file, in libav's words.
  private(set) var breakOff: String?

  /// Two threads suffice for any clip the judge sees, and leave the rest of the machine alone.
  private static let threads: Int32 = 2
  /// A header may claim any size; beyond 16 384² pixels no memory is set aside.
  private static let maximumPixels: Int64 = 16_384 * 16_384

  init(_ stream: UnsafeMutablePointer<AVStream>, of demuxer: Demuxer) throws(MediaError) {
    self.demuxer = demuxer
    self.stream = stream
    let parameters = stream.pointee.codecpar!
    let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
    guard let decoder = avcodec_find_decoder(parameters.pointee.codec_id) else {
      throw .unsupported(demuxer.path, what: "\(name) streams")
    }
    codec = avcodec_alloc_context3(decoder)
    frame = av_frame_alloc()
    packet = av_packet_alloc()
    LibAVLog.clear()
    avcodec_parameters_to_context(codec, parameters)
    codec.pointee.pkt_timebase = stream.pointee.time_base
    codec.pointee.thread_count = Self.threads
    codec.pointee.max_pixels = Self.maximumPixels
    let code = avcodec_open2(codec, decoder, nil)
    guard code >= 0 else {
      throw .unsupported(demuxer.path, what: "this \(name) stream (\(LibAVLog.explanation(of: code)))")
    }
    // Packets of other streams are skipped unread.
    for index in 0..<Int(demuxer.context.pointee.nb_streams) where demuxer.context.pointee.streams[index] != stream {
      demuxer.context.pointee.streams[index]!.pointee.discard = AVDISCARD_ALL
    }
  }

  deinit {
    var (codec, frame, packet) = (Optional(codec), Optional(frame), Optional(packet))
    avcodec_free_context(&codec)
    av_frame_free(&frame)
    av_packet_free(&packet)
  }

  /// Decodes the next frame into `frame`; false at the end. Damaged stretches are counted and passed over.
  ///
  /// Throws `undecodable` where the whole stream yields nothing.
  func advance() throws(MediaError) -> Bool {
    var failure: Int32 = 0
    while true {
      let received = avcodec_receive_frame(codec, frame)
      if received >= 0 {
        framesDecoded += 1
        return true
      }
      if received == clibav_error_end_of_file {
        if framesDecoded == 0 { throw .undecodable(demuxer.path, detail: breakOff ?? LibAVLog.explanation(of: failure)) }
        return false
      }
      if received != clibav_error_again {
        damagedPackets += 1
        failure = received
        continue
      }
      let sent = feed()
      if sent < 0 {
        damagedPackets += 1
        failure = sent
      }
    }
  }

  /// Hands the decoder the stream's next packet, or the end.
  private func feed() -> Int32 {
    while !isDraining {
      LibAVLog.clear()
      let read = av_read_frame(demuxer.context, packet)
      if read < 0 {
        // Some demuxers call a file that ends too soon an ordinary end, and say so only in the log.
        breakOff = read == clibav_error_end_of_file ? LibAVLog.firstWords() : LibAVLog.explanation(of: read)
        if breakOff == nil, demuxer.endsWithinPacket { breakOff = "within a transport packet" }
        break
      }
      defer { av_packet_unref(packet) }
      guard packet.pointee.stream_index == stream.pointee.index else { continue }
      if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { damagedPackets += 1 }
      return avcodec_send_packet(codec, packet)
    }
    isDraining = true
    let sent = avcodec_send_packet(codec, nil)
    return sent == clibav_error_end_of_file ? 0 : sent
  }

  /// Seconds at which the current frame is due, on the clip's clock; nil where the file doesn't say.
  var frameTime: Double? {
    let ticks = frame.pointee.best_effort_timestamp
    return ticks == clibav_no_timestamp ? nil : stream.pointee.time_base.seconds(ticks) - demuxer.clockOrigin
  }

  /// Seconds; nil where the file doesn't say.
  var frameDuration: Double? {
    frame.pointee.pkt_duration > 0 ? stream.pointee.time_base.seconds(frame.pointee.pkt_duration) : nil
  }

  /// Seconds; nil where the file doesn't say.
  var streamDuration: Double? {
    let ticks = stream.pointee.duration
    return ticks == clibav_no_timestamp || ticks <= 0 ? nil : stream.pointee.time_base.seconds(ticks)
  }
}
