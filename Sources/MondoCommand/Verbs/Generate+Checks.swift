import Foundation
import Mondo

/// What is refused before anything is made.
extension Generate {
  /// What can be refused before anything is read.
  func checkUsage() throws {
    guard scene != nil || prompt != nil || !image.isEmpty || video != nil || extend != nil else {
      throw UsageError(
        "there is nothing to generate from", remedy: "give a scene file, or --prompt, --image, --video or --extend")
    }
    if video != nil, scene != nil || !image.isEmpty || extend != nil || seconds != nil || size != nil {
      throw UsageError(
        "--video draws a whole clip anew, in its own size and length", remedy: "give it with --style, --prompt, --steps alone")
    }
    if video != nil, sound != nil { throw UsageError("--video keeps the clip's own sound: --sound has no place") }
    if scene == nil, sound == .simulator {
      throw UsageError(
        "--sound simulator needs a scene", remedy: "give a scene file, or leave it out: the network makes the sound")
    }
    if extend != nil, image.contains(where: { $0.seconds == 0 }) {
      throw UsageError(
        "a clip that goes on begins with itself", remedy: "give --image a time behind its end, as in last.png@3")
    }
    if let prompt, !prompt.contains(where: { $0.isLetter || $0.isNumber }) {
      throw UsageError("the prompt has no words in it", remedy: "say what is to be seen")
    }
    if scene == nil, !changes.assignments.isEmpty { throw UsageError("--set changes a scene, and there is none") }
    if let steps, !(scene == nil && video == nil ? 1...100 : 0...100).contains(steps) {
      throw UsageError("--steps is from \(scene == nil && video == nil ? 1 : 0) to 100, not \(steps)")
    }
    if student, !(1...4).contains(steps ?? usualSteps) { throw UsageError("--student takes 1 to 4 steps, not \(steps!)") }
    if student, !guidance.isEmpty {
      throw UsageError("--student was distilled without guidance", remedy: "leave out --student or --guidance")
    }
    if Set(guidance.map(\.condition)).count < guidance.count {
      throw UsageError("--guidance names a condition twice", remedy: "say each strength once")
    }
    if !guidance.isEmpty, (steps ?? usualSteps) == 0 {
      throw UsageError("--guidance needs a step at least", remedy: "give --steps")
    }
    if let size, !(16...1920).contains(size.width) || !(16...1920).contains(size.height) || size.width % 2 + size.height % 2 > 0
    {
      throw UsageError("--size has even sides from 16 to 1920, not \(size.width)x\(size.height)")
    }
    if let seconds {
      let most = SourceClip.longestSeconds
      guard seconds.isFinite, seconds > 0, scene != nil || seconds <= most else {
        throw UsageError(
          scene == nil
            ? "--seconds is positive and at most \(Numbers.short(most)), not \(Numbers.short(seconds))"
            : "--seconds is positive and at most the scene's length, not \(Numbers.short(seconds))")
      }
    }
  }

  func source(_ path: String) throws -> SourceClip {
    let clip = try SourceClip(contentsOf: path)
    if clip.isCut, !outputOptions.quiet {
      remark("\(path) lasts longer than \(Numbers.short(SourceClip.longestSeconds)) s; what comes after is left out")
    }
    guard !clip.frames.isEmpty else { throw UsageError("\(path) has no frames", remedy: "give a clip that has some") }
    return clip
  }

  /// The pictures that are given, in the order of their times.
  func keyframes(
    width: Int, height: Int, framesPerSecond: Double, seconds: Double
  ) throws -> [Keyframe] {
    let frameCount = max(1, Int((seconds * framesPerSecond).rounded()))
    var shown: [Int: String] = [:]
    let keyframes = try image.map { given in
      guard (0...seconds).contains(given.seconds) else {
        throw UsageError(
          "\(given.path) is given for \(Numbers.short(given.seconds)) s, and the clip lasts \(Numbers.short(seconds)) s",
          remedy: "give a time in it")
      }
      let frame = Keyframe.frame(at: given.seconds, framesPerSecond: framesPerSecond, frameCount: frameCount)
      if let other = shown.updateValue(given.path, forKey: frame) {
        throw UsageError("\(other) and \(given.path) are given for the same frame", remedy: "give them times apart")
      }
      let picture = try SourcePicture(contentsOf: given.path)
      let (itsWidth, itsHeight) = (picture.image.width, picture.image.height)
      guard itsWidth == width, itsHeight == height else {
        throw UsageError(
          "\(given.path) has \(itsWidth)×\(itsHeight) pixels, the clip \(width)×\(height)",
          remedy: "scale it, or give its --size")
      }
      return Keyframe(picture, seconds: given.seconds)
    }
    return keyframes.sorted { $0.seconds < $1.seconds }
  }

  func check(_ clip: SourceClip, _ path: String, width: Int, height: Int, framesPerSecond: Double) throws {
    let (itsWidth, itsHeight) = (clip.frames[0].width, clip.frames[0].height)
    guard itsWidth == width, itsHeight == height else {
      throw UsageError(
        "\(path) has \(itsWidth)×\(itsHeight) pixels, the clip that goes on \(width)×\(height)",
        remedy: "scale it, or give its --size")
    }
    guard abs(clip.framesPerSecond - framesPerSecond) < 0.01 else {
      throw UsageError(
        "\(path) has \(Numbers.short(clip.framesPerSecond)) frames a second, the scene \(Numbers.short(framesPerSecond))",
        remedy: "give --set picture.fps=\(Numbers.short(clip.framesPerSecond))")
    }
  }

  func checkRoom(_ clip: SourceClip, _ path: String, seconds: Double) throws {
    guard clip.frames.count < Int((seconds * clip.framesPerSecond).rounded()) else {
      throw UsageError(
        "\(path) lasts \(Numbers.short(clip.seconds)) s already, and the whole is to last \(Numbers.short(seconds)) s",
        remedy: "ask for more --seconds")
    }
    for given in image where Int((given.seconds * clip.framesPerSecond).rounded()) < clip.frames.count {
      throw UsageError(
        "\(given.path) is given for \(Numbers.short(given.seconds)) s, where \(path) is still shown",
        remedy: "give a time behind its \(Numbers.short(clip.seconds)) s")
    }
  }
}
