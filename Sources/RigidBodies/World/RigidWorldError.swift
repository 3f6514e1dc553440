/// Why a world can't be made or go on. `description` says what, where and what to do.
public enum RigidWorldError: Error, Equatable, CustomStringConvertible {
  case invalidDefinition(subject: String, problem: String, remedy: String)
  /// A body's state became infinite or not a number.
  case diverged(body: String, time: Double)

  public var description: String {
    switch self {
    case .invalidDefinition(let subject, let problem, let remedy): "\(subject): \(problem); \(remedy)"
    case .diverged(let body, let time):
      "body '\(body)': the state is not finite at \(time) s; make the forces on it smaller or the time step shorter"
    }
  }
}
