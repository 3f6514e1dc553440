import NeuralNetworks
import Tensors
import WorldCore

/// What the neural shader sees of frames: for each cell of 4 × 4 pixels the plain view's pixels or its flat colours, the
/// controls, and the place in the picture.
struct ShaderInput {
  /// Pixels of the picture; cells may reach past them.
  let width: Int
  let height: Int
  /// [frames, height, width, 3], sRGB.
  let plain: [UInt8]
  /// Whether `plain` is a `FlatView`.
  var isFlat = false
  /// [frames, rows, columns, channels], as `ControlTensor.planes` gives them; nil where nothing is known but the picture.
  var controls: [Float16]?
  let rows: Int
  let columns: Int

  /// Of an input's numbers, those that a mirror turns into their opposites: the normal's x, the flow's x, the place across.
  static let sidewaysChannels = [PixelBlocks.width + 1, PixelBlocks.width + 8, PixelBlocks.width + ControlTensor.scales.count]

  var channels: Int { ControlTensor.scales.count }
  var frameCount: Int { plain.count / (3 * width * height) }

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

extension ShaderInput {
  /// Pictures, at least one, and what is known of them.
  ///
  /// - Parameters:
  ///   - controls: [frames, rows, columns, channels]; nil where nothing is known but the pictures.
  ///   - tokens: the extent of the clip in video tokens.
  init(_ pictures: [Image<SRGB8>], controls: [Float16]?, tokens: (time: Int, rows: Int, columns: Int)) {
    self.init(
      width: pictures[0].width, height: pictures[0].height, plain: pictures.flatMap(\.bytes), controls: controls,
      rows: tokens.rows * ControlTensor.cellsPerSide, columns: tokens.columns * ControlTensor.cellsPerSide)
  }

  /// A simulation without its plain view.
  init(flat controls: ControlTensor, _ motion: MotionRecord) {
    self.init(
      width: controls.width, height: controls.height, plain: FlatView.pixels(controls, motion), isFlat: true,
      controls: controls.planes(), rows: controls.tokens.rows * ControlTensor.cellsPerSide,
      columns: controls.tokens.columns * ControlTensor.cellsPerSide)
  }
}

extension NeuralShader {
  /// The picture of a frame, padded to whole tokens: blocks [1, rows, columns, 48].
  ///
  /// A simulation's plain view in anime style is the painting itself, at one ray a pixel: the network could only blur it. A
  /// camera's picture, which has no controls, is drawn anew in any style.
  func shaded(_ input: ShaderInput, frame: Int, look: ShaderLook) -> Tensor {
    if look.style == .anime, input.controls != nil, !input.isFlat { return input.plainBlocks(frame: frame) }
    let values = input.values(frames: [frame], rows: 0..<input.rows, columns: 0..<input.columns)
    let x = Tensor(values, shape: [1, input.rows, input.columns, configuration.inputWidth])
    return self(x.converted(to: entry.weight.elementType), styles: [configuration.number(of: look)])
  }
}
