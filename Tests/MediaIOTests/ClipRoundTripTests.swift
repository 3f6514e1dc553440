import Foundation
import MediaIO
import Testing
import WorldCore

@Suite struct ClipRoundTripTests {
  let folder = ScratchFolder()

  @Test(arguments: ["mp4", "mov", "webm"])
  func framesComeBackInOrderAndLikeness(ending: String) throws {
    let path = folder.file("clip.\(ending)")
    try writeClip(path, count: 30)
    let frames = try allFrames(path)
    #expect(frames.count == 30)
    #expect(frames.map(\.index) == Array(0..<30))
    for (k, frame) in frames.enumerated() {
      #expect(peakSignalToNoise(frame.image, pattern(width: 64, height: 48, frame: k)) > 36)
      #expect(!frame.isDamaged)
    }
    #expect(folder.contents == ["clip.\(ending)"])
  }

  /// mp4 keeps time exactly; WebM rounds it to milliseconds.
  @Test(arguments: [24, 25, 30, 60, 12.5, 30_000.0 / 1001, 23.976, 120])
  func everyFrameHasItsTime(framesPerSecond: Double) throws {
    for (ending, tolerance) in [("mp4", 1e-9), ("webm", 0.000_501)] {
      let path = folder.file("clip.\(ending)")
      try writeClip(path, count: 20, framesPerSecond: framesPerSecond)
      for (k, frame) in try allFrames(path).enumerated() {
        #expect(abs(frame.time - Double(k) / framesPerSecond) <= tolerance)
      }
    }
  }

  @Test func timesOfWholeRatesAreExact() throws {
    let path = folder.file("clip.mp4")
    try writeClip(path, count: 50, framesPerSecond: 24)
    #expect(try allFrames(path).map(\.time) == (0..<50).map { Double($0) / 24 })
  }

  /// Patches of 16×16 and larger keep their colour through 4:2:0 at the default quality.
  @Test(arguments: ["mp4", "webm"]) func coloursSurvive(ending: String) throws {
    let colours = [
      SRGB8(red: 255, green: 0, blue: 0), SRGB8(red: 0, green: 255, blue: 0), SRGB8(red: 0, green: 0, blue: 255),
      SRGB8(red: 255, green: 255, blue: 0), SRGB8(red: 0, green: 255, blue: 255), SRGB8(red: 255, green: 0, blue: 255),
      SRGB8(red: 255, green: 255, blue: 255), SRGB8(red: 0, green: 0, blue: 0), SRGB8(red: 128, green: 128, blue: 128),
      SRGB8(red: 210, green: 105, blue: 30),
    ]
    var image = Image<SRGB8>(width: 32 * colours.count, height: 32, filledWith: colours[0])
    for y in 0..<32 { for x in 0..<image.width { image[x, y] = colours[x / 32] } }
    let path = folder.file("clip.\(ending)")
    let settings = ClipSettings(width: image.width, height: 32, framesPerSecond: 24, hasSound: false, constantRateFactor: 12)
    let writer = try ClipWriter(path: path, settings: settings)
    for _ in 0..<5 { try writer.append(image) }
    try writer.finish()
    for frame in try allFrames(path) {
      for (k, colour) in colours.enumerated() {
        #expect(distance(frame.image[32 * k + 16, 16], colour) <= 3, "patch \(k): \(frame.image[32 * k + 16, 16])")
      }
    }
  }

  /// A black and white edge between even columns: a colour plane sited wrongly tints one side of a red and grey edge.
  @Test func colourPlanesSitWhereTheySay() throws {
    var image = Image<SRGB8>(width: 64, height: 32, filledWith: SRGB8(red: 128, green: 128, blue: 128))
    for y in 0..<32 {
      for x in 0..<64 {
        let ramp = UInt8(min(255, max(0, 4 * x)))
        image[x, y] = SRGB8(red: ramp, green: 100, blue: 255 - ramp)
      }
    }
    let path = folder.file("clip.mp4")
    let settings = ClipSettings(width: 64, height: 32, framesPerSecond: 24, hasSound: false, constantRateFactor: 1)
    let writer = try ClipWriter(path: path, settings: settings)
    try writer.append(image)
    try writer.finish()
    let frame = try #require(try allFrames(path).first)
    // Half a chroma sample astray would move the ramp by 4 × 0.5 in one direction throughout.
    var bias = 0.0
    for x in 8..<56 { bias += Double(Int(frame.image[x, 16].red) - Int(image[x, 16].red)) / 48 }
    #expect(abs(bias) < 0.7)
  }

  @Test func sameInputGivesSameBytes() throws {
    for ending in ["mp4", "mov", "webm"] {
      let sound = clicks(at: [4800], seconds: 0.5)
      try writeClip(folder.file("a.\(ending)"), sound: sound)
      try writeClip(folder.file("b.\(ending)"), sound: sound)
      let (first, second) = (bytes(of: folder.file("a.\(ending)")), bytes(of: folder.file("b.\(ending)")))
      let isSame = first == second
      #expect(isSame, "\(ending): \(first.count) and \(second.count) bytes")
      #expect(first.count > 1000)
    }
  }

