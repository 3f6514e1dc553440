import NeuralNetworks
import Tensors

/// What the neural shader sees of frames: for each cell of 4 × 4 pixels the plain view's pixels, the controls, and the place in
/// the picture.
struct ShaderInput {
  /// Pixels of the picture; cells may reach past them.
  let width: Int
  let height: Int
  /// [frames, height, width, 3], sRGB.
  let plain: [UInt8]
  /// [frames, rows, columns, channels], as `ControlTensor.planes` gives them; nil where nothing is known but the picture.
  var controls: [Float16]?
  let rows: Int
  let columns: Int

  /// Of an input's numbers, those that a mirror turns into their opposites: the normal's x, the flow's x, the place across.
  static let sidewaysChannels = [PixelBlocks.width + 1, PixelBlocks.width + 8, PixelBlocks.width + ControlTensor.scales.count]

  var channels: Int { ControlTensor.scales.count }

  /// [frames.count, rows.count, columns.count, 48 + channels + 2]; what lies past the cells repeats the last.
  func values(frames: [Int], rows stretch: Range<Int>, columns across: Range<Int>) -> [Float] {
    let blocks = PixelBlocks.values(plain, size: (width, height), frames: frames, rows: stretch, columns: across)
    let (side, channels) = (Float(PixelBlocks.side), channels)
    let inputWidth = PixelBlocks.width + channels + 2
    let cells = frames.count * stretch.count * across.count
    return [Float](unsafeUninitializedCapacity: cells * inputWidth) { values, initialized in
      var (place, block) = (0, 0)
      for frame in frames {
        for row in stretch {
          for column in across {
            for k in 0..<PixelBlocks.width { values[place + k] = blocks[block + k] }
            let cell = ((frame * rows + min(row, rows - 1)) * columns + min(column, columns - 1)) * channels
            for k in 0..<channels { values[place + PixelBlocks.width + k] = controls.map { Float($0[cell + k]) } ?? 0 }
            values[place + inputWidth - 2] = (Float(column) + 0.5) * side * 2 / Float(width) - 1
            values[place + inputWidth - 1] = (Float(row) + 0.5) * side * 2 / Float(height) - 1
            place += inputWidth
            block += PixelBlocks.width
          }
        }
      }
      initialized = place
    }
  }

  /// A frame's plain view alone: blocks [1, rows, columns, 48], float32.
  func plainBlocks(frame: Int) -> Tensor {
    let values = PixelBlocks.values(plain, size: (width, height), frames: [frame], rows: 0..<rows, columns: 0..<columns)
    return Tensor(values, shape: [1, rows, columns, PixelBlocks.width])
  }
}

extension NeuralShader {
  /// The picture of a frame, padded to whole tokens: blocks [1, rows, columns, 48].
  ///
  /// A simulation's plain view in anime style is the painting itself, at one ray a pixel: the network could only blur it. A
  /// camera's picture, which has no controls, is drawn anew in any style.
  func shaded(_ input: ShaderInput, frame: Int, style: Int) -> Tensor {
    if style == GeneratorStyle.anime.number, input.controls != nil { return input.plainBlocks(frame: frame) }
    let values = input.values(frames: [frame], rows: 0..<input.rows, columns: 0..<input.columns)
    let x = Tensor(values, shape: [1, input.rows, input.columns, configuration.inputWidth])
    return self(x.converted(to: entry.weight.elementType), styles: [style])
  }
}
