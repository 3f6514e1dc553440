/// A safetensors file could not be read or written: which, why, and what to do.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The system refused to open, map or write the file.
  case inaccessible(path: String, reason: String)
  /// The bytes are no safetensors file, or a damaged or hostile one.
  case malformed(path: String, problem: String)
  /// The file has no tensor of that name.
  case noTensor(path: String, name: String)
  /// The tensor's elements are of another type than was asked for.
  case otherType(path: String, name: String, isOf: ElementType)
  /// What was to be written contradicts itself.
  case unwritable(path: String, problem: String)

  public var description: String {
    switch self {
    case .inaccessible(let path, let reason): "\(path): \(reason); check the path and its permissions"
    case .malformed(let path, let problem):
      "\(path): no sound safetensors file: \(problem); write or download it again"
    case .noTensor(let path, let name): "\(path): no tensor is named '\(name)'; list the names with `tensors`"
    case .otherType(let path, let name, let type):
      "\(path): the elements of '\(name)' are \(type.rawValue); read them as that"
    case .unwritable(let path, let problem): "\(path): cannot write these tensors: \(problem); mend the caller"
    }
  }
}
