package import Tensors
import WorldCore

/// By how many pixels moving bodies are displaced in reproductions: least squares on the original's luma (Lucas & Kanade 1981), as
/// `PictureQuality.displacement` measures it, but on the original's gradients alone. So it is linear in the difference.
package struct DisplacementPenalty {
  /// Bodies of a part of a picture, at most.
  package static let bodies = 4
  /// Pixels of a body, at least.
  static let fewestPixels = 96
  /// Below this many pixels of displacement the penalty is quadratic.
  static let epsilon = 0.01

  /// What each number of the blocks displaces each body by, down and across: [parts, 2·bodies, numbers of a part].
  private let kernels: Tensor
  private let count: Int

  /// - Parameters:
  ///   - kernels: `kernel` of each part of a picture.
  ///   - numbers: of a part.
  package init(_ kernels: [[[Float]]], numbers: Int) {
    count = kernels.reduce(0) { $0 + $1.count / 2 }
    let nothing = [Float](repeating: 0, count: numbers)
    let rows = kernels.flatMap { $0 + Array(repeating: nothing, count: 2 * Self.bodies - $0.count) }
    self.kernels = Tensor(rows.flatMap { $0 }, shape: [kernels.count, 2 * Self.bodies, numbers])
  }

  /// The mean over all bodies; zero where there is none.
  ///
  /// - Parameter difference: [parts, rows, columns, 48], of blocks from their original's.
  package func callAsFunction(_ difference: Tensor) -> Tensor {
    let (parts, numbers) = (kernels.shape[0], kernels.shape[2])
    let spread = difference.reshaped([parts, 1, numbers]).broadcast(to: kernels.shape)
    let displaced = (spread * kernels).sum(over: [2]).reshaped([parts, Self.bodies, 2]).squared().sum(over: [2])
    return ((displaced + Self.epsilon * Self.epsilon).squareRoot() - Self.epsilon).sum() / Double(max(1, count))
  }

  /// A part's rows of the kernels, two for each body that can be told.
  ///
  /// - Parameters:
  ///   - blocks: the original's [rows, columns, 48].
  ///   - columns: of blocks.
  ///   - bodies: each one's pixels in the part, as (row, column); those at its edge are left out.
  package static func kernel(_ blocks: ArraySlice<Float>, columns: Int, bodies: [[(row: Int, column: Int)]]) -> [[Float]] {
    let (start, side) = (blocks.startIndex, PixelBlocks.side)
    let (width, height) = (columns * side, blocks.count / (columns * PixelBlocks.width) * side)
    func place(_ row: Int, _ column: Int) -> Int {
      (row / side * columns + column / side) * PixelBlocks.width + (row % side * side + column % side) * 3
    }
    func luma(_ row: Int, _ column: Int) -> Float {
      let k = start + place(row, column)
      return weights.red * blocks[k] + weights.green * blocks[k + 1] + weights.blue * blocks[k + 2]
    }
    return bodies.lazy.compactMap { pixels -> [[Float]]? in
      let inside = pixels.filter { $0.row > 0 && $0.column > 0 && $0.row < height - 1 && $0.column < width - 1 }
      guard inside.count >= fewestPixels else { return nil }
      let gradients = inside.map { y, x in
        (x: (luma(y, x + 1) - luma(y, x - 1)) / 2, y: (luma(y + 1, x) - luma(y - 1, x)) / 2)
      }
      let xx = gradients.reduce(0) { $0 + $1.x * $1.x }
      let xy = gradients.reduce(0) { $0 + $1.x * $1.y }
      let yy = gradients.reduce(0) { $0 + $1.y * $1.y }
      let determinant = xx * yy - xy * xy
      let smallest = (xx + yy) / 2 - (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot()
      guard PictureQuality.tellsDisplacement(smallest: Double(smallest), pixels: inside.count), determinant > 0 else {
        return nil
      }
      var rows = [[Float]](repeating: Array(repeating: 0, count: blocks.count), count: 2)
      for ((y, x), gradient) in zip(inside, gradients) {
        let shares = [
          (yy * gradient.x - xy * gradient.y) / determinant, (xx * gradient.y - xy * gradient.x) / determinant,
        ]
        for axis in 0..<2 {
          rows[axis][place(y, x)] = shares[axis] * weights.red
          rows[axis][place(y, x) + 1] = shares[axis] * weights.green
          rows[axis][place(y, x) + 2] = shares[axis] * weights.blue
        }
      }
      return rows
    }.prefix(Self.bodies).flatMap { $0 }
  }

  /// Luma's, of the blocks' −1 … 1 in 255ths.
  private static let weights = (red: Float(0.299 * 127.5), green: Float(0.587 * 127.5), blue: Float(0.114 * 127.5))
}
