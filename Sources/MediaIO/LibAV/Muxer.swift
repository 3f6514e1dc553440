import CLibAV

/// Puts encoded packets of several streams into one file.
final class Muxer {
  let context: UnsafeMutablePointer<AVFormatContext>
  /// For error messages: the name the file will have.
  private let path: String
  private var isOpen = true

  /// - Parameters:
  ///   - format: FFmpeg's name of the container.
  ///   - temporaryPath: The file that is written.
  init(format: String, temporaryPath: String, path: String) throws(MediaError) {
    self.path = path
    LibAVLog.clear()
    var created: UnsafeMutablePointer<AVFormatContext>?
    let code = avformat_alloc_output_context2(&created, nil, format, "file:" + temporaryPath)
    guard code >= 0, let created else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
    context = created
    // Neither the date nor the program's version goes into the file: the same input gives the same bytes.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
    // Stamps before 0 are the encoders' priming, which the containers declare and players skip; shifting everything until
    // none is left would show the first frame late.
    context.pointee.avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED
    let opened = avio_open(&context.pointee.pb, "file:" + temporaryPath, AVIO_FLAG_WRITE)
    guard opened >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: opened)) }
  }

  deinit {
    if isOpen { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  var needsGlobalHeaders: Bool { context.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 }

  func addStream(for codec: UnsafeMutablePointer<AVCodecContext>) -> UnsafeMutablePointer<AVStream> {
    let stream = avformat_new_stream(context, nil)!
    avcodec_parameters_from_context(stream.pointee.codecpar, codec)
    stream.pointee.time_base = codec.pointee.time_base
    stream.pointee.avg_frame_rate = codec.pointee.framerate
    return stream
  }

  /// Call when all streams are added. The index goes to the front of an mp4, so that it plays while it loads.
  func writeHeader() throws(MediaError) {
    LibAVLog.clear()
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    av_dict_set(&options, "movflags", "+faststart", 0)
    let code = avformat_write_header(context, &options)
    guard code >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
  }

  /// Takes over the packet's data. Packets of all streams are put in order of time.
  func write(
    _ packet: UnsafeMutablePointer<AVPacket>, of stream: UnsafeMutablePointer<AVStream>, timeBase: AVRational
  ) throws(MediaError) {
    av_packet_rescale_ts(packet, timeBase, stream.pointee.time_base)
    packet.pointee.stream_index = stream.pointee.index
    let code = av_interleaved_write_frame(context, packet)
    guard code >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: code)) }
  }

  /// Writes the index and closes the file.
  func finish() throws(MediaError) {
    LibAVLog.clear()
    let code = av_write_trailer(context)
    isOpen = false
    let closed = avio_closep(&context.pointee.pb)
    guard code >= 0, closed >= 0 else { throw .encoding(path, detail: LibAVLog.explanation(of: min(code, closed))) }
  }
}
