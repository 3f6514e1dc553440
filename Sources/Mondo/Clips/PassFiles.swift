internal import Safetensors

/// The ground-truth passes of a clip as files beside it, one a pass, in full precision.
///
/// Each file's arrays run over all frames; what they hold is written frame by frame to its place.
final class PassFiles {
  private var files: [(pass: String, file: SafetensorsStream)] = []

  /// - Parameters:
  ///   - path: of the clip.
  ///   - names: of the instances, by number.
  init(beside path: String, passes: RenderPasses, width: Int, height: Int, frames: Int, names: [String]) throws {
    func tensor(_ name: String, _ type: ElementType, _ channels: Int = 1) -> SafetensorsStream.Plan {
      SafetensorsStream.Plan(name, type, shape: [frames, height, width] + (channels == 1 ? [] : [channels]))
    }
    let plans: [(RenderPasses, String, [SafetensorsStream.Plan], [String: String])] = [
      (.depth, "depth", [tensor("depth", .float32), tensor("distance", .float32)], ["unit": "m"]),
      (
        .segmentation, "segmentation", [tensor("segmentation", .uint16)],
        Dictionary(uniqueKeysWithValues: names.enumerated().dropFirst().map { ("\($0)", $1) })
      ),
      (.normals, "normals", [tensor("normals", .float32, 3)], ["frame": "world"]),
      (.albedo, "albedo", [tensor("albedo", .float32, 3)], ["space": "linear RGB"]),
      (
        .flow, "flow",
        [
          tensor("forward", .float32, 2), tensor("backward", .float32, 2), tensor("forward_visibility", .uint8),
          tensor("backward_visibility", .uint8),
        ],
        ["unit": "px", "visibility": "0 visible, 1 occluded, 2 outside, 3 invalid"]
      ),
    ]
    let stem = Self.stem(of: path)
    for (pass, name, tensors, metadata) in plans where passes.contains(pass) {
      files.append((name, try SafetensorsStream(tensors, metadata: metadata, to: "\(stem).\(name).safetensors")))
    }
  }

  /// Writes the next frame's passes, all of which it has.
  func append(_ frame: Frame) throws {
    for (pass, file) in files {
      switch pass {
      case "depth":
        try file.append(frame.depth!.pixels, to: "depth")
        try file.append(frame.distance!.pixels, to: "distance")
      case "segmentation": try file.append(frame.segmentation!.pixels, to: "segmentation")
      case "normals": try file.append(frame.normals!.packed, to: "normals")
      case "albedo": try file.append(frame.albedo!.packed, to: "albedo")
      default:
        try file.append(frame.forwardFlow!.vectors.pixels, to: "forward")
        try file.append(frame.backwardFlow!.vectors.pixels, to: "backward")
        try file.append(frame.forwardFlow!.visibility.pixels.map(\.rawValue), to: "forward_visibility")
        try file.append(frame.backwardFlow!.visibility.pixels.map(\.rawValue), to: "backward_visibility")
      }
    }
  }

  /// Puts the files under their names and gives those by pass.
  func finish() throws -> [String: String] {
    for (_, file) in files { try file.finish() }
    return Dictionary(uniqueKeysWithValues: files.map { ($0.pass, $0.file.path) })
  }

  private static func stem(of path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/"), dot > path.startIndex else { return path }
    return String(path[..<dot])
  }
}

extension Image<SIMD3<Float>> {
  /// Three numbers a pixel; in memory a vector of three takes the room of four.
  fileprivate var packed: [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count * 3) { buffer, count in
      for (i, pixel) in pixels.enumerated() {
        buffer.initializeElement(at: 3 * i, to: pixel.x)
        buffer.initializeElement(at: 3 * i + 1, to: pixel.y)
        buffer.initializeElement(at: 3 * i + 2, to: pixel.z)
      }
      count = pixels.count * 3
    }
  }
}
