public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A server that speaks `/v1/videos`: makes clips on request, asked as often as it says and no oftener.
///
/// Status codes 408, 429 and those of 500 and above are tried again, after the time the server names or a doubling one. The key
/// goes into the request's header and nowhere else.
public struct VideoService: Sendable {
  /// With `/v1` at its end.
  public let base: URL
  private let key: String?
  /// Tries of one request, the first included.
  public var tries = 4
  /// Seconds before the second try; each later one waits twice as long.
  public var patience = 1.0
  /// A job may take so long, s.
  public var longestJob = 3600.0

  /// - Parameters:
  ///   - address: as in `http://localhost:8000/v1`; `/v1` is added where it is missing.
  ///   - key: sent as a bearer token; nil sends none.
  /// - Throws: `VideoServiceError.address`.
  public init(address: String, key: String? = nil) throws(VideoServiceError) {
    var text = address
    while text.hasSuffix("/") { text.removeLast() }
    if !text.hasSuffix("/v1") { text += "/v1" }
    guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host?.isEmpty == false,
      url.query == nil
    else {
      throw .address(Self.shown(address))
    }
    base = url
    self.key = key.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// An address without the name and password that it may hold, and without what follows a question mark.
  private static func shown(_ address: String) -> String {
    guard var parts = URLComponents(string: address) else { return "the address" }
    (parts.user, parts.password, parts.query) = (nil, nil, nil)
    return parts.string ?? "the address"
  }

  /// Asks for a clip.
  public func create(_ request: VideoRequest) async throws -> VideoJob {
    var form = MultipartForm()
    form.add("prompt", request.prompt)
    if let model = request.model { form.add("model", model) }
    form.add("seconds", request.seconds)
    form.add("size", request.size)
    if let frame = request.firstFrame { form.add("input_reference", file: "first-frame.png", type: "image/png", frame) }
    var call = URLRequest(url: base.appendingPathComponent("videos"))
    call.httpMethod = "POST"
    call.setValue(form.contentType, forHTTPHeaderField: "Content-Type")
    call.httpBody = form.body
    return try job(from: try await answer(to: call).data)
  }

  /// How a job stands, and in how many seconds the server wants to be asked again.
  public func job(_ id: String) async throws -> (job: VideoJob, pollAfter: Double) {
    let (data, response) = try await answer(to: URLRequest(url: place(of: id)))
    let told = response.value(forHTTPHeaderField: "openai-poll-after-ms").flatMap(Self.time)
    return (try job(from: data), min(max(told ?? 1000, 20), 60_000) / 1000)
  }

  /// Waits until the job is done; `progress` is told its share, 0…100, and may throw to stop.
  ///
  /// - Throws: `VideoServiceError.failed` where the server gives up, `.slow` after `longestJob`.
  public func finished(_ id: String, progress: (Int) throws -> Void = { _ in }) async throws -> VideoJob {
    let start = ContinuousClock.now
    while true {
      let (job, pollAfter) = try await job(id)
      switch job.status {
      case .completed: return job
      case .failed:
        throw VideoServiceError.failed(
          id: id, code: job.error?.code ?? "no code", message: job.error?.message ?? "no reason is given")
      case .queued, .inProgress:
        try progress(job.progress ?? 0)
        guard ContinuousClock.now - start < .seconds(longestJob) else {
          throw VideoServiceError.slow(id: id, seconds: longestJob)
        }
        try await Task.sleep(for: .seconds(pollAfter))
      }
    }
  }

  /// The finished clip's bytes.
  public func content(of id: String) async throws -> Data {
    let data = try await answer(to: URLRequest(url: place(of: id).appendingPathComponent("content"))).data
    guard !data.isEmpty else { throw VideoServiceError.malformed(what: "the clip is empty") }
    return data
  }

  private func place(of id: String) -> URL { base.appendingPathComponent("videos").appendingPathComponent(id) }

  private func job(from data: Data) throws(VideoServiceError) -> VideoJob {
    do { return try JSONDecoder().decode(VideoJob.self, from: data) } catch {
      throw .malformed(what: "no video object with 'id' and 'status'")
    }
  }

  /// Failures before anything was sent: a request may be made again without being done twice.
  private static let unsent: Set<URLError.Code> = [
    .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .notConnectedToInternet,
  ]

  /// One answer of a status of 200 to 299, asked for as often as it takes.
  ///
  /// What changes something (POST) is asked again only where the server says that it did nothing, or was never reached: a job
  /// whose answer is lost may be under way, and is paid for.
  private func answer(to request: URLRequest) async throws -> (data: Data, response: HTTPURLResponse) {
    var call = request
    call.timeoutInterval = 120
    if let key { call.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
    var wait = patience
    for attempt in 1... {
      let (data, response): (Data, URLResponse)
      do { (data, response) = try await URLSession.shared.data(for: call) } catch {
        if error is CancellationError { throw error }
        let isHarmless = call.httpMethod != "POST" || (error as? URLError).map { Self.unsent.contains($0.code) } ?? false
        guard attempt < tries, isHarmless else {
          throw VideoServiceError.unreachable(
            address: Self.shown(base.absoluteString), reason: (error as NSError).localizedDescription)
        }
        try await Task.sleep(for: .seconds(wait))
        wait *= 2
        continue
      }
      guard let http = response as? HTTPURLResponse else { throw VideoServiceError.malformed(what: "no HTTP") }
      if (200..<300).contains(http.statusCode) { return (data, http) }
      let mayRetry =
        http.value(forHTTPHeaderField: "x-should-retry").map { $0 == "true" }
        ?? (http.statusCode == 408 || http.statusCode == 429
          || http.statusCode >= 500 && (call.httpMethod != "POST" || http.statusCode == 503))
      guard mayRetry, attempt < tries else {
        throw VideoServiceError.refused(status: http.statusCode, message: Self.message(in: data))
      }
      let told =
        http.value(forHTTPHeaderField: "retry-after-ms").flatMap(Self.time).map { $0 / 1000 }
        ?? http.value(forHTTPHeaderField: "retry-after").flatMap(Self.time)
      try await Task.sleep(for: .seconds(min(told ?? wait, 120)))
      wait *= 2
    }
    preconditionFailure("the last try returns or throws")
  }

  /// A time that a header tells, if it is one.
  private static func time(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }

  /// What the error object says, or the beginning of whatever came.
  private static func message(in data: Data) -> String {
    struct Answer: Decodable {
      struct Problem: Decodable { var message: String? }
      var error: Problem?
    }
    if let message = (try? JSONDecoder().decode(Answer.self, from: data))?.error?.message { return message }
    let text = String(decoding: data.prefix(200), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? "no reason is given" : text
  }
}
