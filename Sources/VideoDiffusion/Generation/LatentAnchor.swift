import Tensors

/// What keeps the pictures of a clip like its first ones where nothing but the stretch before tells how things look.
///
/// Each stretch's small errors are the next one's truth, and within half a minute colours run away and bodies fade. So each new
/// stretch is given the first one's means and deviations, as pictures are given one another's style by Huang & Belongie 2017 (equation
/// 8), and drawn a little towards the first picture itself: errors then stay of a size, as those of a walk that is pulled back do.
struct LatentAnchor {
  /// By how much of its distance a stretch comes back.
  private static let pull = 0.25

  private let width: Int
  /// One time's tokens.
  private let picture: Tensor
  private let mean: [Double]
  private let deviation: [Double]

  /// - Parameters:
  ///   - picture: tokens of one time [1, rows·columns, any multiple of `width`].
  ///   - width: numbers of a latent, which take turns.
  init(_ picture: Tensor, width: Int) {
    (self.width, self.picture) = (width, picture)
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

  /// Tokens of one or more times, brought back to the anchor.
  func held(_ tokens: Tensor) -> Tensor {
    let own = LatentAnchor(tokens, width: width)
    // Where the first stretch is even, the others stay so.
    let scale = zip(deviation, own.deviation).map { $1 > 1e-6 ? $0 / $1 : 1 }
    let shift = (0..<width).map { mean[$0] - own.mean[$0] * scale[$0] }
    let turns = tokens.shape.last! / width
    func row(_ values: [Double]) -> Tensor {
      Tensor(Array(repeating: values.map { Float($0) }, count: turns).flatMap { $0 }, shape: [turns * width])
    }
    let times = Array(repeating: picture, count: tokens.shape[1] / picture.shape[1])
    let first = Tensor.concatenated(times, axis: 1)
    return (tokens * row(scale) + row(shift)) * (1 - Self.pull) + first * Self.pull
  }
}
