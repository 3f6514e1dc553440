import Foundation
import MediaIO
import Testing
import WorldCore

@Suite struct MediaErrorTests {
  let folder = ScratchFolder()

  private func put(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
    return folder.file(name)
  }

  private func failure(_ work: () throws -> Void) -> MediaError? {
    do {
      try work()
      return nil
    } catch { return error as? MediaError }
  }

  @Test func missingFile() {
    let path = folder.file("none.mp4")
    let error = failure { _ = try VideoReader(path: path) }
    #expect(error?.code == .fileNotFound)
    #expect(error?.description == "\(path): no such file; check the path")
    #expect(failure { _ = try AudioReader(path: path) } == error)
    #expect(failure { _ = try MediaInfo(path: path) } == error)
    #expect(failure { _ = try StillPicture.read(path) } == error)
    #expect(failure { _ = try VideoReader(path: folder.file("none-%03d.png")) }?.code == .fileNotFound)
  }

  @Test func aFolderIsNoClip() {
    let error = failure { _ = try VideoReader(path: folder.path) }
    #expect(error?.code == .unreadable)
    #expect(error?.description == "\(folder.path): cannot be read: it is a folder; check the path and its permissions")
  }

  @Test func emptyFile() throws {
    let path = try put([], "empty.mp4")
    let error = failure { _ = try VideoReader(path: path) }
    #expect(error?.code == .emptyFile)
    #expect(error?.description == "\(path): the file is empty (0 bytes); record or download it again")
  }

  @Test func garbage() throws {
    var random = RandomStream(seed: 3, "garbage")
    let path = try put((0..<20_000).map { _ in UInt8(random.index(below: 256)) }, "noise.mp4")
    let error = failure { _ = try VideoReader(path: path) }
    #expect(error?.code == .notMedia)
    #expect(error?.description.hasPrefix("\(path): not a video, sound or picture that FFmpeg can open (") == true)
    #expect(error?.description.hasSuffix("a download that was cut short may need to be repeated") == true)
  }

  @Test func textIsNoClip() throws {
    let path = try put(Array("mondo: 1\nname: text\n".utf8), "scene.mp4")
    #expect(failure { _ = try VideoReader(path: path) }?.code == .notMedia)
  }

  @Test func libavsReasonIsPassedOn() throws {
    try writeClip(folder.file("whole.mp4"))
    let data = bytes(of: folder.file("whole.mp4"))
    // Without its index an mp4 can't be read.
    let index = try #require(Data(data).range(of: Data("moov".utf8)))
    let early = try put(Array(data[..<(index.lowerBound + 40)]), "early.mp4")
    let cutIndex = failure { _ = try VideoReader(path: early) }
    #expect(cutIndex?.problem.contains("it holds no streams") == true, "\(String(describing: cutIndex))")
    let path = try put(Array(data[..<(index.lowerBound - 4)]), "cut.mp4")
    let error = failure { _ = try VideoReader(path: path) }
    #expect(error?.code == .notMedia)
    #expect(error?.problem.contains("moov atom not found") == true, "\(String(describing: error))")
  }

  @Test func soundWithoutPictureAndPictureWithoutSound() {
    let sound = fixture("click-mono-44100.wav")
    let noVideo = failure { _ = try VideoReader(path: sound) }
    #expect(noVideo?.code == .noVideo)
    #expect(noVideo?.description == "\(sound): the file has no moving picture; give a clip that has one")
    let noAudio = failure { _ = try AudioReader(path: fixture("plain.avi")) }
    #expect(noAudio?.code == .noAudio)
    #expect(noAudio?.description == "\(fixture("plain.avi")): the file has no sound; give a clip that has some")
  }

  @Test func nothingDecodable() throws {
    try writeClip(folder.file("whole.mp4"))
    var data = bytes(of: folder.file("whole.mp4"))
    let media = try #require(Data(data).range(of: Data("mdat".utf8)))
    for k in media.upperBound..<data.count { data[k] = 0xff }
    let path = try put(data, "blank.mp4")
    let error = failure {
      let reader = try VideoReader(path: path)
      while try reader.nextFrame() != nil {}
    }
    #expect(error?.code == .undecodable)
    #expect(error?.description.hasPrefix("\(path): nothing in the file could be decoded (") == true)
    #expect(error?.description.hasSuffix("); the file is damaged: record or download it again") == true)
  }

  /// A playlist may not make the reader open what it names.
  @Test func playlistsOpenNothing() throws {
    try writeClip(folder.file("secret.mp4"))
    let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(folder.file("secret.mp4"))\n#EXT-X-ENDLIST\n"
    let list = try put(Array(playlist.utf8), "list.m3u8")
    #expect(failure { _ = try VideoReader(path: list) } != nil)
    let concat = try put(Array("ffconcat version 1.0\nfile secret.mp4\n".utf8), "list.txt")
    #expect(failure { _ = try VideoReader(path: concat) } != nil)
  }

