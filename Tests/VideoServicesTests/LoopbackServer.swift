import FlyingFox
import FlyingSocks
import Foundation

/// A server of `/v1/videos` on this machine, which takes three questions to make a clip and remembers what it was asked.
actor LoopbackServer {
  private let server: HTTPServer
  private var task: Task<Void, any Error>?

  private(set) var created = 0
  private(set) var questions = 0
  private(set) var authorization: [String] = []
  private(set) var form = ""
  /// Answers of this many first requests are 503 with a time to wait.
  var outages = 0
  /// A job is made, and its answer lost.
  var losesAnswer = false
  /// The job fails instead of being done.
  var fails = false
  /// What the finished clip is.
  var content = Data("a clip".utf8)

  init() throws { server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0)) }

  func set(outages: Int = 0, fails: Bool = false, losesAnswer: Bool = false, content: Data? = nil) {
    (self.outages, self.fails, self.losesAnswer) = (outages, fails, losesAnswer)
    if let content { self.content = content }
  }

  /// Starts it; its address, as in `http://127.0.0.1:40001`.
  func start() async throws -> String {
    await server.appendRoute("POST /v1/videos") { [weak self] in
      await self?.create($0) ?? HTTPResponse(statusCode: .internalServerError)
    }
    await server.appendRoute("GET /v1/videos/video_7") { [weak self] in
      await self?.status($0) ?? HTTPResponse(statusCode: .internalServerError)
    }
    await server.appendRoute("GET /v1/videos/video_7/content") { [weak self] in
      await self?.bytes($0) ?? HTTPResponse(statusCode: .internalServerError)
    }
    task = Task { [server] in try await server.run() }
    try await server.waitUntilListening()
    guard case .ip4(let host, let port) = await server.listeningAddress else { throw CancellationError() }
    return "http://\(host):\(port)"
  }

  func stop() async {
    await server.stop()
    task?.cancel()
  }

  private func note(_ request: HTTPRequest) -> HTTPResponse? {
    authorization.append(request.headers[.authorization] ?? "")
    guard outages > 0 else { return nil }
    outages -= 1
    return HTTPResponse(
      statusCode: HTTPStatusCode(503, phrase: "Busy"), headers: [HTTPHeader("retry-after-ms"): "10"], body: Data())
  }

  private func create(_ request: HTTPRequest) async -> HTTPResponse {
    if let refusal = note(request) { return refusal }
    created += 1
    form = String(decoding: (try? await request.bodyData) ?? Data(), as: UTF8.self)
    guard form.contains("name=\"prompt\"") else {
      let error =
        #"{"error": {"message": "a prompt is missing", "type": "invalid_request_error", "param": "prompt", "code": null}}"#
      return HTTPResponse(statusCode: .badRequest, body: Data(error.utf8))
    }
    if losesAnswer { return HTTPResponse(statusCode: .badGateway) }
    return json(status: "queued")
  }

  private func status(_ request: HTTPRequest) -> HTTPResponse {
    if let refusal = note(request) { return refusal }
    questions += 1
    return json(status: questions < 3 ? "in_progress" : fails ? "failed" : "completed")
  }

  private func bytes(_ request: HTTPRequest) -> HTTPResponse {
    if let refusal = note(request) { return refusal }
    return HTTPResponse(statusCode: .ok, headers: [.contentType: "video/mp4"], body: content)
  }

  private func json(status: String) -> HTTPResponse {
    let error = status == "failed" ? #"{"code": "moderation_blocked", "message": "not this one"}"# : "null"
    let body = """
      {"id": "video_7", "object": "video", "created_at": 1, "status": "\(status)", "progress": \(10 * questions), "model": "m", "error": \(error)}
      """
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "application/json", HTTPHeader("openai-poll-after-ms"): "20"],
      body: Data(body.utf8))
  }
}
