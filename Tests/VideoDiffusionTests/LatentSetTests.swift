import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// Clips that are kept as latents, for trainings elsewhere.
@Suite struct LatentSetTests {
  static let networks = ["shader": "sha256:1"]

  /// With all that a clip can be told by, made by small networks.
  static func clips(_ shards: SampleShards = TestData.bounces) -> ConditionedClips {
    ConditionedClips(
      shards, pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
      shader: NeuralShaderTests.awake(), geometry: NeuralShaderTests.awake(NeuralShaderTests.smallGeometry),
      soundShader: SoundShaderTests.awake())
  }

  /// Writes the clips into a folder of the test's own, which the caller takes away.
  static func written(_ clips: ConditionedClips = clips()) throws -> String {
    let folder = temporaryPath("latents")
    _ = try LatentProduction(of: clips, networks: networks).write(to: folder) { _, _, _ in }
    return folder
  }

  static func set(in folder: String) throws -> LatentSet {
    try JSONDecoder().decode(LatentSet.self, from: Data(contentsOf: URL(filePath: folder + "/latents.json")))
  }

  /// All that is known of a stretch, as text: equal only where every number is.
  private func told(_ given: WindowConditions) -> [String] {
    func row(_ part: (rows: Tensor, positions: [TokenPosition])?) -> String {
      "\(part?.rows.floats() ?? []) \(part?.positions ?? [])"
    }
    return [
      "\(given.videoPositions)", "\(given.soundPositions)", "\(given.places.floats())", "\(given.framesPerSecond)",
      "\(given.base?.floats() ?? [])", "\(given.isBaseFlat)", "\(given.soundBase?.floats() ?? [])",
      "\(given.controls?.floats() ?? [])", row(given.bodies), row(given.contacts), "\(given.words ?? [])",
      "\(given.style ?? -1)",
    ]
  }

  @Test("a stretch of a kept clip is that of the clip, whatever part of it")
  func stretches() throws {
    let clips = Self.clips()
    let folder = try Self.written(clips)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let set = try Self.set(in: folder)
    let samples = try clips.shards.paths.flatMap { try ShardSample.samples(ofShard: $0) }
    #expect(set.isComplete && set.clips.count == samples.count)
    var (random, seen) = (RandomStream(seed: 4, "stretches"), Set<Int>())
    for (entry, sample) in zip(set.clips, samples) {
      let (made, kept) = (try clips.clip(of: sample), try LatentClipFile(path: "\(folder)/\(entry.file)").read())
      let conditions = made.conditions
      #expect((entry.times, entry.rows, entry.columns) == conditions.tokens)
      for _ in 0..<6 {
        let length = 1 + random.index(below: conditions.tokens.time)
        let start = random.index(below: conditions.tokens.time - length + 1)
        let (times, caption) = (start..<start + length, random.index(below: 20))
        let window = conditions.window(times, caption: caption, vocabulary: 100)
        #expect(told(kept.conditions.window(times, caption: caption, vocabulary: 100)) == told(window), "\(times)")
        #expect(kept.latents(times).video.floats() == made.latents(times).video.floats())
        #expect(kept.latents(times).sound.floats() == made.latents(times).sound.floats())
        #expect(kept.flatBase(times)!.floats() == made.flatBase(times)!.floats())
        seen.insert(window.contacts?.positions.count ?? 0)
        // Nothing was left out of the comparison.
        #expect(window.base != nil && window.soundBase != nil && window.controls != nil && window.bodies != nil)
        #expect(window.words?.isEmpty == false && window.style != nil)
      }
    }
    #expect(seen.count > 1 && seen.contains { $0 > 0 }, "stretches differ in what is heard: \(seen)")
  }

