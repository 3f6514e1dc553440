/// Why a picture can't be made.
public enum RenderingError: Error, Equatable, CustomStringConvertible {
  case missingBody(String, known: [String])
  /// In the trajectory, and not in the scene that it is said to be of.
  case unknownBody(String)
  case emptyTrack(String)
  case missingCloth(String, known: [String])
  case clothWithoutVertices(String)
  case missingFluid(String, known: [String])
  case fluidWithoutParticles(String)
  case size(width: Int, height: Int)
  case samples(Int)
  case noShots
  case instances(Int)
  case frame(Int, count: Int)
  case rayTracer(String)

  public var description: String {
    switch self {
    case .missingBody(let name, let known):
      "the stage shows a body '\(name)' that the trajectory doesn't have; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .unknownBody(let name):
      "the trajectory has a body '\(name)' that the scene doesn't have; record the scene as it is now"
    case .emptyTrack(let name): "the trajectory records no state of '\(name)'; record at least one sample time"
    case .missingCloth(let name, let known):
      "the stage shows a cloth '\(name)' that the trajectory doesn't have; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .missingFluid(let name, let known):
      "the stage shows a fluid '\(name)' that the trajectory doesn't have; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .fluidWithoutParticles(let name):
      "the trajectory doesn't say where the particles of fluid '\(name)' are; its .safetensors form does"
    case .clothWithoutVertices(let name):
      "the trajectory doesn't say where the vertices of '\(name)' are: its JSON form leaves them out; record a .safetensors file"
    case .size(let width, let height):
      "a picture of \(width)×\(height) pixels can't be rendered; choose 1 to 8192 pixels a side"
    case .samples(let count): "\(count) samples a pixel can't be taken; choose 1 to 1024"
    case .noShots: "the stage has no shot; give it at least one camera"
    case .instances(let count):
      "\(count) things can't be told apart in a segmentation; show at most \(UInt16.max)"
    case .frame(let index, let count): "frame \(index) lies outside the clip, which has frames 0 to \(count - 1)"
    case .rayTracer(let message): "Embree could not start: \(message); `make setup` installs it"
    }
  }
}
