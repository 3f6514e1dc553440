import Tensors
import WorldCore

/// Pictures that are given within a clip: what is denoised passes through them, and what is shown between them is told as a change
/// of their mixture.
struct Keyframes: Sendable {
  struct Picture: Sendable {
    let frame: Int
    let image: Image<SRGB8>
    /// [1, rows, columns, latent width], padded to whole tokens.
    let latents: Tensor
  }

  /// In order; the beginning's last comes first, where there is a beginning.
  let pictures: [Picture]
  private let beginning: Int
  private let cuts: [Int]

  /// - Parameters:
  ///   - images: by their frame; where there are none, nothing is kept of a beginning either.
  ///   - beginning: pictures that the clip begins with.
  ///   - cuts: frames with which another shot begins, which what is given in the one before doesn't tell of.
  init(_ images: [Int: Image<SRGB8>], behind beginning: [Image<SRGB8>], cuts: [Int], encoder: VideoAutoencoder) {
    (self.beginning, self.cuts) = (beginning.count, cuts)
    let last = images.isEmpty ? [] : beginning.suffix(1).map { (key: beginning.count - 1, value: $0) }
    pictures = (last + images.sorted { $0.key < $1.key }).map { frame, image in
      Picture(frame: frame, image: image, latents: encoder.encode([image], multiple: VideoTokens.side))
    }
  }

  var isEmpty: Bool { pictures.isEmpty }

  private func isSameShot(_ a: Int, _ b: Int) -> Bool { !cuts.contains { min(a, b) < $0 && $0 <= max(a, b) } }

  // MARK: What is told

  /// What a stretch is told: its own keyframes and the next one behind it, by their frame counted from its first:
  /// [1, tokens of one time, 4·latent width].
  func told(_ frames: Range<Int>) -> [Int: Tensor] {
    let (own, next) = those(in: frames)
    return Dictionary(
      uniqueKeysWithValues: (own + (next.map { [$0] } ?? [])).map {
        let token = Self.token($0)
        return ($0.frame - frames.lowerBound, KnownFrames.picture(0, of: token, area: token.shape[1]))
      })
  }

  /// How the last keyframe of a stretch is, and how the next one behind it.
  func anchors(_ frames: Range<Int>) -> (own: LatentAnchor?, next: LatentAnchor?) {
    let (own, next) = those(in: frames)
    func anchor(_ picture: Picture) -> LatentAnchor {
      LatentAnchor(Self.token(picture), width: picture.latents.shape[3], frame: picture.frame)
    }
    return (own.last.map(anchor), next.map(anchor))
  }

  /// What the network's say counts in each of a stretch's frames [1, tokens, 16·latent width]: nothing in a keyframe and ever more
  /// away from it, so that nothing jumps there; nil where none is near.
  func say(_ frames: Range<Int>, shape: [Int]) -> Tensor? {
    let given = pictures.filter { $0.frame >= beginning }
    let shares = frames.map { frame in
      given.filter { isSameShot($0.frame, frame) }.map { min(1, Double(abs($0.frame - frame)) / Self.easing) }.min() ?? 1
    }
    guard shares.contains(where: { $0 < 1 }) else { return nil }
    let (times, width) = (frames.count / VideoTokens.frames, shape[2] / VideoTokens.frames)
    let rows = Tensor(shares.map(Float.init), shape: [times, 1, VideoTokens.frames, 1])
    return rows.broadcast(to: [times, shape[1] / times, VideoTokens.frames, width]).reshaped(shape)
  }

  /// Frames over which the network comes to its full say.
  private static let easing = 8.0

  private func those(in frames: Range<Int>) -> (own: [Picture], next: Picture?) {
    let ahead = pictures.filter {
      $0.frame >= max(beginning, frames.lowerBound) && isSameShot(frames.lowerBound, $0.frame)
    }
    let own = ahead.filter { $0.frame < frames.upperBound }
    return (own, ahead.dropFirst(own.count).first)
  }

  /// A picture that stands still, as tokens of one time [1, tokens, 16·latent width].
  private static func token(_ picture: Picture) -> Tensor {
    VideoTokens.tokens(Tensor.concatenated(Array(repeating: picture.latents, count: VideoTokens.frames), axis: 0))
  }

  // MARK: What lies between

  /// The given pictures next to a frame in its shot, and what they count by their nearness in time: 1 in all where there is one
  /// on both sides.
  ///
  /// - Parameter reach: frames from a single one at which it counts nothing; nil: it counts for all.
  func shares(of frame: Int, reach: Double? = nil) -> [(picture: Picture, share: Double)] {
    let shot = pictures.filter { isSameShot($0.frame, frame) }
    let (before, after) = (shot.last { $0.frame <= frame }, shot.first { $0.frame >= frame })
    if let before, let after, before.frame < after.frame {
      let share = Double(frame - before.frame) / Double(after.frame - before.frame)
      return [(before, 1 - share), (after, share)]
    }
    return (before ?? after).map { picture in
      let distance = Double(abs(picture.frame - frame))
      return [(picture, reach.map { max(0, 1 - distance / $0) } ?? 1)]
    } ?? []
  }

  /// The mixture of the given pictures that a frame lies between, and its latents; nil behind the last.
  func mixture(_ frame: Int) -> (image: Image<SRGB8>, latents: Tensor)? {
    guard pictures.contains(where: { $0.frame >= frame && isSameShot(frame, $0.frame) }) else { return nil }
    let shares = shares(of: frame)
    guard let first = shares.first?.picture else { return nil }
    let image = first.image.adding(
      shares.dropFirst().map { (Self.difference($0.picture.image, first.image), $0.share) })
    return (image, shares.dropFirst().reduce(first.latents) { $0 + ($1.picture.latents - first.latents) * $1.share })
  }

  static func difference(_ a: Image<SRGB8>, _ b: Image<SRGB8>) -> [SIMD3<Float>] {
    zip(a.pixels, b.pixels).map { $0.numbers - $1.numbers }
  }
}

extension Image<SRGB8> {
  /// Shares of differences added to each pixel.
  func adding(_ differences: [(pixels: [SIMD3<Float>], share: Double)]) -> Self {
    guard !differences.isEmpty else { return self }
    var sums = pixels.map(\.numbers)
    for (pixels, share) in differences { for k in sums.indices { sums[k] += pixels[k] * Float(share) } }
    let bytes = sums.map { sum in
      let byte = sum.clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255)).rounded(.toNearestOrAwayFromZero)
      return SRGB8(red: UInt8(byte.x), green: UInt8(byte.y), blue: UInt8(byte.z))
    }
    return Image(width: width, height: height, pixels: bytes)
  }
}

extension SRGB8 {
  fileprivate var numbers: SIMD3<Float> { SIMD3(Float(red), Float(green), Float(blue)) }
}
