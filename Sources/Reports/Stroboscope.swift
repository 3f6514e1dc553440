import Foundation
import MediaIO
import WorldCore

/// The multiple-exposure picture of a clip: its still background with the movers pasted in at even instants.
struct Stroboscope {
  /// How many instants are shown at most.
  static let exposures = 12
  /// Frames that vote for the background; a mover covers a place in fewer than half of them.
  private static let voters = 15
  /// Encoded levels by which a pixel differs from the background before it starts, and is sure, to belong to a mover.
  private static let softEdge: ClosedRange<Float> = 18...48

  let picture: Image<SRGB8>
  let shown: Int

  init(clip path: String, frames: Int, maximumSide: Int) throws {
    let last = max(frames - 1, 0)
    func spread(_ count: Int) -> Set<Int> {
      Set((0..<count).map { count == 1 ? 0 : ($0 * last + (count - 1) / 2) / (count - 1) })
    }
    let (voting, showing) = (spread(min(Self.voters, max(frames, 1))), spread(min(Self.exposures, max(frames, 1))))

    // One pass gathers both sets: a few dozen frames at report size, however long the clip is.
    var votes: [Image<SRGB8>] = []
    var exposures: [Image<SRGB8>] = []
    let reader = try VideoReader(path: path, maximumSide: maximumSide)
    while let frame = try reader.nextFrame() {
      if voting.contains(frame.index) { votes.append(frame.image) }
      if showing.contains(frame.index) { exposures.append(frame.image) }
    }
    guard let first = votes.first else { throw ReportError.template("the clip has no frames") }

    var picture = Self.median(of: votes, like: first)
    let background = picture
    for exposure in exposures {
      for index in picture.pixels.indices {
        let (new, still) = (exposure.pixels[index], background.pixels[index])
        let difference = Float(
          max(abs(Int(new.red) - Int(still.red)), abs(Int(new.green) - Int(still.green)), abs(Int(new.blue) - Int(still.blue))))
        let span = Self.softEdge.upperBound - Self.softEdge.lowerBound
        let weight = min(max((difference - Self.softEdge.lowerBound) / span, 0), 1)
        if weight > 0 { picture.pixels[index] = Self.mix(picture.pixels[index], new, weight) }
      }
    }
    self.picture = picture
    shown = exposures.count
  }

  private static func mix(_ a: SRGB8, _ b: SRGB8, _ weight: Float) -> SRGB8 {
    func channel(_ x: UInt8, _ y: UInt8) -> UInt8 { UInt8((Float(x) + (Float(y) - Float(x)) * weight).rounded()) }
    return SRGB8(red: channel(a.red, b.red), green: channel(a.green, b.green), blue: channel(a.blue, b.blue))
  }

  /// The per-channel median: what a place looks like most of the time.
  private static func median(of frames: [Image<SRGB8>], like first: Image<SRGB8>) -> Image<SRGB8> {
    var result = first
    var column = [UInt8](repeating: 0, count: frames.count)
    func middle(_ channel: KeyPath<SRGB8, UInt8>, _ index: Int) -> UInt8 {
      for k in frames.indices { column[k] = frames[k].pixels[index][keyPath: channel] }
      column.sort()
      return column[column.count / 2]
    }
    for index in result.pixels.indices {
      result.pixels[index] = SRGB8(red: middle(\.red, index), green: middle(\.green, index), blue: middle(\.blue, index))
    }
    return result
  }
}
