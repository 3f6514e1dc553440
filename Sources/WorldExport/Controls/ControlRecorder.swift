import Foundation
import Rendering
import Safetensors
import WorldCore

/// Gathers a clip's controls frame by frame, each at once in its tokens' places.
///
/// Pictures whose sides are no multiple of 16 are continued by their last row and column, clips of a length that is no multiple
/// of 4 by their last frame.
struct ControlRecorder {
  let layout: ControlLayout
  private var values: [Float16]
  private var parts: [UInt16]
  /// N·s by frame and cell.
  private var impulses: [Float]
  private let codes: [SIMD3<Float>]
  private let isMoving: [Bool]
  private let contacts: [(frame: Int, contact: ContactEvent)]
  private var frameCount = 0

  private static let channelCount = ControlLayout.Channel.allCases.count

  /// - Parameter motions: of the parts, in the order of the segmentation's numbers from 1.
  init(_ layout: ControlLayout, motions: [BodyTrack.Motion], contacts: [ContactEvent], framesPerSecond: Double) {
    self.layout = layout
    values = Array(repeating: 0, count: layout.cellCount * Self.channelCount)
    parts = Array(repeating: 0, count: layout.cellCount)
    impulses = Array(repeating: 0, count: layout.cellCount)
    isMoving = [false] + motions.map { $0 != .fixed }
    codes = [.zero] + motions.indices.map(Self.code)
    self.contacts = contacts.filter { $0.kind == .impact }.map { contact in
      (min(Int((contact.time * framesPerSecond).rounded()), layout.frameCount - 1), contact)
    }
  }

  /// A direction for a part's number: the golden-angle spiral over the sphere, so that neighbours in number lie far apart.
  static func code(_ part: Int) -> SIMD3<Float> {
    let height = 1 - 2 * (Double(part) * 0.618_033_988_749_895 + 0.5).truncatingRemainder(dividingBy: 1)
    let angle = Double(part) * 2.399_963_229_728_653
    let radius = (1 - height * height).squareRoot()
    return SIMD3(Float(radius * cos(angle)), Float(radius * sin(angle)), Float(height))
  }

  /// One frame's cells, row by row.
  struct FrameCells: Sendable {
    /// [cells, channels]; impulses are still missing.
    fileprivate var values: [Float16]
    fileprivate var parts: [UInt16]
    fileprivate var viewpoint: Viewpoint
  }

  /// What a frame with depth, normals, segmentation and flow says of its cells; frames may be asked about in any order.
  func cells(of frame: Frame) -> FrameCells {
    var cells = FrameCells(
      values: Array(repeating: 0, count: layout.rows * layout.columns * Self.channelCount),
      parts: Array(repeating: 0, count: layout.rows * layout.columns), viewpoint: frame.viewpoint)
    let normals = frame.cameraNormals!.pixels
    let (depth, numbers) = (frame.depth!.pixels, frame.segmentation!.pixels)
    let flow = frame.forwardFlow!.vectors.pixels
    let visibility = frame.forwardFlow!.visibility.pixels
    let (width, height, side) = (layout.width, layout.height, ControlLayout.cell)
    let share = 1 / Float(side * side)
    for row in 0..<layout.rows {
      for column in 0..<layout.columns {
        var (inverse, moving): (Float, Float) = (0, 0)
        var (normal, code) = (SIMD3<Float>.zero, SIMD3<Float>.zero)
        var shift = SIMD2<Float>.zero
        for dy in 0..<side {
          let y = min(row * side + dy, height - 1)
          for dx in 0..<side {
            let k = y * width + min(column * side + dx, width - 1)
            let number = Int(numbers[k])
            if number > 0 {
              inverse += 1 / depth[k]
              normal += normals[k]
              code += codes[number]
              if isMoving[number] { moving += 1 }
            }
            if visibility[k] != .invalid { shift += flow[k] }
          }
        }
        let cell = row * layout.columns + column
        var place = cell * Self.channelCount
        func say(_ value: Float) {
          // Half precision ends at 65504; nothing here comes near but the flow of a thing that passes the lens.
          cells.values[place] = Float16(max(-60_000, min(60_000, value * share)))
          place += 1
        }
        say(inverse)
        for k in 0..<3 { say(normal[k]) }
        say(moving)
        for k in 0..<3 { say(code[k]) }
        for k in 0..<2 { say(shift[k]) }
        let middle = min(row * side + side / 2, height - 1) * width + min(column * side + side / 2, width - 1)
        cells.parts[cell] = numbers[middle]
      }
    }
    return cells
  }

  /// Takes the next frame's cells.
  mutating func append(_ cells: FrameCells) {
    precondition(frameCount < layout.frameCount, "more frames than the layout has")
    for row in 0..<layout.rows {
      for column in 0..<layout.columns {
        let (to, from) = (layout.index(frame: frameCount, row: row, column: column), row * layout.columns + column)
        for k in 0..<Self.channelCount { values[to * Self.channelCount + k] = cells.values[from * Self.channelCount + k] }
        parts[to] = cells.parts[from]
      }
    }
    for (_, contact) in contacts.lazy.filter({ [frameCount] in $0.frame == frameCount }) {
      splat(contact, seenFrom: cells.viewpoint)
    }
    frameCount += 1
  }

  /// Spreads an impulse over the four cells about its place in the picture, seen or not: it is heard as well.
  private mutating func splat(_ contact: ContactEvent, seenFrom view: Viewpoint) {
    guard let (pixel, _) = view.project(contact.point), view.projection.contains(pixel) else { return }
    let place = pixel / Double(ControlLayout.cell) - 0.5
    let (column, row) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
    let (fx, fy) = (place.x - Double(column), place.y - Double(row))
    for (dy, wy) in [(0, 1 - fy), (1, fy)] {
      for (dx, wx) in [(0, 1 - fx), (1, fx)] {
        let (r, c) = (min(max(row + dy, 0), layout.rows - 1), min(max(column + dx, 0), layout.columns - 1))
        impulses[layout.index(frame: frameCount, row: r, column: c)] += Float(contact.impulse * wx * wy)
      }
    }
  }

  /// `controls` F16 [time, rows, columns, 4, 4, 4, C] and `parts` U16 [time, rows, columns, 4, 4, 4].
  mutating func tensors() -> [NamedTensor] {
    precondition(frameCount == layout.frameCount, "frames are missing")
    let channel = Self.channelCount - 1
    for cell in impulses.indices { values[cell * Self.channelCount + channel] = Float16(log1p(impulses[cell] / 1e-3)) }
    let padded = layout.tokens.time * ControlLayout.frames
    for frame in frameCount..<max(padded, frameCount) {
      for row in 0..<layout.rows {
        for column in 0..<layout.columns {
          let from = layout.index(frame: frameCount - 1, row: row, column: column)
          let to = layout.index(frame: frame, row: row, column: column)
          // The picture stands still, so nothing flows and nothing strikes.
          for k in 0..<8 { values[to * Self.channelCount + k] = values[from * Self.channelCount + k] }
          parts[to] = parts[from]
        }
      }
    }
    return [
      NamedTensor(
        "controls", element: .float16, shape: layout.cellShape + [Self.channelCount],
        bytes: values.withUnsafeBytes { Array($0) }),
      NamedTensor("parts", shape: layout.cellShape, parts),
    ]
  }
}
