package import Tensors

/// Pictures that are given beforehand: a stretch's beginning, or keyframes anywhere in it and behind it. The network sees which
/// they are, and keeps them.
package struct KnownFrames: Sendable {
  /// [1, tokens, 16·latent width]: what is given, and up to the last of it what `still` has in between; zero behind that.
  package let latents: Tensor
  /// Which of a token's frames are given [1, tokens, 4].
  package let frames: Tensor
  /// What the network adds to where nothing better is known, in the form of `latents`: each frame is mixed of the given ones
  /// next to it, by their nearness in time; before the first and behind the last it is that one, standing still.
  package let still: Tensor

  package init(latents: Tensor, frames: Tensor, still: Tensor) {
    (self.latents, self.frames, self.still) = (latents, frames, still)
  }

  /// - Parameters:
  ///   - pictures: at least one, by their frame, counted from the stretch's first: latents [1, rows·columns, 4·latent width] as
  ///     `picture(_:of:area:)` gives them. One that lies behind the stretch is what it goes towards.
  ///   - count: the stretch's frames, a multiple of a token's.
  package init(_ pictures: [Int: Tensor], frames count: Int) {
    precondition(!pictures.isEmpty, "what is known is a frame at least")
    let given = pictures.keys.sorted()
    let standing = (0..<count).map { frame -> Tensor in
      let after = given.first { $0 >= frame } ?? given.last!
      let before = given.last { $0 <= frame } ?? after
      guard before < after else { return pictures[after]! }
      let share = Double(frame - before) / Double(after - before)
      return pictures[before]! * (1 - share) + pictures[after]! * share
    }
    let nothing = standing[0] * 0
    still = Self.tokens(standing)
    latents = Self.tokens(standing.enumerated().map { $0 <= given.last! ? $1 : nothing })
    let area = nothing.shape[1]
    let flags = (0..<count / VideoTokens.frames).flatMap { time in
      (0..<area).flatMap { _ in
        (0..<VideoTokens.frames).map { pictures[time * VideoTokens.frames + $0] == nil ? 0 as Float : 1 }
      }
    }
    frames = Tensor(flags, shape: [1, flags.count / VideoTokens.frames, VideoTokens.frames])
  }

  /// A beginning.
  ///
  /// - Parameters:
  ///   - latents: [1, tokens, 16·latent width] that are true where they are given.
  ///   - count: how many frames are given, from the first on; at least one.
  ///   - area: tokens of one time.
  package init(_ latents: Tensor, frames count: Int, area: Int) {
    precondition(count > 0, "a beginning has a frame at least")
    let pictures = (0..<count).map { ($0, Self.picture($0, of: latents, area: area)) }
    self.init(
      Dictionary(uniqueKeysWithValues: pictures), frames: latents.shape[1] / area * VideoTokens.frames)
  }

  /// One frame's part of a stretch's tokens [1, tokens, 16·latent width]: [1, area, 4·latent width].
  package static func picture(_ frame: Int, of latents: Tensor, area: Int) -> Tensor {
    let (time, place) = frame.quotientAndRemainder(dividingBy: VideoTokens.frames)
    let width = latents.shape[2] / VideoTokens.frames
    return latents.slice(axis: 1, time * area..<(time + 1) * area).slice(axis: 2, place * width..<(place + 1) * width)
  }

  /// Frames [1, area, 4·latent width], one after the other, as tokens.
  private static func tokens(_ pictures: [Tensor]) -> Tensor {
    let times = stride(from: 0, to: pictures.count, by: VideoTokens.frames).map {
      Tensor.concatenated(Array(pictures[$0..<$0 + VideoTokens.frames]), axis: 2)
    }
    return times.count == 1 ? times[0] : Tensor.concatenated(times, axis: 1)
  }

  /// A stretch with the given frames in their places.
  ///
  /// - Parameters:
  ///   - given: their latents, or the residuals of `latents` in whatever space `stretch` is in.
  ///   - stretch: [1, tokens, 16·latent width].
  package func keeping(_ given: Tensor, in stretch: Tensor) -> Tensor {
    let (tokens, width) = (stretch.shape[1], stretch.shape[2])
    let byFrame = [1, tokens, VideoTokens.frames, width / VideoTokens.frames]
    let mask = frames.reshaped([1, tokens, VideoTokens.frames, 1]).broadcast(to: byFrame).reshaped([1, tokens, width])
    return given * mask + stretch * (1 - mask)
  }
}