  @Test("of many contacts the strongest are told, in the order in which they are heard, and those before that still ring")
  func contacts() throws {
    var random = RandomStream(seed: 2, "contacts")
    let times = (0..<120).map { _ in Float(random.uniform(in: 0...2)) }.sorted()
    let impulses = times.map { _ in Float(random.uniform()) }
    let contacts = ContactFeatures(
      rows: (0..<120).flatMap { Array(repeating: Float($0), count: ContactFeatures.width) }, times: times, impulses: impulses,
      places: (0..<240).map { $0 % 6 < 2 ? .nan : Double($0) })
    for frames in [0..<4, 4..<12, 8..<16] {
      let told = try #require(contacts.rows(frames: frames, framesPerSecond: 8))
      let heard = Double(frames.lowerBound) / 8 - ContactFeatures.memory..<Double(frames.upperBound) / 8
      let near = times.indices.filter { heard.contains(Double(times[$0])) }
      let rows = told.rows.floats()
      let places = (0..<told.positions.count).map { Int(rows[$0 * ContactFeatures.width + 1]) }
      #expect(places == places.sorted() && places.count == min(near.count, ContactFeatures.largestCount))
      #expect(Set(places).isSubset(of: near))
      let weakest = places.map { impulses[$0] }.min()!
      #expect(near.allSatisfy { places.contains($0) || impulses[$0] <= weakest })
      for (row, place) in places.enumerated() {
        #expect(rows[row * ContactFeatures.width] == Float(Double(times[place]) - Double(frames.lowerBound) / 8))
        #expect(told.positions[row].time == Double(times[place]) * 6 && (told.positions[row].row == nil) == (place % 3 == 0))
      }
    }
    #expect(contacts.rows(frames: 20..<24, framesPerSecond: 8) == nil)
  }

  @Test("held-out samples are marked, and what training measures is kept")
  func about() throws {
    let clips = Self.clips()
    let folder = try Self.written(clips)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let set = try Self.set(in: folder)
    #expect(set.clips.filter(\.isHeldOut).map(\.file) == ["shard-00000/000001-hop.safetensors"])
    #expect(clips.shards.heldOutPlaces.count == 1 && set.networks == Self.networks)
    #expect(set.configuration == clips.fitting(JointTransformer.Configuration()))
    var network = JointTransformer(set.configuration)
    try FlowMatching(on: clips).prepare(&network, isBegun: true, seed: 0)
    let measured = try Checkpoint(contentsOf: folder + "/measured.safetensors").tensors
    for (name, tensor) in network.residual.parameters {
      #expect(measured[name]?.floats() == tensor.floats() && tensor.floats().allSatisfy { $0 != 1 }, "\(name)")
    }
  }

  private struct Stop: Error {}

  @Test("cut off, it goes on: nothing is made twice, and all comes to the same")
  func resuming() throws {
    let clips = Self.clips()
    let (whole, folder) = (try Self.written(clips), temporaryPath("latents"))
    defer { for path in [whole, folder] { try? FileManager.default.removeItem(atPath: path) } }
    let production = LatentProduction(of: clips, networks: Self.networks)
    #expect(throws: Stop.self) { try production.write(to: folder) { done, _, _ in if done == 2 { throw Stop() } } }
    #expect(try !Self.set(in: folder).isComplete)
    // Of another sample of that name, and cut short: both are made anew.
    let names = try Self.set(in: whole).clips.map(\.file)
    let first = URL(filePath: "\(folder)/\(names[0])")
    try Data(contentsOf: first).prefix(5000).write(to: first)
    try FileManager.default.removeItem(atPath: "\(folder)/\(names[1])")
    try FileManager.default.copyItem(atPath: "\(whole)/\(names[2])", toPath: "\(folder)/\(names[1])")
    var told: [Int] = []
    let outcome = try production.write(to: folder) { done, found, total in
      told.append(found)
      #expect(done == told.count - 1 && total == 5)
    }
    #expect((outcome.clips, outcome.heldOut, outcome.made) == (5, 1, 5))
    #expect(try production.write(to: folder) { _, _, _ in }.made == 0)
    for name in names + ["latents.json", "measured.safetensors"] {
      let (a, b) = (
        FileManager.default.contents(atPath: "\(folder)/\(name)"), FileManager.default.contents(atPath: "\(whole)/\(name)")
      )
      #expect(a != nil && a == b, "\(name)")
    }
  }

  @Test("a folder that holds something else stays as it is")
  func foreign() throws {
    let (file, folder, kept) = (temporaryPath("txt"), temporaryPath("folder"), try Self.written())
    defer { for path in [file, folder, kept] { try? FileManager.default.removeItem(atPath: path) } }
    try "mine".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "mine".write(toFile: folder + "/notes", atomically: true, encoding: .utf8)
    for (path, networks, problem) in [
      (file, Self.networks, "it is a file, and latents go into a folder"),
      (folder, Self.networks, "there is something in this folder, and no latents"),
      (kept, ["shader": "sha256:2"], "it holds latents of another shader"),
    ] {
      #expect(throws: TrainingDataError.foreignFolder(path: path, problem: problem)) {
        try LatentProduction(of: Self.clips(), networks: networks).write(to: path) { _, _, _ in }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["notes"])
  }
}
