import Foundation
import MediaIO
import Testing
import WorldCore

/// Files that end early or were overwritten in part: what there is is decoded, what is lost is told, nothing crashes.
@Suite struct DamagedClipTests {
  let folder = ScratchFolder()

  private func cut(_ ending: String, to fraction: Double) throws -> String {
    let whole = folder.file("whole.\(ending)")
    // Half the sound comes with each half of the frames, as from any real writer.
    let writer = try ClipWriter(path: whole, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24))
    for k in 0..<96 {
      try writer.append(pattern(width: 64, height: 48, frame: k))
      try writer.append(AudioBuffer(silenceFor: 1.0 / 24))
    }
    try writer.finish()
    let data = bytes(of: whole)
    let path = folder.file("cut.\(ending)")
    try Data(data[..<Int(Double(data.count) * fraction)]).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: ["mp4", "mov", "webm"]) func truncatedClips(ending: String) throws {
    let path = try cut(ending, to: 0.7)
    let reader = try VideoReader(path: path)
    var times: [Double] = []
    while let frame = try reader.nextFrame() {
      #expect(reader.damage == nil)
      times.append(frame.time)
    }
    #expect(times.count > 20 && times.count < 96)
    #expect(zip(times, times.dropFirst()).allSatisfy(<))
    let damage = try #require(reader.damage)
    #expect(damage.isTruncated)
    #expect(damage.description.hasPrefix("the file ends early"))
    #expect(damage.description.contains(" of 4.0"), "\(damage)")
    #expect(damage.description.hasSuffix("\(times.count) frames in all; record or download the file again"), "\(damage)")
    // Reading on past the end stays at the end.
    #expect(try reader.nextFrame() == nil)

    let sound = try AudioReader(path: path)
    while try sound.nextChunk() != nil {}
    #expect(sound.damage?.isTruncated == true)
  }

  @Test func wholeClipsAreSound() throws {
    for ending in ["mp4", "webm"] {
      _ = try cut(ending, to: 0.5)
      let reader = try VideoReader(path: folder.file("whole.\(ending)"))
      while try reader.nextFrame() != nil {}
      #expect(reader.damage == nil)
      let sound = try AudioReader(path: folder.file("whole.\(ending)"))
      while try sound.nextChunk() != nil {}
      #expect(sound.damage == nil)
    }
  }

  @Test("a transport stream promises no length: one that ends within a packet was cut")
  func cutTransportStream() throws {
    let whole = bytes(of: fixture("transport.ts"))
    for (share, isCut) in [(1.0, false), (0.8, true)] {
      let path = folder.file("stream.ts")
      let count = Int(share * Double(whole.count))
      try Data(whole[..<(isCut ? count / 188 * 188 + 100 : count)]).write(to: URL(fileURLWithPath: path))
      let reader = try VideoReader(path: path)
      while try reader.nextFrame() != nil {}
      #expect((reader.damage?.isTruncated ?? false) == isCut, "\(String(describing: reader.damage))")
    }
  }

  @Test func overwrittenStretchesAreCounted() throws {
    try writeClip(folder.file("whole.mp4"), width: 128, height: 96, count: 48)
    var data = bytes(of: folder.file("whole.mp4"))
    let media = try #require(Data(data).range(of: Data("mdat".utf8)))
    let middle = media.upperBound + (data.count - media.upperBound) / 2
    for k in middle..<middle + 400 { data[k] = 0 }
    let path = folder.file("overwritten.mp4")
    try Data(data).write(to: URL(fileURLWithPath: path))
    let reader = try VideoReader(path: path)
    var damaged = 0
    var count = 0
    while let frame = try reader.nextFrame() {
      count += 1
      if frame.isDamaged { damaged += 1 }
    }
    #expect(count > 20)
    #expect(damaged > 0 || reader.damage != nil)
  }

  /// Any byte of any kind of file may be wrong.
  @Test(arguments: [
    "plain.avi", "motion-jpeg.avi", "rotated.mov", "anamorphic.mkv", "animated.gif", "edit-list.mov", "transport.ts",
    "both.webm", "photo.jpg", "click-mono-44100.wav",
  ])
  func randomDamageNeverCrashes(name: String) throws {
    let whole = bytes(of: fixture(name))
    #expect(!whole.isEmpty)
    for seed in 0..<24 {
      var random = RandomStream(seed: UInt64(seed), name)
      var data = whole
      for _ in 0..<(1 + seed * 2) { data[random.index(below: data.count)] = UInt8(random.index(below: 256)) }
      if seed % 3 == 2 { data.removeLast(random.index(below: data.count)) }
      let path = folder.file("\(seed)-\(name)")
      try Data(data).write(to: URL(fileURLWithPath: path))
      do throws(MediaError) {
        let reader = try VideoReader(path: path, maximumSide: 64)
        var count = 0
        while let frame = try reader.nextFrame(), count < 200 {
          #expect(frame.image.width == reader.width && frame.time.isFinite)
          count += 1
        }
      } catch { #expect(!error.problem.isEmpty) }
      do throws(MediaError) {
        let reader = try AudioReader(path: path)
        var count = 0
        while let chunk = try reader.nextChunk(), count < 200 { count += chunk.samples.isEmpty ? 0 : 1 }
      } catch { #expect(!error.problem.isEmpty) }
    }
  }
}
