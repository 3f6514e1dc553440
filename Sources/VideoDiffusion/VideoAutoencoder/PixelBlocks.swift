import Tensors
import WorldCore

/// Pictures as the network sees them: blocks of 4 × 4 pixels, each one a vector of 48 numbers in −1 … 1.
///
/// [frames, rows, columns, 4·4·3]; within a block row by row, red, green and blue together. So no layer ever runs at full
/// resolution, and no activation is rearranged.
enum PixelBlocks {
  static let side = 4
  static let width = side * side * 3

  /// The blocks of a part of a clip.
  ///
  /// - Parameters:
  ///   - pixels: [frames, height, width, 3].
  ///   - frames: which ones, in any order.
  ///   - rows, columns: of blocks, which may reach past the picture's right and bottom edges; there its last row and column go
  ///     on.
  static func values(
    _ pixels: [UInt8], size: (width: Int, height: Int), frames: [Int], rows: Range<Int>, columns: Range<Int>
  ) -> [Float] {
    let count = frames.count * rows.count * columns.count * width
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      pixels.withUnsafeBufferPointer { pixels in
        var place = 0
        for frame in frames {
          let picture = frame * size.width * size.height
          for row in rows {
            for column in columns {
              for y in row * side..<(row + 1) * side {
                let line = picture + min(y, size.height - 1) * size.width
                for x in column * side..<(column + 1) * side {
                  let pixel = 3 * (line + min(x, size.width - 1))
                  for channel in 0..<3 { values[place + channel] = Float(pixels[pixel + channel]) * (1 / 127.5) - 1 }
                  place += 3
                }
              }
            }
          }
        }
        initialized = place
      }
    }
  }

  /// The upper left `width` × `height` pixels of one frame's blocks [rows, columns, 48], rounded to bytes.
  static func image(_ values: UnsafeBufferPointer<Float>, columns: Int, width: Int, height: Int) -> Image<SRGB8> {
    let pixels = [SRGB8](unsafeUninitializedCapacity: width * height) { pixels, initialized in
      func byte(_ value: Float) -> UInt8 { UInt8(max(0, min(255, (value * 127.5 + 128)))) }
      for y in 0..<height {
        for x in 0..<width {
          let block = (y / side) * columns + x / side
          let place = block * Self.width + ((y % side) * side + x % side) * 3
          pixels[y * width + x] = SRGB8(red: byte(values[place]), green: byte(values[place + 1]), blue: byte(values[place + 2]))
        }
      }
      initialized = width * height
    }
    return Image(width: width, height: height, pixels: pixels)
  }

  /// [frames, rows, columns, 48] as pictures [frames, 4·rows, 4·columns, 3], with gradients.
  static func pictures(_ blocks: Tensor) -> Tensor {
    let (frames, rows, columns) = (blocks.shape[0], blocks.shape[1], blocks.shape[2])
    return blocks.reshaped([frames, rows, columns, side, side * 3]).permuted([0, 1, 3, 2, 4])
      .reshaped([frames, rows * side, columns * side, 3])
  }
}
