public import WorldCore

/// Why a file is not a readable trajectory, or a trajectory can't be written.
public struct TrajectoryFileError: Error, Equatable, CustomStringConvertible {
  /// The file as the user named it.
  public var file: String
  /// The place in a JSON document; nil where there is none to speak of (a binary file, a missing file).
  public var location: SourceLocation?
  /// The value concerned, as a path from the document's root: `bodies[2].positions[17]`. Empty for the whole document.
  public var path: String
  /// What is wrong, and what to do where that is known.
  public var message: String

  public init(file: String, location: SourceLocation? = nil, path: String = "", message: String) {
    self.file = file
    self.location = location
    self.path = path
    self.message = message
  }

  public var description: String {
    let place = location.map(\.description) ?? file
    return "\(place): error: " + (path.isEmpty ? "" : "\(path): ") + message
  }
}
