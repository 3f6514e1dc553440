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

  /// A core is deeper than this share of the deepest pixel's distance from the outside.
  private static let core = 0.6

  /// The pixels shared out among their cores, each to the nearest (by steps within the set): two round things that touch are
  /// two lobes, one thing is one.
  ///
  /// Pixels that no core reaches, and all where there is one core only, are one part.
  func lobes(of pixels: [Int]) -> [[Int]] {
    let cells = pixels.map(cell)
    var depth = [Int](repeating: 0, count: count)
    for cell in cells { depth[cell] = .max }
    // Distances by steps from the outside, breadth first.
    var front = cells.filter { cell in steps.contains { depth[cell + $0] == 0 } }
    var level = 1
    while !front.isEmpty {
      for cell in front { depth[cell] = level }
      level += 1
      front = Array(Set(front.flatMap { cell in steps.map { cell + $0 }.filter { depth[$0] == .max } }))
    }
    let deepest = cells.map { depth[$0] }.max() ?? 0
    let cores = connected(pixels.filter { Double(depth[cell($0)]) > Self.core * Double(deepest) })
    guard cores.count > 1 else { return [pixels] }

    var owner = [Int](repeating: -1, count: count)
    for (number, core) in cores.enumerated() { for pixel in core { owner[cell(pixel)] = number } }
    front = cores.joined().map(cell)
    while !front.isEmpty {
      var next: [Int] = []
      for cell in front {
        for step in steps where depth[cell + step] > 0 && owner[cell + step] < 0 {
          owner[cell + step] = owner[cell]
          next.append(cell + step)
        }
      }
      front = next
    }
    return cores.indices.map { number in pixels.filter { owner[cell($0)] == number } }
  }
}
