/// Why a clip can't be tracked.
public enum TrackingError: Error, Equatable, CustomStringConvertible {
  /// The frames differ in size: tracks need one picture plane.
  case sizeChanged(frame: Int, from: [Int], to: [Int])
  /// Frame times don't ascend.
  case timeNotAscending(frame: Int)
  /// The two passes over the clip did not show the same frames.
  case passesDiffer(first: Int, second: Int)
  case noFrames
  case visionLibrary(operation: String, status: Int32)

  public var description: String {
    switch self {
    case .sizeChanged(let frame, let from, let to):
      "frame \(frame) is \(to[0])×\(to[1]) after frames of \(from[0])×\(from[1]): cut the clip there and score the parts"
    case .timeNotAscending(let frame):
      "frame \(frame) is not later than the frame before it: repair the clip's time stamps"
    case .passesDiffer(let first, let second):
      "the clip showed \(first) frames when first read and \(second) when read again: give a source that replays the same frames"
    case .noFrames:
      "the clip has no frames: nothing can be tracked"
    case .visionLibrary(let operation, let status):
      "\(operation) failed in OpenCV (status \(status))"
    }
  }
}
