extension SoundEvidence {
  /// What is heard in a clip; nil where it has no sound, or none that can be decoded.
  ///
  /// Streams the sound once.
  ///
  /// - Parameters:
  ///   - path: of the clip.
  ///   - start: time of the first frame on the file's clock, s.
  /// - Throws: `TrackingError` where the vision library's transform fails.
  public static func heard(in path: String, startingAt start: Double) throws(TrackingError) -> SoundEvidence? {
    guard let reader = try? AudioReader(path: path) else { return nil }
    var detector = OnsetDetector()
    // What follows a stretch that can't be decoded isn't known to be anything.
    while let chunk = try? reader.nextChunk() { try detector.add(chunk) }
    return try detector.finish(startingAt: start)
  }
}
