/// What a clip's sound tells a judge: where something begins to sound, how loud it is, and how loud it had to be.
public struct SoundEvidence: Sendable, Equatable, Codable {
  /// The beginning of a sound that stands out of what was heard before.
  public struct Onset: Sendable, Equatable, Codable {
    /// Seconds on the clip's clock, whose zero is the first frame.
    public var time: Double
    /// Standard deviation of `time`, s.
    public var timeDeviation: Double
    /// Mean power of its first 30 ms beyond what was heard before, dB of full scale.
    public var level: Double

    public init(time: Double, timeDeviation: Double, level: Double) {
      self.time = time
      self.timeDeviation = timeDeviation
      self.level = level
    }
  }

  /// In order of time.
  public var onsets: [Onset]
  /// Seconds: where the sound begins and ends.
  public var span: ClosedRange<Double>
  /// What was heard at the end of each step from the beginning on: mean power over the last 30 ms, dB of full scale.
  public var background: [Double]
  /// Seconds between entries of `background`.
  public var step: Double
  /// Nothing but digital silence: the clip has a sound track and no sound.
  public var isSilent: Bool

  public init(onsets: [Onset], span: ClosedRange<Double>, background: [Double], step: Double, isSilent: Bool) {
    precondition(step > 0, "steps of the background are positive, not \(step)")
    self.onsets = onsets
    self.span = span
    self.background = background
    self.step = step
    self.isSilent = isSilent
  }

  /// A beginning louder than this stands out at a time, dB of full scale: as loud as what is heard already.
  public func threshold(at time: Double) -> Double {
    guard !background.isEmpty else { return Self.silence }
    let index = Int(((time - span.lowerBound) / step).rounded())
    return background[min(max(index, 0), background.count - 1)]
  }

  /// Quieter is nothing: one step of 16 bits, dB of full scale.
  public static let silence = -90.0
}
