import Foundation
package import Tensors

/// Where in its picture a token is: rotary positions tell tokens apart by their differences only, and the sky is above.
package enum PicturePlace {
  /// Half waves over the picture's sides.
  private static let waves: [Double] = [1, 2, 4]
  package static let width = 2 * (1 + 2 * waves.count)

  /// [1, times·rows·columns, width]: down and across in −1 … 1, and waves of both.
  package static func features(rows: Int, columns: Int, times: Int) -> Tensor {
    var once: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns { once += along(row, of: rows) + along(column, of: columns) }
    }
    var values: [Float] = []
    for _ in 0..<times { values += once }
    return Tensor(values, shape: [1, times * rows * columns, width])
  }

  /// One token of `count` along a side.
  private static func along(_ index: Int, of count: Int) -> [Float] {
    let place = (2 * Double(index) + 1) / Double(count) - 1
    var values = [Float(place)]
    for wave in waves {
      let angle = wave * Double.pi / 2 * place
      values += [Float(sin(angle)), Float(cos(angle))]
    }
    return values
  }
}
