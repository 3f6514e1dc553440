import Foundation

/// A clip that didn't come, or came as something that is no clip. The others are judged all the same; the next run asks for it again.
public struct ClipFailure: Sendable, Codable, Equatable {
  public var name: String
  public var seed: UInt64
  public var generator: String
  /// In a sentence.
  public var reason: String
}

extension ClipFailure {
  /// Whether an error speaks of one clip alone: a server that isn't there, or knows no key, speaks of all.
  static func concernsOneClip(_ error: any Error) -> Bool {
    switch error {
    case VideoServiceError.failed, VideoServiceError.slow: true
    case VideoServiceError.refused(let status, _): (400..<500).contains(status) && ![401, 403, 404, 429].contains(status)
    case EvaluationError.missingClip: true
    case let error as MediaError: unreadable.contains(error.code)
    case is TrackingError: true
    default: false
    }
  }

  private static let unreadable: Set<MediaError.Code> = [
    .emptyFile, .notMedia, .noVideo, .unsupported, .undecodable, .unreadable,
  ]
}
