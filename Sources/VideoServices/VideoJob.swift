/// A clip that a server makes: the `video` object of `/v1/videos`.
public struct VideoJob: Sendable, Equatable, Codable {
  public enum Status: String, Sendable, Codable {
    case queued
    case inProgress = "in_progress"
    case completed, failed
  }

  /// Why a job failed.
  public struct Failure: Sendable, Equatable, Codable {
    public var code: String?
    public var message: String?
  }

  public var id: String
  public var status: Status
  /// 0…100.
  public var progress: Int?
  public var error: Failure?
}

/// What is asked of a server.
public struct VideoRequest: Sendable, Equatable {
  public var prompt: String
  public var model: String?
  /// Seconds, sent as text, as the format wants it.
  public var seconds: String
  /// `WIDTHxHEIGHT`.
  public var size: String
  /// A PNG that the clip begins with.
  public var firstFrame: [UInt8]?

  public init(prompt: String, model: String? = nil, seconds: String, size: String, firstFrame: [UInt8]? = nil) {
    self.prompt = prompt
    self.model = model
    self.seconds = seconds
    self.size = size
    self.firstFrame = firstFrame
  }
}
