import Foundation
import MediaIO
import WorldCore

/// A folder that vanishes with the value that holds it.
final class ScratchFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "mondo-media-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

func fixture(_ name: String) -> String {
  Bundle.module.path(forResource: "Fixtures/" + name, ofType: nil) ?? "missing fixture \(name)"
}

func bytes(of path: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path) ?? Data()) }

/// A smooth colour pattern that drifts, so that every frame differs.
func pattern(width: Int, height: Int, frame: Int) -> Image<SRGB8> {
  var image = Image<SRGB8>(width: width, height: height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
  for y in 0..<height {
    for x in 0..<width {
      let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
      let phase = Double(frame) * 0.2
      image[x, y] = SRGB8(
        red: UInt8(127 + 100 * sin(3 * u + phase)), green: UInt8(127 + 100 * sin(4 * v - phase)),
        blue: UInt8(127 + 100 * cos(3 * (u + v) + phase)))
    }
  }
  return image
}

/// Squared errors of the three channels as decibels below 255².
func peakSignalToNoise(_ a: Image<SRGB8>, _ b: Image<SRGB8>) -> Double {
  precondition(a.width == b.width && a.height == b.height, "\(a.width)×\(a.height) against \(b.width)×\(b.height)")
  var sum = 0.0
  for (p, q) in zip(a.pixels, b.pixels) {
    for (x, y) in [(p.red, q.red), (p.green, q.green), (p.blue, q.blue)] {
      let difference = Double(x) - Double(y)
      sum += difference * difference
    }
  }
  return 10 * log10(255 * 255 / (sum / Double(3 * a.pixels.count)))
}

/// The largest difference of any channel.
func distance(_ a: SRGB8, _ b: SRGB8) -> Int {
  max(abs(Int(a.red) - Int(b.red)), abs(Int(a.green) - Int(b.green)), abs(Int(a.blue) - Int(b.blue)))
}

func allFrames(_ path: String, maximumSide: Int? = nil) throws -> [VideoFrame] {
  let reader = try VideoReader(path: path, maximumSide: maximumSide)
  var frames: [VideoFrame] = []
  while let frame = try reader.nextFrame() { frames.append(frame) }
  return frames
}

/// Writes `count` frames of the pattern, and where asked the sound.
func writeClip(
  _ path: String, width: Int = 64, height: Int = 48, count: Int = 12, framesPerSecond: Double = 24,
  sound: AudioBuffer? = nil
) throws {
  let settings = ClipSettings(width: width, height: height, framesPerSecond: framesPerSecond, hasSound: sound != nil)
  let writer = try ClipWriter(path: path, settings: settings)
  for k in 0..<count { try writer.append(pattern(width: width, height: height, frame: k)) }
  if let sound { try writer.append(sound) }
  try writer.finish()
}

/// A 10 ms sweep from 500 Hz to 4 kHz, which resembles itself at no lag but 0, at each of the sample instants.
func clicks(at instants: [Int], seconds: Double) -> AudioBuffer {
  var buffer = AudioBuffer(silenceFor: seconds)
  for start in instants {
    for k in 0..<480 {
      let t = Double(k) / 48_000
      let value = Float(0.8 * sin(2 * Double.pi * (500 * t + 175_000 * t * t)))
      buffer.samples[start + k] = SIMD2(value, value)
    }
  }
  return buffer
}

/// The lag, in samples, at which `heard` matches `meant` best.
func lag(of heard: AudioBuffer, behind meant: AudioBuffer, within range: ClosedRange<Int> = -1500...1500) -> Int {
  func correlation(_ shift: Int) -> Double {
    var sum = 0.0
    for k in stride(from: 0, to: meant.samples.count, by: 1) where meant.samples[k].x != 0 {
      let j = k + shift
      if heard.samples.indices.contains(j) { sum += Double(meant.samples[k].x) * Double(heard.samples[j].x) }
    }
    return sum
  }
  return range.max { correlation($0) < correlation($1) } ?? 0
}
