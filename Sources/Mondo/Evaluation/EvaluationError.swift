/// Why an evaluation can't be made.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// The folder holds pieces of another evaluation.
  case foreignFolder(path: String)
  /// A generator's clip is missing: where it was sought.
  case missingClip(place: String, lookedFor: [String])
  /// A generator can't do what the suite asks.
  case unsuited(generator: String, why: String)
  /// Not an evaluation's report.
  case notAReport(path: String, why: String)
  /// A finished piece of work that went away, or was damaged, while the others were made.
  case lostPiece(String, String)
  /// Nothing came out that could be counted.
  case nothingMeasured(String)

  public var description: String {
    switch self {
    case .foreignFolder(let path):
      "\(path): the folder holds another evaluation (another suite, generator or version); choose another folder"
    case .missingClip(let place, let names):
      "\(place): a clip of the suite is missing; looked for \(names.joined(separator: ", "))"
    case .unsuited(let generator, let why): "the generator '\(generator)' can't make this suite: \(why)"
    case .lostPiece(let path, let name):
      "\(path): the finished piece '\(name)' can't be read any more; run the same command again"
    case .notAReport(let path, let why): "\(path): this is no report of an evaluation (\(why))"
    case .nothingMeasured(let why): "nothing was measured: \(why)"
    }
  }
}
