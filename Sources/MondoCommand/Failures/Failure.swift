import ArgumentParser
import Foundation
import Mondo

/// How an error is told and which exit code it ends with.
struct Failure {
  var message: String
  var exitCode: ExitCode

  /// nil for what ArgumentParser knows to tell itself (usage, help).
  init?(_ error: any Error) {
    switch error {
    case let error as SceneError:
      message = error.report(colored: Terminal.errorIsColored)
      exitCode = error.cause == .invalid ? .badInput : .noInput
    case let error as UsageError:
      message = Self.plain(error.message, remedy: error.remedy)
      exitCode = .usage
    case let error as ExpressionError:
      message = error.description
      exitCode = .usage
    case let error as PlanningError:
      message = Self.plain(error.message, remedy: error.suggestion)
      exitCode = .badInput
    case let error as QueryError:
      message = Self.plain(error.message)
      exitCode = .usage
    case let error as TrajectoryFileError:
      message = error.description
      exitCode = .badInput
    case let error as SimulationError:
      message = Self.plain(error.description)
      exitCode = .internalFault
    case let error as FileError:
      message = Self.plain(error.description)
      exitCode = error.operation == .read ? .noInput : .inputOutput
    case let error as MediaError:
      message = Self.plain(error.description)
      exitCode = Self.exitCode(of: error.code)
    case let error as RenderingError:
      message = Self.plain(error.description)
      exitCode = Self.exitCode(of: error)
    case let error as TrackingError:
      message = Self.plain(error.description)
      exitCode = .badInput
    case let error as DatasetError:
      message = Self.plain(error.description)
      exitCode = Self.exitCode(of: error)
    case let error as TarError:
      message = Self.plain(error.description)
      exitCode = Self.exitCode(of: error)
    case let error as TrainingDataError:
      message = Self.plain(error.description)
      if case .missing = error { exitCode = .noInput } else { exitCode = .badInput }
    case let error as WeightsError:
      message = Self.plain(error.description)
      if case .missing = error { exitCode = .noInput } else { exitCode = .badInput }
    case let error as EvaluationError:
      message = Self.plain(error.description)
      exitCode = Self.exitCode(of: error)
    case let error as VideoServiceError:
      message = Self.plain(error.description)
      if case .address = error { exitCode = .usage } else { exitCode = .inputOutput }
    case let error as ReportError:
      message = Self.plain(error.description)
      exitCode = .internalFault
    case let error as CocoaError:
      message = Self.plain(error.filePath.map { "\($0): \(error.localizedDescription)" } ?? error.localizedDescription)
      exitCode = error.code.rawValue < CocoaError.Code.fileWriteUnknown.rawValue ? .noInput : .inputOutput
    case is ExitCode, is CleanExit, is ValidationError:
      return nil
    default:
      if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { return nil }
      message = Self.plain("\(error)")
      exitCode = .internalFault
    }
  }

  /// Tells the error on standard error and ends the process.
  static func end(with error: any Error) -> Never {
    switch error {
    case let error as Interruption.Requested:
      remark("mondo: interrupted; \(error.remark)")
      Interruption.end(by: error.signal)
    case is ClosedPipe:
      // Who closed the pipe knows.
      exit(ExitCode.inputOutput.rawValue)
    default:
      guard let failure = Failure(error) else { MondoCommand.exit(withError: error) }
      remark(failure.message)
      exit(failure.exitCode.rawValue)
    }
  }

  private static func exitCode(of code: MediaError.Code) -> ExitCode {
    switch code {
    case .fileNotFound, .unreadable: .noInput
    case .emptyFile, .notMedia, .noVideo, .noAudio, .unsupported, .undecodable: .badInput
    case .badSettings, .wrongSize: .usage
    case .unwritable, .encoding: .inputOutput
    }
  }

  private static func exitCode(of error: DatasetError) -> ExitCode {
    switch error {
    case .badRequest: .usage
    case .foreignFolder, .impossibleWorld: .badInput
    case .busy: .inputOutput
    }
  }

  private static func exitCode(of error: EvaluationError) -> ExitCode {
    switch error {
    case .foreignFolder, .notAReport, .nothingMeasured: .badInput
    case .missingClip: .noInput
    case .lostPiece: .inputOutput
    case .unsuited: .usage
    }
  }

  private static func exitCode(of error: TarError) -> ExitCode {
    switch error {
    case .unreadable: .noInput
    case .malformed: .badInput
    case .unwritable: .inputOutput
    }
  }

  private static func exitCode(of error: RenderingError) -> ExitCode {
    switch error {
    case .size, .samples: .usage
    case .missingBody, .unknownBody, .emptyTrack, .missingCloth, .clothWithoutVertices, .missingFluid, .fluidWithoutParticles,
      .instances:
      .badInput
    case .noShots, .frame, .rayTracer: .internalFault
    }
  }

  private static func plain(_ message: String, remedy: String? = nil) -> String {
    let colored = Terminal.errorIsColored
    return "mondo: \("error:".emphasized(.bad, colored: colored)) \(message)"
      + (remedy.map { "\n  \("help:".emphasized(.hint, colored: colored)) \($0)" } ?? "")
  }
}

extension SceneError {
  /// All diagnostics and how many there were.
  func report(colored: Bool) -> String {
    let (errors, warnings) = (diagnostics.count { $0.severity == .error }, diagnostics.count { $0.severity == .warning })
    var counts = errors > 0 ? [Numbers.count(errors, "error")] : []
    if warnings > 0 { counts.append(Numbers.count(warnings, "warning")) }
    return (diagnostics.map { $0.formatted(colored: colored) } + [counts.joined(separator: ", ")]).joined(separator: "\n")
  }
}
