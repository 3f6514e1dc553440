import Foundation
import Testing
import VideoServices

/// The client against a server on this machine.
@Suite("Servers of clips") struct VideoServiceTests {
  private static let request = VideoRequest(
    prompt: "a ball falls", model: "m", seconds: "2", size: "160x90", firstFrame: [1, 2, 3])

  private func withServer(_ body: (LoopbackServer, String) async throws -> Void) async throws {
    let server = try LoopbackServer()
    let address = try await server.start()
    do { try await body(server, address) } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  @Test("what an address holds of names and passwords is never told")
  func credentials() async throws {
    #expect {
      try VideoService(address: "http://user:sesame@127.0.0.1:9/v1?key=sesame")
    } throws: { !"\($0)".contains("sesame") }
    var service = try VideoService(address: "http://user:sesame@127.0.0.1:9/v1")
    service.tries = 1
    await #expect { try await service.job("a") } throws: { !"\($0)".contains("sesame") && "\($0)".contains("127.0.0.1:9") }
  }

  @Test("a clip is asked for, waited for as the server says, and fetched; the key goes with every request")
  func whole() async throws {
    try await withServer { server, address in
      let service = try VideoService(address: address, key: "secret")
      let job = try await service.create(Self.request)
      #expect(job.id == "video_7" && job.status == .queued)
      var seen: [Int] = []
      let done = try await service.finished(job.id) { seen.append($0) }
      #expect(done.status == .completed && seen == [10, 20])
      #expect(try await service.content(of: job.id) == Data("a clip".utf8))
      #expect(await server.authorization.allSatisfy { $0 == "Bearer secret" })
      let form = await server.form
      for part in ["a ball falls", "name=\"seconds\"\r\n\r\n2\r\n", "160x90", "filename=\"first-frame.png\"", "image/png"] {
        #expect(form.contains(part), "\(form)")
      }
    }
  }

  @Test("a busy server is asked again, after the time it names")
  func outages() async throws {
    try await withServer { server, address in
      await server.set(outages: 2)
      let service = try VideoService(address: address)
      let job = try await service.create(Self.request)
      #expect(job.id == "video_7")
      await server.set(outages: 9)
      await #expect(throws: VideoServiceError.refused(status: 503, message: "no reason is given")) {
        try await service.create(Self.request)
      }
    }
  }

  @Test("a job whose answer is lost isn't asked for a second time")
  func asksOnce() async throws {
    try await withServer { server, address in
      await server.set(losesAnswer: true)
      let service = try VideoService(address: address)
      await #expect(throws: VideoServiceError.refused(status: 502, message: "no reason is given")) {
        try await service.create(Self.request)
      }
      #expect(await server.created == 1)
    }
    // Nobody listens there: it may be tried again, and is given up as before.
    var nowhere = try VideoService(address: "http://127.0.0.1:9")
    (nowhere.tries, nowhere.patience) = (2, 0.01)
    await #expect { try await nowhere.create(Self.request) } throws: { error in
      guard case VideoServiceError.unreachable = error else { return false }
      return true
    }
  }

  @Test("failures are told with the server's own words and never with the key")
  func failures() async throws {
    try await withServer { server, address in
      await server.set(fails: true)
      let service = try VideoService(address: address, key: "secret")
      await #expect(throws: VideoServiceError.failed(id: "video_7", code: "moderation_blocked", message: "not this one")) {
        try await service.finished("video_7")
      }
      await #expect { try await service.job("video_8") } throws: { error in
        guard case VideoServiceError.refused(status: 404, message: _) = error else { return false }
        return !"\(error)".contains("secret")
      }
    }
    #expect(throws: VideoServiceError.address("ftp://x")) { try VideoService(address: "ftp://x") }
    #expect(throws: VideoServiceError.address("nonsense")) { try VideoService(address: "nonsense") }
    var nobody = try VideoService(address: "http://127.0.0.1:9")
    (nobody.tries, nobody.patience) = (2, 0.01)
    let service = nobody
    await #expect { try await service.job("video_7") } throws: { error in
      if case VideoServiceError.unreachable = error { true } else { false }
    }
  }

  @Test("an address takes /v1 once")
  func addresses() throws {
    for text in ["http://localhost:8000", "http://localhost:8000/", "http://localhost:8000/v1", "http://localhost:8000/v1/"] {
      #expect(try VideoService(address: text).base.absoluteString == "http://localhost:8000/v1")
    }
  }
}