  @Test(arguments: [
    (
      ClipSettings(width: 255, height: 144, framesPerSecond: 24), "clip.mp4",
      "a clip of 255×144 pixels has an odd side, which 4:2:0 video cannot store; choose 256×144, for example"
    ),
    (
      ClipSettings(width: 0, height: 144, framesPerSecond: 24), "clip.mp4",
      "a clip of 0×144 pixels cannot be encoded; choose sides of 2 to 16384 pixels"
    ),
    (
      ClipSettings(width: 64, height: 64, framesPerSecond: .nan), "clip.mp4",
      "nan frames per second cannot be encoded; choose 0.1 to 1000"
    ),
    (
      ClipSettings(width: 64, height: 64, framesPerSecond: 24, constantRateFactor: 52), "clip.mp4",
      "a constant rate factor of 52.0 is out of range; choose 0 (lossless) to 51 (worst)"
    ),
    (
      ClipSettings(width: 64, height: 64, framesPerSecond: 24, soundBitRate: 7), "clip.mp4",
      "7 bit/s is no bit rate for stereo sound; choose 16000 to 512000"
    ),
    (
      ClipSettings(width: 64, height: 64, framesPerSecond: 24), "clip.xyz",
      "the file name doesn't say what kind of clip to write; end it in .mp4, .mov or .webm"
    ),
    (
      ClipSettings(width: 64, height: 64, framesPerSecond: 24), "clip",
      "the file name doesn't say what kind of clip to write; end it in .mp4, .mov or .webm"
    ),
  ])
  func badSettings(settings: ClipSettings, name: String, message: String) {
    let path = folder.file(name)
    let error = failure { _ = try ClipWriter(path: path, settings: settings) }
    #expect(error?.code == .badSettings)
    #expect(error?.description == "\(path): \(message)")
    #expect(folder.contents.isEmpty)
  }

  @Test func whatAWriterRefuses() throws {
    let path = folder.file("clip.mp4")
    let writer = try ClipWriter(path: path, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24))
    let empty = failure { try writer.finish() }
    #expect(empty?.description == "\(path): the clip has no frames; append at least one before finishing")
    let wrong = failure { try writer.append(pattern(width: 48, height: 64, frame: 0)) }
    #expect(wrong?.code == .wrongSize)
    #expect(wrong?.description == "\(path): frame 0 is 48×64, the clip 64×48; give every frame the clip's size")
    let slow = failure { try writer.append(AudioBuffer(sampleRate: 44_100, silenceFor: 1)) }
    #expect(slow?.description == "\(path): the sound has 44100 samples per second; resample it to 48000")
    let broken = failure { try writer.append(AudioBuffer(samples: [.zero, SIMD2(.nan, 0)])) }
    #expect(broken?.description == "\(path): sample 1 of the sound is no finite number; mend its synthesis")
    // None of that spoils the clip.
    try writer.append(pattern(width: 64, height: 48, frame: 0))
    try writer.finish()
    #expect(try allFrames(path).count == 1)

    let silent = try ClipWriter(path: path, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24, hasSound: false))
    let sound = failure { try silent.append(AudioBuffer(silenceFor: 1)) }
    #expect(sound?.description == "\(path): the clip was begun without sound; set hasSound")
  }

  @Test func unwritablePlaces() {
    let path = folder.file("none/clip.mp4")
    let settings = ClipSettings(width: 64, height: 48, framesPerSecond: 24)
    let error = failure { _ = try ClipWriter(path: path, settings: settings) }
    #expect(error?.code == .unwritable)
    #expect(
      error?.description == "\(path): cannot create the file: No such file or directory; "
        + "create its folder first or choose another path")
  }

  @Test func aFolderThatGoesAway() throws {
    let own = ScratchFolder()
    let path = own.file("clip.mp4")
    let writer = try ClipWriter(path: path, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24))
    try writer.append(pattern(width: 64, height: 48, frame: 0))
    try FileManager.default.removeItem(atPath: own.path)
    let error = failure { try writer.finish() }
    #expect(error?.code == .encoding)
    #expect(error?.description.hasPrefix("\(path): FFmpeg could not encode or write (") == true)
    #expect(error?.remedy == "check the space on the disk and that FFmpeg has the encoder (`ffmpeg -encoders`)")
    let again = failure { try writer.append(pattern(width: 64, height: 48, frame: 1)) }
    #expect(again?.problem == "FFmpeg could not encode or write (an earlier step failed)")
  }

  /// Until `finish()` returns, the name shows what it showed before; that holds at every instant, so also when killed.
  @Test func theNameShowsOnlyFinishedClips() throws {
    let path = folder.file("clip.mp4")
    let old = try put(Array("old".utf8), "clip.mp4")
    do {
      let abandoned = try ClipWriter(path: path, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24))
      for k in 0..<60 {
        try abandoned.append(pattern(width: 64, height: 48, frame: k))
        #expect(bytes(of: old) == Array("old".utf8))
      }
      #expect(folder.contents.count == 2)
    }
    #expect(folder.contents == ["clip.mp4"])
    #expect(bytes(of: old) == Array("old".utf8))
    try writeClip(path)
    #expect(try allFrames(path).count == 12)
    #expect(folder.contents == ["clip.mp4"])
  }
}
