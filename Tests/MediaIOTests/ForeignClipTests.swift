import Foundation
import MediaIO
import Testing
import WorldCore

private let red = SRGB8(red: 200, green: 50, blue: 50)
private let blue = SRGB8(red: 50, green: 50, blue: 200)

/// Clips that other programs made, with all that containers can say about showing them.
@Suite struct ForeignClipTests {
  @Test(arguments: ["plain.avi", "motion-jpeg.avi", "full-range-709.mkv", "animated.gif"])
  func colourMatrixAndRange(name: String) throws {
    let frames = try allFrames(fixture(name))
    #expect(frames.count == 4)
    for (k, frame) in frames.enumerated() {
      #expect(frame.image.width == 48 && frame.image.height == 32)
      #expect(distance(frame.image[8, 16], red) <= 3, "left \(frame.image[8, 16])")
      #expect(distance(frame.image[40, 16], blue) <= 3, "right \(frame.image[40, 16])")
      #expect(abs(frame.time - Double(k) / 10) < 1e-9)
    }
  }

  @Test func rotation() throws {
    let reader = try VideoReader(path: fixture("rotated.mov"))
    #expect(reader.width == 32 && reader.height == 48)
    #expect(reader.info.video?.width == 32 && reader.info.video?.height == 48)
    let image = try #require(try reader.nextFrame()).image
    try #require(image.width == 32 && image.height == 48)
    // A quarter turn counter-clockwise brings the right half to the top.
    #expect(distance(image[16, 8], blue) <= 3)
    #expect(distance(image[16, 40], red) <= 3)
  }

  @Test func sampleAspect() throws {
    let image = try #require(try allFrames(fixture("anamorphic.mkv")).first).image
    #expect(image.width == 96 && image.height == 32)
    #expect(distance(image[40, 16], red) <= 3)
    #expect(distance(image[56, 16], blue) <= 3)
  }

  @Test func variableRate() throws {
    #expect(try allFrames(fixture("variable-rate.mkv")).map(\.time) == [0, 0.04, 0.2, 0.22])
  }

  @Test func editListsAreFollowed() throws {
    let frames = try allFrames(fixture("edit-list.mov"))
    #expect(frames.count == 15)
    for (k, frame) in frames.enumerated() { #expect(abs(frame.time - Double(k) / 10) < 1e-9) }
  }

  @Test func transportStreamsStartAtZero() throws {
    let frames = try allFrames(fixture("transport.ts"))
    #expect(frames.count == 4)
    let first = try #require(frames.first)
    #expect(first.time >= 0 && first.time < 0.11)
    let sound = try AudioReader.readAll(path: fixture("transport.ts"))
    #expect(abs(onset(of: sound) - 0.2 - first.time) < 0.11)
  }

  @Test func opusSound() throws {
    let sound = try AudioReader.readAll(path: fixture("both.webm"))
    #expect(abs(onset(of: sound) - 0.2) < 0.001)
    #expect(sound.samples.count == 19_200)
    let steady = sound.samples[13_000..<17_000]
    #expect(abs(loudness(steady.map(\.x)) - 0.5 / 2.0.squareRoot()) < 0.02)
    #expect(abs(loudness(steady.map(\.y)) - 0.25 / 2.0.squareRoot()) < 0.02)
  }

  /// A click of one channel at 44.1 kHz is heard on both sides, where it was, at its full area.
  @Test func monoIsResampledInPlace() throws {
    let sound = try AudioReader.readAll(path: fixture("click-mono-44100.wav"))
    #expect(abs(sound.duration - 0.5) < 1.0 / 48_000)
    let peak = try #require(sound.samples.indices.max { abs(sound.samples[$0].x) < abs(sound.samples[$1].x) })
    #expect(peak == 12_000)
    #expect(sound.samples.allSatisfy { $0.x == $0.y })
    #expect(abs(sound.samples.reduce(0) { $0 + $1.x } - 0.9 * 48 / 44.1) < 0.01)
  }

  @Test func numberedPictures() throws {
    let folder = ScratchFolder()
    for k in 1...5 {
      try PNG.write(pattern(width: 20, height: 10, frame: k), to: folder.file(String(format: "frame-%03d.png", k)))
    }
    let reader = try VideoReader(path: folder.file("frame-%03d.png"), imageSequenceRate: 8)
    var frames: [VideoFrame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    #expect(frames.map(\.time) == [0, 0.125, 0.25, 0.375, 0.5])
    #expect(frames.map(\.image) == (1...5).map { pattern(width: 20, height: 10, frame: $0) })
  }

  @Test("numbered pictures may begin anywhere, and what comes after a gap is told as left out")
  func numberedPicturesWithGap() throws {
    let folder = ScratchFolder()
    for k in [17, 18, 19, 21, 22] {
      try PNG.write(pattern(width: 20, height: 10, frame: k), to: folder.file(String(format: "frame-%03d.png", k)))
    }
    let reader = try VideoReader(path: folder.file("frame-%03d.png"), imageSequenceRate: 8)
    var frames: [VideoFrame] = []
    while let frame = try reader.nextFrame() { frames.append(frame) }
    #expect(frames.map(\.image) == (17...19).map { pattern(width: 20, height: 10, frame: $0) })
    let damage = try #require(reader.damage)
    #expect(damage.isTruncated)
    #expect(damage.description.contains("from 19 to 21") && damage.description.contains("2 after the gap"))
  }

  /// Camera footage: the counts are those of the containers.
  @Test(
    .enabled(if: sharedClips != nil, "shared/clips is absent"),
    arguments: [
      ("ball-drop-120fps.mp4", 327, 30.0), ("ball-toss.mp4", 32, 30.0), ("two-carts.mp4", 15, 5.0),
      ("rolling-ball-slow.mp4", 19, 3000.0 / 1001), ("landing-long.mp4", 70, 29.5),
    ] as [(String, Int, Double)])
  func realFootage(name: String, count: Int, framesPerSecond: Double) throws {
    let path = try #require(sharedClips) + "/" + name
    let reader = try VideoReader(path: path, maximumSide: 256)
    var times: [Double] = []
    while let frame = try reader.nextFrame() {
      #expect(frame.image.width == reader.width && frame.image.height == reader.height)
      #expect(max(frame.image.width, frame.image.height) == 256)
      times.append(frame.time)
    }
    #expect(times.count == count)
    #expect(reader.damage == nil)
    #expect(reader.info.video?.framesPerSecond == framesPerSecond)
    #expect(zip(times, times.dropFirst()).allSatisfy(<))
    #expect(times.first == 0)
  }

  /// Seconds at which the sound first passes a tenth of its peak.
  private func onset(of sound: AudioBuffer) -> Double {
    let peak = sound.samples.map { abs($0.x) }.max() ?? 0
    return Double(sound.samples.firstIndex { abs($0.x) > peak / 10 } ?? 0) / 48_000
  }

  private func loudness(_ values: [Float]) -> Double {
    (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
  }
}

/// The folder of camera footage beside the repository, or where MONDO_SHARED says.
private let sharedClips: String? = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let folder = ProcessInfo.processInfo.environment["MONDO_SHARED"] ?? root.appendingPathComponent("../shared").standardized.path
  return FileManager.default.fileExists(atPath: folder + "/clips/ball-toss.mp4") ? folder + "/clips" : nil
}()
