public import WorldCore

extension ClipGenerator {
  public struct Options: Sendable {
    /// Questions to the network for each stretch of time; none shows what the network would add to.
    public var steps = 2
    public var seed: UInt64 = 0
    /// Pictures that the clip begins with, of the conditions' size: a first frame, or a clip that is to go on.
    public var given: [Image<SRGB8>] = []
    /// Pictures that are given further on, of the same size, by their frame.
    public var keyframes: [Int: Image<SRGB8>] = [:]
    /// The sound that belongs to those at the beginning.
    public var givenSound: AudioBuffer?
    /// Deviation of the noise that clips are denoised from, 0 … 1: less makes tamer ones, nearer to the mean of all that could
    /// be. nil: 1, and `baseTemperature` for what adds to a shaded view or a drawn sound.
    public var temperature: Double?
    /// Conditions that are left out.
    public var without: Set<Condition> = []
    /// Strengths of conditions, in the order in which they come in; what isn't named is followed as it was trained. Each that
    /// isn't 1 asks the network once more a step.
    public var guidance: [(condition: Condition, scale: Double)] = []

    public init() {}
  }

  /// What the network is told. The plain view can only be left out: without it other numbers are denoised.
  public enum Condition: String, CaseIterable, Sendable { case plainView, controls, motion, words }

  /// How far the work has come.
  public struct Progress {
    /// Stretches done and in all, and steps done and in all of the one that is under way.
    public var stretch, stretches, step, steps: Int
    /// The middle frame of the stretch as it stands.
    public let preview: () -> Image<SRGB8>
  }
}
