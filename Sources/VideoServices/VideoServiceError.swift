/// What can go wrong between here and a server of clips. No message holds the key.
public enum VideoServiceError: Error, Equatable, CustomStringConvertible {
  /// The address is none, or not one of HTTP.
  case address(String)
  /// Nobody answers there.
  case unreachable(address: String, reason: String)
  /// The server refuses: its status and what it says.
  case refused(status: Int, message: String)
  /// The server took the job and then failed at it.
  case failed(id: String, code: String, message: String)
  /// The server's answer is none that `/v1/videos` gives.
  case malformed(what: String)
  /// The job took longer than was waited for.
  case slow(id: String, seconds: Double)

  public var description: String {
    switch self {
    case .address(let text): "'\(text)' is no address of a server of clips, such as http://localhost:8000/v1"
    case .unreachable(let address, let reason):
      "\(address) can't be reached (\(reason)); check the address and that the server runs"
    case .refused(let status, let message):
      "the server refuses with status \(status): \(message)" + (status == 401 ? "; the key is read from OPENAI_API_KEY" : "")
    case .failed(let id, let code, let message): "the server failed at \(id): \(message) (\(code))"
    case .malformed(let what): "the server's answer is none of /v1/videos: \(what)"
    case .slow(let id, let seconds): "\(id) isn't done after \(Int(seconds)) s; run again to go on waiting"
    }
  }
}
