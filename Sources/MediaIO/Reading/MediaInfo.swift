import CLibAV

/// What a media file says about itself, learned without decoding it.
public struct MediaInfo: Sendable, Equatable {
  /// FFmpeg's short names of the container, as `mov,mp4,m4a,3gp,3g2,mj2`.
  public var container: String
  /// Seconds; nil where the container doesn't say.
  public var duration: Double?
  public var video: Video?
  public var audio: Audio?

  public struct Video: Sendable, Equatable {
    /// FFmpeg's name, as `h264`.
    public var codec: String
    /// In square pixels and upright: the sample aspect ratio and the display rotation are applied.
    public var width: Int
    public var height: Int
    /// The container's nominal rate; nil where it has none. Only the frames' own times tell what a variable rate does.
    public var framesPerSecond: Double?
    /// The number of stored frames, where the container counts them; an edit list may show fewer.
    public var frameCount: Int?
    /// Seconds.
    public var duration: Double?
  }

  public struct Audio: Sendable, Equatable {
    public var codec: String
    /// As stored; `AudioReader` gives 48 kHz stereo whatever this is.
    public var sampleRate: Int
    public var channels: Int
    /// Seconds.
    public var duration: Double?
  }

  /// Reads the headers of the file. Throws where it is missing, empty, unreadable or no media file.
  public init(path: String) throws(MediaError) { self.init(of: try Demuxer(path: path)) }

  init(of demuxer: Demuxer) {
    container = String(cString: demuxer.context.pointee.iformat.pointee.name)
    duration = demuxer.duration
    video = demuxer.bestStream(AVMEDIA_TYPE_VIDEO).map { Video(of: $0, in: demuxer) }
    audio = demuxer.bestStream(AVMEDIA_TYPE_AUDIO).map { Audio(of: $0) }
  }
}

extension MediaInfo.Video {
  init(of stream: UnsafeMutablePointer<AVStream>, in demuxer: Demuxer) {
    let parameters = stream.pointee.codecpar.pointee
    codec = String(cString: avcodec_get_name(parameters.codec_id))
    let stored = Self.squarePixelSize(of: stream, in: demuxer)
    (width, height) = PictureOrientation(of: stream).size(ofWidth: stored.width, height: stored.height)
    let rate = av_guess_frame_rate(demuxer.context, stream, nil)
    framesPerSecond = rate.isPositive ? rate.value : nil
    frameCount = stream.pointee.nb_frames > 0 ? Int(stream.pointee.nb_frames) : nil
    let ticks = stream.pointee.duration
    duration = ticks == clibav_no_timestamp || ticks <= 0 ? demuxer.duration : stream.pointee.time_base.seconds(ticks)
  }

  /// The raster in square pixels, not yet turned. One side is stretched, none shrunk, so that no detail is lost.
  static func squarePixelSize(of stream: UnsafeMutablePointer<AVStream>, in demuxer: Demuxer) -> (width: Int, height: Int) {
    let parameters = stream.pointee.codecpar.pointee
    let (width, height) = (Int(parameters.width), Int(parameters.height))
    let aspect = av_guess_sample_aspect_ratio(demuxer.context, stream, nil)
    // A ratio beyond 16 is a mistake of the file, not a lens.
    guard aspect.isPositive, (1.0 / 16...16).contains(aspect.value) else { return (width, height) }
    return aspect.value >= 1
      ? (Int((Double(width) * aspect.value).rounded()), height) : (width, Int((Double(height) / aspect.value).rounded()))
  }
}

extension MediaInfo.Audio {
  init(of stream: UnsafeMutablePointer<AVStream>) {
    let parameters = stream.pointee.codecpar.pointee
    codec = String(cString: avcodec_get_name(parameters.codec_id))
    sampleRate = Int(parameters.sample_rate)
    channels = Int(parameters.ch_layout.nb_channels)
    let ticks = stream.pointee.duration
    duration = ticks == clibav_no_timestamp || ticks <= 0 ? nil : stream.pointee.time_base.seconds(ticks)
  }
}
