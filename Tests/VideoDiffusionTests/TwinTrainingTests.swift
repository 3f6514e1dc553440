import Foundation
import Testing
import VideoDiffusion

/// The shader trained in PyTorch, data-parallel (Evaluation/Twin/train_shader.py), and read by Mondo.
@Suite struct TwinTrainingTests {
  /// A Python that has PyTorch: the one that MONDO_PYTHON names, or `python3`.
  static let python: String? = {
    let candidate = ProcessInfo.processInfo.environment["MONDO_PYTHON"] ?? "python3"
    guard let run = try? Self.run([candidate, "-c", "import torch, safetensors, numpy"]), run.status == 0,
      let decoder = try? Self.run(["ffmpeg", "-version"]), decoder.status == 0
    else {
      print("skipped: these tests need ffmpeg and a Python with torch, numpy and safetensors; MONDO_PYTHON says which")
      return nil
    }
    return candidate
  }()

  static func run(_ command: [String]) throws -> (status: Int32, told: String) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, told)
  }

  @Test("two processes train one network, which Mondo reads and trains on", .enabled("needs PyTorch") { python != nil })
  func together() throws {
    let twin = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Evaluation/Twin").standardized.path
    let (weights, next, flat) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [weights, next, flat] { try? FileManager.default.removeItem(atPath: path) } }
    func train(_ output: String, _ more: [String]) throws {
      let run = try Self.run(
        [
          Self.python!, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", twin + "/train_shader.py",
        ] + TestData.shards.paths + ["-o", output, "--steps", "4", "--side", "8", "--clips", "1"] + more)
      #expect(run.status == 0 && run.told.contains("in 4 steps by 2 processes"), "\(run.told)")
    }
    try train(weights, [])
    #expect(try NeuralShader(contentsOf: weights).configuration == NeuralShader.Configuration())
    // And back: what Mondo reads, PyTorch reads.
    try train(next, ["--from", weights])
    try train(flat, ["--geometry"])
    #expect(try NeuralShader(contentsOf: flat).configuration == .geometry)
  }
}
