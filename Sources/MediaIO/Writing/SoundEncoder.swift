import CLibAV
import WorldCore

/// Encodes 48 kHz stereo sound. Sample n is stamped n/48 000; the muxer's edit list hides the encoder's priming.
final class SoundEncoder {
  private let encoder: StreamEncoder
  private let path: String
  private let isPlanar: Bool
  /// Samples the encoder takes at a time.
  private let blockSize: Int
  private var pending: [SIMD2<Float>] = []
  private var position = 0

  init(_ settings: ClipSettings, container: ClipContainer, muxer: Muxer, path: String) throws(MediaError) {
    self.path = path
    encoder = try StreamEncoder(container.soundCodec, muxer: muxer, path: path)
    let codec = encoder.codec
    // AAC takes planes, Opus (whose first choice is 16 bits) takes interleaved floats.
    isPlanar = av_sample_fmt_is_planar(encoder.preferredSampleFormat) == 1
    codec.pointee.sample_fmt = isPlanar ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT
    codec.pointee.sample_rate = Int32(AudioBuffer.standardSampleRate)
    codec.pointee.time_base = AVRational(num: 1, den: Int32(AudioBuffer.standardSampleRate))
    codec.pointee.bit_rate = Int64(settings.soundBitRate)
    av_channel_layout_default(&codec.pointee.ch_layout, 2)
    try encoder.open()
    // WebM declares the priming (CodecDelay) and has its reader subtract it, so its blocks start at 0; mp4 starts before 0 and
    // cuts by an edit list.
    if container == .webm { encoder.delay = Int64(codec.pointee.initial_padding) }
    blockSize = codec.pointee.frame_size > 0 ? Int(codec.pointee.frame_size) : 1024
  }

  func append(_ samples: [SIMD2<Float>]) throws(MediaError) {
    pending += samples
    var start = 0
    while pending.count - start >= blockSize {
      try encode(pending[start..<start + blockSize])
      start += blockSize
    }
    pending.removeFirst(start)
  }

  func finish() throws(MediaError) {
    if !pending.isEmpty { try encode(pending[...]) }
    try encoder.encode(nil)
  }

  private func encode(_ block: ArraySlice<SIMD2<Float>>) throws(MediaError) {
    var frame = av_frame_alloc()
    defer { av_frame_free(&frame) }
    guard let frame else { preconditionFailure("no memory for a block of sound") }
    frame.pointee.format = encoder.codec.pointee.sample_fmt.rawValue
    frame.pointee.sample_rate = encoder.codec.pointee.sample_rate
    frame.pointee.nb_samples = Int32(block.count)
    av_channel_layout_copy(&frame.pointee.ch_layout, &encoder.codec.pointee.ch_layout)
    precondition(av_frame_get_buffer(frame, 0) >= 0, "no memory for a block of sound")
    let left = UnsafeMutableRawPointer(frame.pointee.data.0!).assumingMemoryBound(to: Float.self)
    if isPlanar {
      let right = UnsafeMutableRawPointer(frame.pointee.data.1!).assumingMemoryBound(to: Float.self)
      for (index, sample) in block.enumerated() {
        left[index] = sample.x
        right[index] = sample.y
      }
    } else {
      for (index, sample) in block.enumerated() {
        left[2 * index] = sample.x
        left[2 * index + 1] = sample.y
      }
    }
    frame.pointee.pts = Int64(position)
    position += block.count
    try encoder.encode(frame)
  }
}
