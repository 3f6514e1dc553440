public import WorldCore

/// Writes a clip as it is made: frames and sound are encoded as they come, in constant memory.
///
/// `.mp4` and `.mov` hold H.264 and AAC, `.webm` VP9 and Opus. Frame k is shown at k/fps and sample n of the sound is heard
/// at n/48 000 s (in `.webm` rounded to 1 ms, as Matroska keeps time). The file appears under its name when `finish()` returns,
/// and not before: a writer that fails, goes away or is killed leaves nothing there. The same frames and samples give the same
/// bytes. For one task at a time.
///
/// Append sound along with the frames it belongs to: packets wait in memory for those of the other stream.
public final class ClipWriter {
  public let path: String
  public let settings: ClipSettings

  private let file: AtomicFile
  private let muxer: Muxer
  private let pictures: PictureEncoder
  private let sound: SoundEncoder?
  private var state = State.open
  private enum State { case open, failed, finished }

  /// Throws `badSettings` for a setting out of range or a name with an unknown ending, `unwritable` where the file can't be
  /// made.
  public init(path: String, settings: ClipSettings) throws(MediaError) {
    self.path = path
    self.settings = settings
    try settings.validate(for: path)
    let container = try ClipContainer(path: path)
    do { file = try AtomicFile(path: path) } catch { throw .unwritable(error) }
    muxer = try Muxer(format: container.muxer, temporaryPath: file.temporaryPath, path: path)
    pictures = try PictureEncoder(settings, container: container, muxer: muxer, path: path)
    sound = settings.hasSound ? try SoundEncoder(settings, container: container, muxer: muxer, path: path) : nil
    try muxer.writeHeader()
  }

  /// Frames appended so far.
  public var frameCount: Int { pictures.frameCount }

  /// Appends the next frame; alpha is ignored. Throws `wrongSize` where it isn't of the clip's size.
  public func append(_ frame: Image<SRGB8>) throws(MediaError) {
    guard frame.width == settings.width, frame.height == settings.height else {
      throw .wrongSize(
        path, problem: "frame \(frameCount) is \(frame.width)×\(frame.height), the clip \(settings.width)×\(settings.height)",
        remedy: "give every frame the clip's size")
    }
    try attempt { () throws(MediaError) in try pictures.append(frame) }
  }

  /// Appends the next stretch of sound, of any length. Throws `badSettings` where it isn't at 48 kHz, or has values that
  /// are no finite numbers.
  public func append(_ stretch: AudioBuffer) throws(MediaError) {
    guard let sound else {
      throw .badSettings(path, problem: "the clip was begun without sound", remedy: "set hasSound")
    }
    guard stretch.sampleRate == AudioBuffer.standardSampleRate else {
      throw .badSettings(
        path, problem: "the sound has \(stretch.sampleRate) samples per second",
        remedy: "resample it to \(AudioBuffer.standardSampleRate)")
    }
    if let index = stretch.samples.firstIndex(where: { !$0.x.isFinite || !$0.y.isFinite }) {
      throw .badSettings(path, problem: "sample \(index) of the sound is no finite number", remedy: "mend its synthesis")
    }
    try attempt { () throws(MediaError) in try sound.append(stretch.samples) }
  }

  /// Encodes what is held back, writes the index and puts the file under its name.
  public func finish() throws(MediaError) {
    guard frameCount > 0 else {
      throw .badSettings(path, problem: "the clip has no frames", remedy: "append at least one before finishing")
    }
    try attempt { () throws(MediaError) in
      try pictures.finish()
      try sound?.finish()
      try muxer.finish()
      try commit()
    }
    state = .finished
  }

  private func commit() throws(MediaError) {
    do { try file.commit() } catch { throw .unwritable(error) }
  }

  /// Runs a step of the encoding; after one that failed nothing more is accepted.
  private func attempt(_ step: () throws(MediaError) -> Void) throws(MediaError) {
    precondition(state != .finished, "a finished clip takes no more")
    guard state == .open else {
      throw .encoding(path, detail: "an earlier step failed")
    }
    do { try step() } catch {
      state = .failed
      throw error
    }
  }
}
