import Foundation

/// Clips of a server that speaks `/v1/videos`.
///
/// The number under which the server makes a clip is kept beside it, so that work that was cut off asks for the same clip again
/// and pays once.
public struct ServiceSource: ClipSource {
  public let name: String
  public let takesFirstFrame = true
  /// A few jobs at once: most servers queue them anyway.
  public let width = 2
  private let service: VideoService
  private let model: String?

  /// - Parameter address: `URL` or `URL#MODEL`.
  public init(address: String, key: String?) throws(VideoServiceError) {
    let parts = address.split(separator: "#", maxSplits: 1).map(String.init)
    service = try VideoService(address: parts.first ?? "", key: key)
    model = parts.count > 1 ? parts[1] : nil
    // No credentials that an address may carry.
    let host = service.base.host ?? "server"
    name = "openai:\(host)\(service.base.port.map { ":\($0)" } ?? "")" + (model.map { "#\($0)" } ?? "")
  }

  public func clip(of request: ClipRequest, at path: String, check: () throws -> Void) throws -> String {
    let ticket = Self.ticket(path)
    let job: String
    if let kept = FileManager.default.contents(atPath: ticket) {
      job = String(decoding: kept, as: UTF8.self)
    } else {
      job = try create(request)
      try AtomicFile.write(job, to: ticket)
    }
    do {
      // The server is asked as often as it says; between two questions the work may be called off.
      var state = try Self.wait { [service] in try await service.job(job) }
      let start = ContinuousClock.now
      while state.job.status == .queued || state.job.status == .inProgress {
        guard ContinuousClock.now - start < .seconds(service.longestJob) else {
          throw VideoServiceError.slow(id: job, seconds: service.longestJob)
        }
        let end = ContinuousClock.now + .seconds(state.pollAfter)
        while ContinuousClock.now < end {
          try check()
          Thread.sleep(forTimeInterval: min(0.1, state.pollAfter))
        }
        state = try Self.wait { [service] in try await service.job(job) }
      }
      _ = try Self.wait { [service] in try await service.finished(job) }
      try AtomicFile.write(try Self.wait { [service] in try await service.content(of: job) }, to: path)
    } catch let error as VideoServiceError {
      // What the server has given up or doesn't know is asked for anew the next time.
      switch error {
      case .failed: try? FileManager.default.removeItem(atPath: ticket)
      case .refused(let status, _) where status == 404: try? FileManager.default.removeItem(atPath: ticket)
      default: break
      }
      throw error
    }
    return path
  }

  /// Keeps the number of a clip's job.
  private static func ticket(_ path: String) -> String { path + ".job" }

  public func discard(_ path: String) {
    for file in [path, Self.ticket(path)] { try? FileManager.default.removeItem(atPath: file) }
  }

  private func create(_ request: ClipRequest) throws -> String {
    let picture = request.scene.picture
    let frame = try request.firstFrame.map { try PNG.encode($0) }
    let wanted = VideoRequest(
      prompt: request.prompt, model: model, seconds: "\(max(1, Int(request.seconds.rounded(.up))))",
      size: "\(picture.width)x\(picture.height)", firstFrame: frame)
    return try Self.wait { [service] in try await service.create(wanted).id }
  }

  /// The thread waits; the question itself is asynchronous.
  private static func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let box = ResultBox<Value>()
    let done = DispatchSemaphore(value: 0)
    Task {
      do { box.result = .success(try await body()) } catch { box.result = .failure(error) }
      done.signal()
    }
    done.wait()
    return try box.result!.get()
  }
}

/// `@unchecked Sendable`: written once before the semaphore is signalled, read after it.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
  var result: Result<Value, any Error>?
}
