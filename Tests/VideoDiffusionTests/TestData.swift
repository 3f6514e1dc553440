import Foundation
import SceneDescription
import Testing
import VideoDiffusion
import WorldExport

/// A small data set made as users make theirs: a ball that falls, six frames a clip, in two shards.
enum TestData {
  /// A second of it in two sizes, in which the ball meets the floor: 10 frames, of which two fill a video token in part. The second
  /// sample of a scene of this name is held out.
  static let bounces: SampleShards = {
    _ = shards
    let path = folder.appendingPathComponent("hop.yaml").path
    try! scene.replacing("name: ball", with: "name: hop").replacing("0.25 s", with: "1 s").replacing("fps: 24", with: "fps: 10")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try! DatasetPlan(
      scenes: [path], sampleCount: 5, sizes: ["64x48", "32x64"], samplesPerPixel: 1, samplesPerShard: 3)
    _ = try! DatasetProduction(plan).write(to: folder.appendingPathComponent("bounces").path)
    return try! SampleShards([folder.appendingPathComponent("bounces").path])
  }()

  private static let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mondo-video-diffusion-\(getpid())")

  static let shards: SampleShards = {
    // Samples are read as they are asked for, so the folder stays until the process ends.
    atexit { try? FileManager.default.removeItem(at: TestData.folder) }
    try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent("ball.yaml").path
    try! scene.write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try! DatasetPlan(scenes: [path], sampleCount: 6, samplesPerPixel: 1, samplesPerShard: 4)
    _ = try! DatasetProduction(plan).write(to: folder.appendingPathComponent("data").path)
    return try! SampleShards([folder.appendingPathComponent("data").path])
  }()

  static let scene = """
    mondo: 1
    name: ball
    about: A ball falls on a floor.
    duration: 0.25 s
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: wood}
      ball: {shape: {sphere: {radius: 20 cm}}, mass: 0.5, material: rubber, position: [0, 0, 0.6], velocity: [0.5, 0, 0]}
    camera: {position: [0, -3, 1], look_at: [0, 0, 0.5], fov: 40 deg}
    picture: {size: 64x48, fps: 24}

    """
}

/// A name for a file of a test's own.
func temporaryPath(_ ending: String = "safetensors") -> String {
  FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).\(ending)").path
}

/// Expects that training resumed from its state half-way is training that never stopped, bit for bit.
///
/// - Parameter check: of the weights' file.
func expectResumable(
  _ training: () -> Training<some TrainingObjective>, check: (String) throws -> Void = { _ in }
) throws {
  let (state, weights, others) = (temporaryPath(), temporaryPath(), temporaryPath())
  defer { for path in [state, weights, others] { try? FileManager.default.removeItem(atPath: path) } }
  let whole = training()
  let half = whole.stepCount / 2
  for _ in 0..<half { _ = try whole.advance() }
  try whole.writeState(to: state)
  let losses = try (0..<half).map { _ in try whole.advance() }
  #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
  let resumed = training()
  try resumed.resume(from: state)
  #expect(try (0..<half).map { _ in try resumed.advance() } == losses)
  for (training, path) in [(whole, weights), (resumed, others)] { try training.writeWeights(to: path) }
  #expect(try Data(contentsOf: URL(filePath: weights)) == Data(contentsOf: URL(filePath: others)))
  try check(weights)
}
