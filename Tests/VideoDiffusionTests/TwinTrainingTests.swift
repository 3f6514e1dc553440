import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// Networks trained in PyTorch, data-parallel (Evaluation/Twin), and read by Mondo.
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

  private static let twin = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Evaluation/Twin")
    .standardized.path

  private static func process(_ command: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    return process
  }

  static func run(_ command: [String]) throws -> (status: Int32, told: String) {
    let (process, output) = (process(command), Pipe())
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, told)
  }

  /// Runs a script of the twin in so many processes that train together.
  private func train(_ script: String, processes: Int, _ arguments: [String]) throws {
    let together = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "\(processes)"]
    let run = try Self.run([Self.python!] + together + ["\(Self.twin)/\(script)"] + arguments)
    #expect(run.status == 0 && run.told.contains("steps by \(processes) processes"), "\(run.told)")
  }

  @Test("two processes train one shader, which Mondo reads", .enabled("needs PyTorch") { python != nil })
  func shader() throws {
    let (weights, next, flat) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [weights, next, flat] { try? FileManager.default.removeItem(atPath: path) } }
    func train(_ output: String, _ more: [String]) throws {
      try self.train(
        "train_shader.py", processes: 2,
        TestData.shards.paths + ["-o", output, "--steps", "4", "--side", "8", "--clips", "1"] + more)
    }
    try train(weights, [])
    #expect(try NeuralShader(contentsOf: weights).configuration == NeuralShader.Configuration())
    // And back: what Mondo reads, PyTorch reads.
    try train(next, ["--from", weights])
    try train(flat, ["--geometry"])
    #expect(try NeuralShader(contentsOf: flat).configuration == .geometry)
  }

  // MARK: the transformer

  /// A network for the clips whose every layer says something.
  private func network(_ clips: ConditionedClips) throws -> JointTransformer {
    var configuration = clips.fitting(JointTransformer.Configuration())
    (configuration.width, configuration.heads, configuration.depth) = (32, 2, 2)
    var network = JointTransformer(configuration)
    var random = RandomStream(seed: 7, "awake")
    network.forEachParameter { _, tensor in
      tensor = tensor + Initialization.normal(standardDeviation: 0.1).tensor(tensor.shape, random: &random)
    }
    try FlowMatching(on: clips).prepare(&network, isBegun: true, seed: 0)
    return network
  }

  @Test(
    "the twin asks what Mondo asks, as often, and loses on it what Mondo loses", .enabled("needs PyTorch") { python != nil })
  func parity() throws {
    let clips = LatentSetTests.clips()
    let (folder, weights, questions, noises) = (
      try LatentSetTests.written(clips), temporaryPath(), temporaryPath("json"), temporaryPath()
    )
    defer { for path in [folder, weights, questions, noises] { try? FileManager.default.removeItem(atPath: path) } }
    try network(clips).write(to: weights, card: [:])
    let network = try JointTransformer(contentsOf: weights, elementType: .float32)
    let files = try LatentSetTests.set(in: folder).clips.map(\.file)
    let keys = try clips.shards.paths.map { try ShardSample.samples(ofShard: $0).map(\.key) }

    var settings = FlowMatching.Settings().questions
    settings.times = Asked.times
    let drawer = FlowQuestions(clips, settings)
    var (asked, losses, noise) = ([Asked](), [Double](), Checkpoint())
    for k in 0..<1500 {
      let question = try drawer.question(k, seed: 3, for: network)
      let place = clips.shards.place(k, seed: 3)
      asked.append(
        Asked(question, clip: files.firstIndex { $0.hasSuffix("/\(keys[place.shard][place.sample]).safetensors") }!))
      guard k < 32 else { continue }
      losses.append(FlowMatching.loss(of: network, on: question, soundWeight: 1).scalar)
      noise.add(question.noise.video, named: "video.\(k)")
      noise.add(question.noise.sound, named: "sound.\(k)")
    }
    // Of the questions that are answered each way of asking is one, and another one isn't.
    for way in Asked.ways { #expect(Set(asked.prefix(32).map(way.holds)).count == 2, "\(way.name)") }
    try JSONEncoder().encode(asked).write(to: URL(filePath: questions))
    try noise.write(to: noises)

    let run = try Self.run([Self.python!, "-c", Self.script, Self.twin, folder, weights, questions, noises])
    let answer = try #require(try? JSONDecoder().decode(Answer.self, from: Data(run.told.utf8)), "\(run.told)")
    for (k, pair) in zip(losses, answer.losses).enumerated() {
      #expect(abs(pair.0 - pair.1) < Self.rounding * pair.0, "\(asked[k]): \(pair.0), and \(pair.1) by the twin")
    }
    // Filled up to one size and asked at once they are the same.
    let mean = losses.reduce(0, +) / Double(losses.count)
    #expect(abs(answer.together - mean) < Self.rounding * mean, "\(answer.together) for \(mean)")
    // Shares of draws differ by chance: by less than 4.5 deviations.
    #expect(answer.drawn.count == asked.count)
    for way in Asked.ways {
      let (a, b) = (Double(asked.count(where: way.holds)), Double(answer.drawn.count(where: way.holds)))
      let deviation = ((a + b) * (1 - (a + b) / Double(2 * asked.count))).squareRoot()
      #expect(abs(a - b) < 4.5 * deviation, "\(way.name): \(a), and \(b) by the twin")
    }
  }

  /// What float32 may make of sums in another order; 1e-3 is asked.
  private static let rounding = 3e-5

  /// A question as the twin has it.
  private struct Asked: Codable, Sendable {
    static let (times, frames) = (2, 8)
    static let parts = ["base", "controls", "known", "bodies", "contacts", "words", "style"]

    let clip: Int, start: Int, length: Int, caption: Int, t: Double
    let dropped: [String], known: [Int], is_flat: Bool

    init(_ question: FlowQuestion, clip: Int) {
      let given = question.given
      self.clip = clip
      (start, length, caption, t) = (question.times.lowerBound, question.times.count, question.caption, question.t)
      (known, is_flat) = (question.known, given.isBaseFlat && given.base != nil)
      let told = [
        given.base != nil, given.controls != nil, given.known != nil, given.bodies != nil, given.contacts != nil,
        given.words != nil, given.style != nil,
      ]
      dropped = zip(Self.parts, told).filter { !$1 }.map(\.0)
    }

    /// What may be so of a question.
    struct Way: Sendable {
      let name: String, holds: @Sendable (Asked) -> Bool

      init(_ name: String, _ holds: @escaping @Sendable (Asked) -> Bool) { (self.name, self.holds) = (name, holds) }
    }

    static let ways: [Way] = parts.map { part in Way("without \(part)") { $0.dropped.contains(part) } } + others
    private static let others: [Way] = [
      Way("flat") { $0.is_flat },
      Way("nothing but words") { $0.dropped.count >= 4 },
      Way("pure noise") { $0.t == 0 },
      Way("noisy") { $0.t < 0.5 },
      Way("at the clip's start") { $0.start == 0 },
      Way("the first caption") { $0.caption == 0 },
      Way("a first frame") { $0.known.contains(0) },
      Way("a token") { $0.known.contains(3) },
      Way("part of a token") { $0.known.contains(4) && !$0.known.contains(7) },
      Way("a last frame") { $0.known.contains(frames - 1) },
      Way("a frame ahead") { $0.known.contains { $0 >= frames } },
    ]
  }

  private struct Answer: Decodable {
    let losses: [Double], together: Double, drawn: [Asked]
  }

  private static let script = """
    import json, sys
    sys.path.insert(0, sys.argv[1])
    import torch
    from safetensors.torch import load_file
    import numpy
    from latents import Clip, LatentSet
    from questions import PARTS, batched, drawn, question
    from train_transformer import FlowMatching, built
    from training import read_weights

    latents = LatentSet([sys.argv[2]])
    configuration, tensors = read_weights(sys.argv[3], "transformer")
    network = built(configuration)
    network.load_state_dict({name: tensors[name] for name in network.state_dict()})
    noise = load_file(sys.argv[5])
    objective = FlowMatching(latents, torch.device("cpu"))
    questions, noises = [], []
    read = lambda k: Clip(latents.files[k], latents.sizes[k])
    every = json.load(open(sys.argv[4]))
    for k, asked in enumerate(every):
        if f"video.{k}" in noise:
            questions.append(question(read(asked["clip"]), asked, configuration, latents.rules))
            noises.append([noise[f"{kind}.{k}"] for kind in ("video", "sound")])
    with torch.no_grad():
        losses = [objective(network, batched([q]), n).item() for q, n in zip(questions, noises)]
        filled = lambda xs: torch.nn.utils.rnn.pad_sequence([x[0] for x in xs], batch_first=True)
        together = objective(network, batched(questions), [filled(kind) for kind in zip(*noises)]).item()
    draws = []
    for k in range(len(every)):
        index = int(latents.learned[k % len(latents.learned)])
        asked = drawn(numpy.random.default_rng(k), read(index), latents.rules | {"times": 2})
        told = question(read(index), asked, configuration, latents.rules)
        draws.append(asked | {"clip": index, "dropped": [part for part in PARTS if part not in told]})
    print(json.dumps({"losses": losses, "together": together, "drawn": draws}))
    """

  @Test(
    "two processes train one transformer from Mondo's weights, and Mondo goes on from theirs",
    .enabled("needs PyTorch") { python != nil })
  func transformer() throws {
    let clips = LatentSetTests.clips()
    let (folder, weights, trained, next) = (
      try LatentSetTests.written(clips), temporaryPath(), temporaryPath(), temporaryPath()
    )
    defer { for path in [folder, weights, trained, next] { try? FileManager.default.removeItem(atPath: path) } }
    let network = try network(clips)
    try network.write(to: weights, card: [:])
    try train(
      "train_transformer.py", processes: 2,
      [folder, "--from", weights, "-o", trained, "--steps", "4", "--stretches", "1", "--learning-rate", "1e-3"])
    let read = try JointTransformer(contentsOf: trained)
    #expect(read.configuration == network.configuration && read.residual.flat.floats() == network.residual.flat.floats())
    let (before, after) = (try Checkpoint(contentsOf: weights).tensors, try Checkpoint(contentsOf: trained).tensors)
    #expect(before.keys.sorted() == after.keys.sorted())
    #expect(before.filter { !$0.key.hasPrefix("residual") && after[$0.key]!.floats() == $0.value.floats() }.isEmpty)

    var schedule = FlowMatching.schedule
    schedule.steps = 2
    let training = Training(FlowMatching(on: clips, network: read.configuration), schedule)
    try training.begin(from: trained)
    for _ in 0..<2 { #expect(try training.advance().isFinite) }
    try training.writeWeights(to: next)
    #expect(try JointTransformer(contentsOf: next).configuration == network.configuration)
  }

  @Test("killed with −9, the twin goes on to the same weights", .enabled("needs PyTorch") { python != nil })
  func killed() throws {
    let (folder, whole, rest, state) = (try LatentSetTests.written(), temporaryPath(), temporaryPath(), temporaryPath("pt"))
    defer { for path in [folder, whole, rest, state] { try? FileManager.default.removeItem(atPath: path) } }
    func command(_ output: String, _ more: [String]) -> [String] {
      let small = ["--width", "32", "--heads", "2", "--depth", "1", "--stretches", "2", "--steps", "40"]
      return [Self.python!, "\(Self.twin)/train_transformer.py", folder, "-o", output] + small + more
    }
    let kept = command(rest, ["--state", state, "--keep-every", "0"])
    #expect(try Self.run(command(whole, [])).status == 0)
    let part = Self.process(kept)
    part.standardOutput = FileHandle.nullDevice
    try part.run()
    while part.isRunning, !FileManager.default.fileExists(atPath: state) { Thread.sleep(forTimeInterval: 0.01) }
    kill(part.processIdentifier, SIGKILL)
    part.waitUntilExit()
    let run = try Self.run(kept)
    #expect(run.status == 0 && run.told.contains("goes on from step"), "\(run.told)")
    let (a, b) = (try Checkpoint(contentsOf: whole).tensors, try Checkpoint(contentsOf: rest).tensors)
    #expect(a.keys.sorted() == b.keys.sorted() && a.allSatisfy { $1.floats() == b[$0]?.floats() })

    // Another training doesn't go on from it.
    let other = try Self.run(kept + ["--seed", "1"])
    #expect(other.status == 1 && other.told.contains("another one (seed 0 there, 1 here)"), "\(other.told)")
  }
}