  @Test func decodingIsDeterministic() throws {
    let path = folder.file("clip.mp4")
    try writeClip(path, width: 320, height: 180, count: 24)
    let isSame = try allFrames(path) == allFrames(path)
    #expect(isSame)
  }

  @Test(arguments: ["mp4", "mov", "webm"])
  func soundKeepsItsPlace(ending: String) throws {
    let sound = clicks(at: [12_345, 30_001, 70_777], seconds: 2)
    let path = folder.file("clip.\(ending)")
    try writeClip(path, count: 48, sound: sound)
    let heard = try AudioReader.readAll(path: path)
    #expect(abs(lag(of: heard, behind: sound)) <= (ending == "webm" ? 24 : 0))
    #expect(abs(heard.samples.count - sound.samples.count) <= (ending == "webm" ? 960 : 0))
    let first = try #require(try allFrames(path).first)
    #expect(first.time == 0)
  }

  /// Frames and sound in any order and in pieces of any size make the same sound.
  @Test func soundInPieces() throws {
    let sound = clicks(at: [5000], seconds: 1)
    let whole = folder.file("whole.mp4")
    let pieces = folder.file("pieces.mp4")
    try writeClip(whole, count: 24, sound: sound)
    let writer = try ClipWriter(path: pieces, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24))
    var position = 0
    for k in 0..<24 {
      try writer.append(pattern(width: 64, height: 48, frame: k))
      let end = min(sound.samples.count, position + 1999 + k)
      try writer.append(AudioBuffer(samples: Array(sound.samples[position..<end])))
      position = end
    }
    try writer.append(AudioBuffer(samples: Array(sound.samples[position...])))
    try writer.finish()
    let soundsSame = try AudioReader.readAll(path: whole) == AudioReader.readAll(path: pieces)
    let looksSame = try allFrames(whole) == allFrames(pieces)
    #expect(soundsSame && looksSame)
  }

  @Test func theIndexComesFirst() throws {
    let path = folder.file("clip.mp4")
    try writeClip(path)
    let data = Data(bytes(of: path))
    let index = try #require(data.range(of: Data("moov".utf8)))
    let media = try #require(data.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < media.lowerBound)
    for tell in ["Lavf", "Lavc"] { #expect(data.range(of: Data(tell.utf8)) == nil) }
  }

  @Test func headersSayWhatIsThere() throws {
    let path = folder.file("clip.mp4")
    try writeClip(path, width: 96, height: 54, count: 24, sound: clicks(at: [], seconds: 1))
    let info = try MediaInfo(path: path)
    let video = try #require(info.video)
    #expect(video.codec == "h264" && video.width == 96 && video.height == 54)
    #expect(video.framesPerSecond == 24 && video.frameCount == 24)
    #expect(abs((info.duration ?? 0) - 1) < 0.03)
    let audio = try #require(info.audio)
    #expect(audio.codec == "aac" && audio.sampleRate == 48_000 && audio.channels == 2 && audio.duration == 1)
  }

  @Test func asynchronousReadingGivesTheSame() async throws {
    let path = folder.file("clip.mp4")
    try writeClip(path)
    var frames: [VideoFrame] = []
    for try await frame in try VideoReader(path: path) { frames.append(frame) }
    let isSame = try frames == allFrames(path)
    #expect(isSame && !frames.isEmpty)
  }

  @Test(arguments: [(64, 48, 32, 32, 24), (64, 48, 100, 64, 48), (48, 64, 32, 24, 32), (64, 48, 1, 1, 1)])
  func shrinking(width: Int, height: Int, side: Int, expectedWidth: Int, expectedHeight: Int) throws {
    let path = folder.file("clip.mp4")
    try writeClip(path, width: width, height: height, count: 2)
    let frame = try #require(try allFrames(path, maximumSide: side).first)
    #expect(frame.image.width == expectedWidth && frame.image.height == expectedHeight)
  }

  /// The whole clip never sits in memory: 2000 frames of 256×144 would be 295 MB.
  @Test func memoryStaysConstant() throws {
    let path = folder.file("long.mp4")
    let settings = ClipSettings(width: 256, height: 144, framesPerSecond: 60, hasSound: true, effort: .ultrafast)
    let writer = try ClipWriter(path: path, settings: settings)
    let images = (0..<4).map { pattern(width: 256, height: 144, frame: $0) }
    for k in 0..<2000 {
      try writer.append(images[k % 4])
      try writer.append(AudioBuffer(silenceFor: 1 / 60))
    }
    try writer.finish()
    let reader = try VideoReader(path: path)
    var (count, early) = (0, 0)
    while try reader.nextFrame() != nil {
      count += 1
      if count == 200 { early = residentBytes() }
    }
    #expect(count == 2000)
    // Other suites run beside this one; a hundred megabytes is their room and a third of the clip.
    #expect(residentBytes() - early < 100_000_000)
  }

  private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
