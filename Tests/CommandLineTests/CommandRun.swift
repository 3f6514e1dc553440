import Foundation
import Testing

/// The built `mondo`, run as a process.
struct CommandRun {
  var status: Int32
  /// The signal that ended it, if one did.
  var signal: Int32?
  var output: Data
  var error: String

  var text: String { String(decoding: output, as: UTF8.self) }

  var object: [String: Any]? { (try? JSONSerialization.jsonObject(with: output)) as? [String: Any] }

  /// The folder of the test bundle, where the products are too.
  static let products = URL(fileURLWithPath: try! FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    .deletingLastPathComponent()

  /// Runs to the end.
  static func mondo(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws -> CommandRun {
    let running = try RunningCommand(arguments, in: folder, environment: environment)
    return try running.wait()
  }
}

/// A `mondo` that has been started.
final class RunningCommand {
  let process = Process()
  private let outputFile: URL
  private let errorFile: URL

  /// - Parameter output: where standard output goes; nil keeps it for `wait()`.
  init(_ arguments: [String], in folder: URL, environment: [String: String] = [:], output: FileHandle? = nil) throws {
    let scratch = FileManager.default.temporaryDirectory
    outputFile = scratch.appendingPathComponent("mondo-out-\(UUID().uuidString)")
    errorFile = scratch.appendingPathComponent("mondo-err-\(UUID().uuidString)")
    for file in [outputFile, errorFile] { FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.executableURL = CommandRun.products.appendingPathComponent("mondo")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output ?? FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  func wait() throws -> CommandRun {
    process.waitUntilExit()
    defer { for file in [outputFile, errorFile] { try? FileManager.default.removeItem(at: file) } }
    let signalled = process.terminationReason == .uncaughtSignal
    return CommandRun(
      status: process.terminationStatus, signal: signalled ? process.terminationStatus : nil,
      output: try Data(contentsOf: outputFile), error: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }
}

/// A folder of a test's own that goes away with it.
final class Workspace {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("mondo-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.scene.write(to: folder.appendingPathComponent("bounce.yaml"), atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  /// Everything in the folder, hidden files too.
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }

  func run(_ arguments: String..., environment: [String: String] = [:]) throws -> CommandRun {
    try CommandRun.mondo(arguments, in: folder, environment: environment)
  }

  func start(_ arguments: String..., output: FileHandle? = nil) throws -> RunningCommand {
    try RunningCommand(arguments, in: folder, output: output)
  }

  /// A ball of 10 cm that falls 1 m onto a floor.
  static let scene = """
    mondo: 1
    name: bounce
    about: A ball falls on a floor.
    seed: 7
    duration: 1 s
    materials:
      rubber: {restitution: 0.8, friction: 0.5, color: red, sound: rubber}
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: rubber}
      ball: {shape: {sphere: {radius: 10 cm}}, mass: 0.5, material: rubber, position: [0, 0, 1.1], velocity: [0.5, 0, 0]}
    camera: {position: [0, -4, 1], look_at: [0, 0, 0.6], fov: 40 deg}
    picture: {size: 96x64, fps: 24}

    """
}
