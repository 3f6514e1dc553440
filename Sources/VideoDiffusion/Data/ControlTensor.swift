import Foundation
import Safetensors

/// A sample's controls as they are stored: half precision, in the order of a video transformer's tokens.
///
/// `[time, rows, columns, 4, 4, 4, C]`: a token is 4 frames of 4 × 4 cells of 4 × 4 pixels. What each of the C numbers says is
/// in the file.
struct ControlTensor {
  enum Channel: String { case moving }

  let frameCount: Int
  let width: Int
  let height: Int
  /// Tokens along time, down and across.
  let tokens: (time: Int, rows: Int, columns: Int)
  let channels: [String]
  let values: [Float16]
  /// One number a cell.
  let parts: [UInt16]

  /// What each of the channels is multiplied by to be about 1.
  static let scales: [Float] = [1, 1, 1, 1, 1, 1, 1, 1, 0.125, 0.125, 0.125]
  /// Scaled values stay within ± this: a thing that passes the lens shall not drown the others.
  private static let bound: Float = 8

  static let framesPerToken = 4
  static let cellsPerSide = 4
  static let pixelsPerCell = 4

  init(_ contents: Data, key: String) throws {
    func bad(_ problem: String) -> TrainingDataError { .badSample(key: key, problem: problem) }
    let file = try SafetensorsFile(contents: contents, path: key)
    guard let numbers = ["frames", "width", "height"].map({ file.metadata[$0].flatMap { Int($0) } }) as? [Int],
      numbers.allSatisfy({ $0 > 0 }), let names = file.metadata["controls"]
    else { throw bad("its .safetensors doesn't say what its controls are") }
    (frameCount, width, height) = (numbers[0], numbers[1], numbers[2])
    channels = names.split(separator: ",").map(String.init)
    guard let controls = file["controls"], controls.element == .float16, controls.shape.count == 7,
      channels.count == Self.scales.count,
      Array(controls.shape[3...]) == [Self.framesPerToken, Self.cellsPerSide, Self.cellsPerSide, channels.count]
    else { throw bad("its controls have an unknown form") }
    tokens = (controls.shape[0], controls.shape[1], controls.shape[2])
    let side = Self.cellsPerSide * Self.pixelsPerCell
    guard tokens.time * Self.framesPerToken >= frameCount, tokens.rows * side >= height, tokens.columns * side >= width else {
      throw bad("its controls don't cover its clip")
    }
    values = try file.withBytes(of: "controls") { bytes in
      [Float16](unsafeUninitializedCapacity: bytes.count / 2) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
        initialized = bytes.count / 2
      }
    }
    parts = try file.elements(of: "parts")
    guard parts.count * channels.count == values.count else { throw bad("its parts don't fit its controls") }
  }

  /// The values of a stretch of tokens scaled, in the order in which they are stored.
  func scaled(_ times: Range<Int>) -> [Float] {
    let (channels, token) = (channels.count, values.count / tokens.time)
    return values.withUnsafeBufferPointer { values in
      (times.lowerBound * token..<times.upperBound * token).map {
        max(-Self.bound, min(Self.bound, Float(values[$0]) * Self.scales[$0 % channels]))
      }
    }
  }

  /// All channels scaled, frame by frame and row by row: [frames, 4·tokens.rows, 4·tokens.columns, C], frames that fill a token
  /// left out.
  func planes() -> [Float16] {
    let (side, channels) = (Self.cellsPerSide, channels.count)
    let (rows, columns) = (tokens.rows * side, tokens.columns * side)
    let frames = FrameCrew.results(frameCount) { frame in
      [Float16](unsafeUninitializedCapacity: rows * columns * channels) { result, initialized in
        var place = 0
        for row in 0..<rows {
          for column in 0..<columns {
            let cell = self.cell(frame: frame, row: row, column: column) * channels
            for k in 0..<channels {
              result[place + k] = Float16(max(-Self.bound, min(Self.bound, Float(values[cell + k]) * Self.scales[k])))
            }
            place += channels
          }
        }
        initialized = place
      }
    }
    return Array(frames.joined())
  }

  /// The place of a cell among all.
  private func cell(frame: Int, row: Int, column: Int) -> Int {
    let side = Self.cellsPerSide
    let token = ((frame / Self.framesPerToken) * tokens.rows + row / side) * tokens.columns + column / side
    return ((token * Self.framesPerToken + frame % Self.framesPerToken) * side + row % side) * side + column % side
  }

  /// One channel, frame by frame and row by row: [frames, ⌈height / 4⌉, ⌈width / 4⌉]; zeros where the file doesn't have it.
  func plane<Value>(_ channel: Channel, _ convert: (Float) -> Value) -> [Value] {
    let place = channels.firstIndex(of: channel.rawValue)
    return cells().map { cell in convert(place.map { Float(values[cell * channels.count + $0]) } ?? 0) }
  }

  /// The number of the part that each cell's middle shows, 0 for none, as `plane` has its values.
  func partPlane() -> [UInt16] { cells().map { parts[$0] } }

  /// The cells' places in the tensor, frame by frame and row by row.
  private func cells() -> [Int] {
    let rows = (height + Self.pixelsPerCell - 1) / Self.pixelsPerCell
    let columns = (width + Self.pixelsPerCell - 1) / Self.pixelsPerCell
    var result: [Int] = []
    result.reserveCapacity(frameCount * rows * columns)
    for frame in 0..<frameCount {
      for row in 0..<rows {
        for column in 0..<columns { result.append(cell(frame: frame, row: row, column: column)) }
      }
    }
    return result
  }
}
