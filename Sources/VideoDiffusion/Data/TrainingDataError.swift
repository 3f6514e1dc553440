/// Training data can't be used: which, why, and what to do.
public enum TrainingDataError: Error, Equatable, CustomStringConvertible {
  case missing(path: String)
  case noShards(path: String)
  case tooFew(samples: Int, remedy: String)
  /// A sample isn't what `mondo dataset` writes.
  case badSample(key: String, problem: String)
  /// A folder holds something that these latents can't go into.
  case foreignFolder(path: String, problem: String)

  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file or folder; give a data set's folder, or its shards"
    case .noShards(let path): "\(path): there are no shards (.tar) in this folder; make some with 'mondo dataset'"
    case .tooFew(let samples, let remedy): "the data have \(samples) samples to learn from: \(remedy)"
    case .badSample(let key, let problem): "sample '\(key)': \(problem); make the data set again"
    case .foreignFolder(let path, let problem): "\(path): \(problem); choose another folder"
    }
  }
}
