import WorldCore

/// Which pixels of a clip's frames show which moving part.
struct MovingParts: Sendable {
  private let width: Int
  private let height: Int
  /// [frames, rows, columns] of cells of 4 × 4 pixels: the share that moves, and the number of the part in the middle.
  private let moving: [Float]
  private let parts: [UInt16]

  init(_ controls: ControlTensor) {
    (width, height) = (controls.width, controls.height)
    moving = controls.plane(.moving) { $0 }
    parts = controls.partPlane()
  }

  /// For each moving part that fills at least `fewest` cells, its number and the pixels of its cells; those at the picture's edge
  /// are left out.
  func movers(inFrame frame: Int, cells fewest: Int) -> [(part: Int, pixels: [Int])] {
    let cell = PixelClip.cell
    let (rows, columns) = ((height + cell - 1) / cell, (width + cell - 1) / cell)
    var cells: [UInt16: [Int]] = [:]
    for k in 0..<rows * columns where moving[frame * rows * columns + k] > 0.25 {
      cells[parts[frame * rows * columns + k], default: []].append(k)
    }
    return cells.sorted { $0.key < $1.key }.compactMap { part, cells in
      guard part > 0, cells.count >= fewest else { return nil }
      let pixels = cells.flatMap { k in
        (0..<cell * cell).compactMap { p in
          let (y, x) = (k / columns * cell + p / cell, k % columns * cell + p % cell)
          return y > 0 && x > 0 && y < height - 1 && x < width - 1 ? y * width + x : nil
        }
      }
      return (Int(part), pixels)
    }
  }

  /// By how many pixels each moving part is displaced in a picture of a frame, by its number, where that can be told.
  func displacements(
    of picture: Image<SRGB8>, from original: Image<SRGB8>, frame: Int, cells fewest: Int = 6
  ) -> [Int: SIMD2<Double>] {
    Dictionary(
      uniqueKeysWithValues: movers(inFrame: frame, cells: fewest).compactMap { part, pixels in
        PictureQuality.displacement(picture, from: original, of: pixels).map { (part, $0) }
      })
  }
}
