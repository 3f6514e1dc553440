/// A data set could not be made: why, and what to do.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A number of the request is out of its range.
  case badRequest(String, remedy: String)
  /// The folder holds something that this data set can't go into.
  case foreignFolder(path: String, problem: String)
  /// Another process is making the same share in the same folder.
  case busy(path: String, share: String)
  /// Every draw gave a world that can't be.
  case impossibleWorld(scene: String, draws: Int, reason: String)

  public var description: String {
    switch self {
    case .badRequest(let problem, let remedy): "\(problem); \(remedy)"
    case .foreignFolder(let path, let problem): "\(path): \(problem); choose another folder, or the settings it was begun with"
    case .busy(let path, let share): "\(path): another process is making share \(share) of this data set; wait for it or end it"
    case .impossibleWorld(let scene, let draws, let reason):
      "\(scene): none of \(draws) draws from 'vary' gave a possible world (the last: \(reason)); narrow what varies"
    }
  }
}
