import WorldCore

/// A clip, sound or picture could not be read or written: what happened, to which file, and what to do.
public struct MediaError: Error, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable, CaseIterable {
    case fileNotFound, unreadable, emptyFile, notMedia, noVideo, noAudio, unsupported, undecodable
    case unwritable, badSettings, wrongSize, encoding
  }

  public var code: Code
  /// As the caller gave it; empty where no file is concerned.
  public var path: String
  /// What happened, in a sentence without its full stop.
  public var problem: String
  /// What the user can do.
  public var remedy: String

  public var description: String { (path.isEmpty ? "" : "\(path): ") + "\(problem); \(remedy)" }
}

extension MediaError {
  static func fileNotFound(_ path: String) -> MediaError {
    MediaError(code: .fileNotFound, path: path, problem: "no such file", remedy: "check the path")
  }

  static func unreadable(_ path: String, reason: String) -> MediaError {
    MediaError(
      code: .unreadable, path: path, problem: "cannot be read: \(reason)", remedy: "check the path and its permissions")
  }

  static func emptyFile(_ path: String) -> MediaError {
    MediaError(code: .emptyFile, path: path, problem: "the file is empty (0 bytes)", remedy: "record or download it again")
  }

  static func notMedia(_ path: String, detail: String) -> MediaError {
    MediaError(
      code: .notMedia, path: path, problem: "not a video, sound or picture that FFmpeg can open (\(detail))",
      remedy: "give an mp4, webm, mov, avi, gif, png, jpeg or wav file; a download that was cut short may need to be repeated")
  }

  static func noVideo(_ path: String) -> MediaError {
    MediaError(code: .noVideo, path: path, problem: "the file has no moving picture", remedy: "give a clip that has one")
  }

  static func noAudio(_ path: String) -> MediaError {
    MediaError(code: .noAudio, path: path, problem: "the file has no sound", remedy: "give a clip that has some")
  }

  static func unsupported(_ path: String, what: String) -> MediaError {
    MediaError(
      code: .unsupported, path: path, problem: "this FFmpeg cannot decode \(what)", remedy: "convert the file to H.264 in mp4")
  }

  /// - Parameter pixels: of all frames, at most, that are kept at once.
  package static func tooLarge(_ path: String, pixels: Int) -> MediaError {
    MediaError(
      code: .unsupported, path: path, problem: "the clip has more than \(pixels / 1_000_000) million pixels in all",
      remedy: "make it smaller or shorter")
  }

  static func undecodable(_ path: String, detail: String) -> MediaError {
    MediaError(
      code: .undecodable, path: path, problem: "nothing in the file could be decoded (\(detail))",
      remedy: "the file is damaged: record or download it again")
  }

  static func unwritable(_ error: FileError) -> MediaError {
    MediaError(
      code: .unwritable, path: error.path, problem: "cannot \(error.operation.rawValue) the file: \(error.reason)",
      remedy: error.remedy)
  }

  static func badSettings(_ path: String, problem: String, remedy: String) -> MediaError {
    MediaError(code: .badSettings, path: path, problem: problem, remedy: remedy)
  }

  static func wrongSize(_ path: String, problem: String, remedy: String) -> MediaError {
    MediaError(code: .wrongSize, path: path, problem: problem, remedy: remedy)
  }

  static func encoding(_ path: String, detail: String) -> MediaError {
    MediaError(
      code: .encoding, path: path, problem: "FFmpeg could not encode or write (\(detail))",
      remedy: "check the space on the disk and that FFmpeg has the encoder (`ffmpeg -encoders`)")
  }
}
