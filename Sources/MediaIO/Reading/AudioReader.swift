import CLibAV
public import WorldCore

/// Decodes the sound of any file that FFmpeg reads to 48 kHz stereo, chunk by chunk, in constant memory.
///
/// Laid end to end, the chunks put sample n at n/48 000 s on the clip's clock: the encoder's priming is cut away, edit
/// lists are followed, a late start and gaps are filled with silence. Read once, from the start, by one task.
public final class AudioReader {
  public let path: String
  public let info: MediaInfo

  private let decoder: StreamDecoder
  private var resampler: StereoResampler?
  /// Samples given out so far.
  private var position = 0
  /// Seconds at which the next frame is due if nothing is missing.
  private var expectedTime: Double?
  /// Samples still to be cut because they lie before what was given out.
  private var overlap = 0
  private var isFinished = false

  /// Timestamps are rounded (to 1 ms in Matroska); only a larger jump is a gap or an overlap.
  private static let gapTolerance = 0.01
  /// No gap is filled beyond this: a clock that jumps by more is broken.
  private static let largestGap = 3600.0

  public init(path: String) throws(MediaError) {
    let demuxer = try Demuxer(path: path)
    guard let stream = demuxer.bestStream(AVMEDIA_TYPE_AUDIO) else { throw .noAudio(path) }
    self.path = path
    info = MediaInfo(of: demuxer)
    decoder = try StreamDecoder(stream, of: demuxer)
  }

  /// The next samples, as many as one stored packet holds; nil after the last.
  ///
  /// A damaged file gives what can be decoded; `damage` then says what was lost. Throws where nothing can be.
  public func nextChunk() throws(MediaError) -> AudioBuffer? {
    while !isFinished {
      let samples: [SIMD2<Float>]
      if try decoder.advance() {
        samples = try convertFrame()
      } else {
        isFinished = true
        samples = resampler?.convert(nil, count: 0) ?? []
      }
      guard !samples.isEmpty else { continue }
      position += samples.count
      return AudioBuffer(samples: samples)
    }
    return nil
  }

  /// All the sound of a file, or its first seconds. An hour takes 1.4 GB: for long clips read chunks.
  public static func readAll(path: String, seconds: Double = .infinity) throws(MediaError) -> AudioBuffer {
    let reader = try AudioReader(path: path)
    var whole = AudioBuffer(samples: [])
    let most = seconds * Double(whole.sampleRate)
    while Double(whole.samples.count) < most, let chunk = try reader.nextChunk() { whole.samples += chunk.samples }
    if Double(whole.samples.count) > most { whole.samples.removeLast(whole.samples.count - Int(most)) }
    return whole
  }

  /// What was wrong with the file, known once the last chunk is read; nil for a sound file.
  public var damage: MediaDamage? {
    guard isFinished else { return nil }
    let end = Double(position) / Double(AudioBuffer.standardSampleRate)
    return MediaDamage(of: decoder, end: end, promised: decoder.streamDuration, unit: "packets of sound", step: 0.05)
  }

  /// The decoded frame on the output's clock: gaps before it as silence, overlaps cut.
  private func convertFrame() throws(MediaError) -> [SIMD2<Float>] {
    let frame = decoder.frame
    var samples: [SIMD2<Float>] = []
    if let resampler, !resampler.accepts(frame) {
      samples += resampler.convert(nil, count: 0)
      self.resampler = nil
    }
    // A time out of all reason, as a damaged file has it, is none.
    let told = decoder.frameTime.flatMap { abs($0) < 1e9 ? $0 : nil }
    let time = told ?? expectedTime ?? 0
    if abs(time - (expectedTime ?? .infinity)) > Self.gapTolerance {
      // What the filter still holds belongs before the jump.
      samples += resampler?.convert(nil, count: 0) ?? []
      resampler = nil
      let due = Int((time * Double(AudioBuffer.standardSampleRate)).rounded())
      let gap = due - (position + samples.count)
      if gap > 0 && time < Self.largestGap + Double(position) / Double(AudioBuffer.standardSampleRate) {
        samples += Array(repeating: .zero, count: gap)
      }
      overlap = max(0, -gap)
    }
    if resampler == nil { resampler = StereoResampler(for: frame) }
    guard let resampler else { throw .unsupported(path, what: "sound of the kind this clip has") }

    // The last packet of a stream is padded; its duration says how much of it is meant.
    let rate = Double(max(1, frame.pointee.sample_rate))
    var count = Int(frame.pointee.nb_samples)
    if let duration = decoder.frameDuration, Double(decoder.stream.pointee.time_base.den) >= rate {
      count = min(count, Int((duration * rate).rounded()))
    }
    expectedTime = time + Double(count) / rate
    let converted = resampler.convert(frame, count: count)
    samples += converted.dropFirst(overlap)
    overlap = max(0, overlap - converted.count)
    return samples
  }
}
