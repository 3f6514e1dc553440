import Tensors

/// What keeps the pictures of a clip like its first ones where nothing but the stretch before tells how things look.
///
/// Each stretch's small errors are the next one's truth, and within half a minute colours run away and bodies fade. So each new
/// stretch is given the first one's means and deviations, as pictures are given one another's style by Huang & Belongie 2017 (equation
/// 8), and drawn a little towards the first picture itself: errors then stay of a size, as those of a walk that is pulled back do.
struct LatentAnchor {
  /// By how much of its distance a stretch comes back.
  private static let pull = 0.25

  /// Of the clip, which it is of.
  private let frame: Int
  private let width: Int
  /// One time's tokens.
  private let picture: Tensor
  private let mean: [Double]
  private let deviation: [Double]

  /// - Parameters:
  ///   - picture: tokens of one time [1, rows·columns, any multiple of `width`].
  ///   - width: numbers of a latent, which take turns.
  ///   - frame: the clip's, which it is of.
  init(_ picture: Tensor, width: Int, frame: Int) {
    (self.width, self.picture, self.frame) = (width, picture, frame)
    let values = picture.floats()
    let count = Double(values.count / width)
    var (sums, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    for (k, value) in values.enumerated() {
      sums[k % width] += Double(value)
      squares[k % width] += Double(value) * Double(value)
    }
    let mean = sums.map { $0 / count }
    self.mean = mean
    deviation = zip(squares, mean).map { max($0 / count - $1 * $1, 0).squareRoot() }
  }

  /// Tokens of one or more times, brought back to the anchor, or to the mixture of it and a later one that they lie between.
  ///
  /// - Parameters:
  ///   - first: the tokens' first frame.
  ///   - later: the anchor that the clip goes towards.
  func held(_ tokens: Tensor, from first: Int, towards later: LatentAnchor? = nil) -> Tensor {
    let numbers = tokens.shape.last!
    func row(_ values: [Double], repeating count: Int) -> Tensor {
      Tensor(Array(repeating: values.map { Float($0) }, count: count).flatMap { $0 }, shape: [values.count * count])
    }
    let pictures = Tensor.concatenated(
      (0..<tokens.shape[1] / picture.shape[1]).map { time in
        guard let later, later.frame > frame else { return picture }
        let shares = (0..<VideoTokens.frames).flatMap { k -> [Double] in
          let share = Double(first + time * VideoTokens.frames + k - frame) / Double(later.frame - frame)
          return Array(repeating: max(0, min(1, share)), count: numbers / VideoTokens.frames)
        }
        return picture + (later.picture - picture) * row(shares, repeating: 1)
      }, axis: 1)
    let (own, goal) = (
      LatentAnchor(tokens, width: width, frame: first),
      later == nil ? self : LatentAnchor(pictures, width: width, frame: first)
    )
    // Where the first stretch is even, the others stay so.
    let scale = zip(goal.deviation, own.deviation).map { $1 > 1e-6 ? $0 / $1 : 1 }
    let shift = (0..<width).map { goal.mean[$0] - own.mean[$0] * scale[$0] }
    let turns = numbers / width
    return (tokens * row(scale, repeating: turns) + row(shift, repeating: turns)) * (1 - Self.pull) + pictures * Self.pull
  }
}
