/// A rectangle of cells around some pixels, one cell wider on each side, so that every pixel has four neighbours in it.
struct PixelBox {
  let left: Int
  let top: Int
  let columns: Int
  let rows: Int
  private let width: Int

  /// - Parameters:
  ///   - pixels: row-major indices, at least one.
  ///   - width: of the picture they index.
  init(around pixels: [Int], width: Int) {
    var (least, most) = (Int.max, 0)
    for pixel in pixels {
      least = min(least, pixel % width)
      most = max(most, pixel % width)
    }
    // They come row by row or not; rows are found by the indices themselves.
    let (first, last) = (pixels.min()! / width, pixels.max()! / width)
    (left, top, columns, rows) = (least - 1, first - 1, most - least + 3, last - first + 3)
    self.width = width
  }

  var count: Int { columns * rows }

  func cell(_ pixel: Int) -> Int { (pixel / width - top) * columns + pixel % width - left }
  func pixel(_ cell: Int) -> Int { (cell / columns + top) * width + cell % columns + left }

  /// To the cells left, right, above and below.
  var steps: [Int] { [-1, 1, -columns, columns] }

  /// 4-connected sets of the pixels, in order of their first ones, each in the picture's order.
  func connected(_ pixels: [Int]) -> [[Int]] {
    var isOpen = [Bool](repeating: false, count: count)
    for pixel in pixels { isOpen[cell(pixel)] = true }
    var pieces: [[Int]] = []
    var stack: [Int] = []
    for start in pixels where isOpen[cell(start)] {
      var piece: [Int] = []
      stack.append(cell(start))
      isOpen[cell(start)] = false
      while let here = stack.popLast() {
        piece.append(pixel(here))
        for step in steps where isOpen[here + step] {
          isOpen[here + step] = false
          stack.append(here + step)
        }
      }
      pieces.append(piece.sorted())
    }
    return pieces
  }
}
