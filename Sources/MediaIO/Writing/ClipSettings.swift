/// How a clip is encoded.
public struct ClipSettings: Sendable, Equatable {
  /// Pixels; both even, because 4:2:0 video stores colour for 2×2 pixels at a time.
  public var width: Int
  public var height: Int
  /// Frame k is shown at k/framesPerSecond.
  public var framesPerSecond: Double
  /// Whether the clip has a sound track.
  public var hasSound: Bool
  /// H.264: 0 lossless … 18 hardly told from the original … 51 worst. VP9's scale lies some 10 higher; it is taken to 51 too.
  public var constantRateFactor: Double
  /// The encoder's effort: slower makes smaller files of the same look.
  public var effort: Effort
  /// Bits per second of both channels together.
  public var soundBitRate: Int

  public enum Effort: String, Sendable, CaseIterable { case ultrafast, veryfast, fast, medium, slow }

  public init(
    width: Int, height: Int, framesPerSecond: Double, hasSound: Bool = true, constantRateFactor: Double = 18,
    effort: Effort = .medium, soundBitRate: Int = 192_000
  ) {
    self.width = width
    self.height = height
    self.framesPerSecond = framesPerSecond
    self.hasSound = hasSound
    self.constantRateFactor = constantRateFactor
    self.effort = effort
    self.soundBitRate = soundBitRate
  }

  /// H.264's largest picture in libx264.
  static let largestSide = 16_384

  /// Throws `badSettings` where a setting is out of its range.
  func validate(for path: String) throws(MediaError) {
    guard (2...Self.largestSide).contains(width), (2...Self.largestSide).contains(height) else {
      throw .badSettings(
        path, problem: "a clip of \(width)×\(height) pixels cannot be encoded",
        remedy: "choose sides of 2 to \(Self.largestSide) pixels")
    }
    guard width.isMultiple(of: 2), height.isMultiple(of: 2) else {
      let near = "\(width + width % 2)×\(height + height % 2)"
      throw .badSettings(
        path, problem: "a clip of \(width)×\(height) pixels has an odd side, which 4:2:0 video cannot store",
        remedy: "choose \(near), for example")
    }
    guard framesPerSecond.isFinite, (0.1...1000).contains(framesPerSecond) else {
      throw .badSettings(
        path, problem: "\(framesPerSecond) frames per second cannot be encoded", remedy: "choose 0.1 to 1000")
    }
    guard (0...51).contains(constantRateFactor) else {
      throw .badSettings(
        path, problem: "a constant rate factor of \(constantRateFactor) is out of range",
        remedy: "choose 0 (lossless) to 51 (worst)")
    }
    guard (16_000...512_000).contains(soundBitRate) else {
      throw .badSettings(
        path, problem: "\(soundBitRate) bit/s is no bit rate for stereo sound", remedy: "choose 16000 to 512000")
    }
  }
}

/// What a clip's file name says about its form.
enum ClipContainer {
  /// H.264 and AAC.
  case mp4, mov
  /// VP9 and Opus.
  case webm

  init(path: String) throws(MediaError) {
    switch path.split(separator: "/").last?.split(separator: ".").last?.lowercased() {
    case "mp4", "m4v": self = .mp4
    case "mov": self = .mov
    case "webm": self = .webm
    default:
      throw .badSettings(
        path, problem: "the file name doesn't say what kind of clip to write", remedy: "end it in .mp4, .mov or .webm")
    }
  }

  var muxer: String {
    switch self {
    case .mp4: "mp4"
    case .mov: "mov"
    case .webm: "webm"
    }
  }

  var videoCodec: String { self == .webm ? "libvpx-vp9" : "libx264" }
  var soundCodec: String { self == .webm ? "libopus" : "aac" }
}
