/// A part of a picture as another world would show it: mirrored, or with its colours in another order.
package struct PartChange: Sendable, Equatable {
  package var isMirrored: Bool
  /// Which of the six orders of red, green and blue; 0 is their own.
  package var order: Int

  package init(isMirrored: Bool, order: Int) {
    precondition(Self.orders.indices.contains(order), "three colours have six orders")
    (self.isMirrored, self.order) = (isMirrored, order)
  }

  private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  /// - Parameters:
  ///   - values: [rows, columns, width]: each cell's pixels come first, then other numbers.
  ///   - blocks: how many blocks of 4 × 4 pixels a cell begins with.
  ///   - signed: of a cell's numbers, those that a mirror turns into their opposites.
  package func applied(to values: [Float], columns: Int, blocks: Int, signed: [Int]) -> [Float] {
    guard isMirrored || order > 0 else { return values }
    let (side, pixels) = (PixelBlocks.side, blocks * PixelBlocks.width)
    // Each cell has as many numbers as the whole divided by the cells, which are square parts of side `columns`.
    let width = values.count / (columns * columns)
    // Where each number of a cell comes from.
    var sources = Array(0..<width)
    for k in 0..<pixels {
      let (block, place) = (k / PixelBlocks.width * PixelBlocks.width, k % PixelBlocks.width)
      let (y, x, color) = (place / (3 * side), place / 3 % side, place % 3)
      sources[k] = block + (y * side + (isMirrored ? side - 1 - x : x)) * 3 + Self.orders[order][color]
    }
    var signs = [Float](repeating: 1, count: width)
    if isMirrored { for k in signed { signs[k] = -1 } }
    return [Float](unsafeUninitializedCapacity: values.count) { result, initialized in
      for cell in 0..<columns * columns {
        let (row, column) = (cell / columns, cell % columns)
        let from = (row * columns + (isMirrored ? columns - 1 - column : column)) * width
        for k in 0..<width { result[cell * width + k] = values[from + sources[k]] * signs[k] }
      }
      initialized = values.count
    }
  }
}
