/// How controls lie in memory: in the order in which a video transformer takes its tokens.
///
/// A token stands for 16 × 16 pixels of 4 frames, which is 2 × 2 × 4 cells of an autoencoder with 8 × 8 pixels a cell. Each
/// token's controls lie together, so that embedding them is one product of a matrix [tokens, 64·C] with its weights: no
/// gathering, no transposing. Within a token they are resolved finer than the latents, 4 × 4 pixels a cell: an edge's share of
/// a cell then tells where it is to a small part of a pixel.
public struct ControlLayout: Sendable, Equatable {
  /// Frames and pixels (along each side) of a token, and pixels of a cell.
  public static let frames = 4
  public static let pixels = 16
  public static let cell = 4

  /// What each cell says, in order; all are means over the cell's pixels.
  public enum Channel: String, CaseIterable, Sendable {
    /// 1/m along the line of view; 0 where there is nothing.
    case inverseDepth = "inverse_depth"
    /// Unit vectors in the camera's frame: x right, y up, z towards the viewer; zero where there is nothing.
    case normalX = "normal_x"
    case normalY = "normal_y"
    case normalZ = "normal_z"
    /// The share of the cell that shows a dynamic or scripted body.
    case moving
    /// A unit vector that is the part's own in every frame; zero where there is nothing.
    case partA = "part_a"
    case partB = "part_b"
    case partC = "part_c"
    /// Pixels to the next frame, x right and y down; zero in a shot's last frame.
    case flowX = "flow_x"
    case flowY = "flow_y"
    /// ln(1 + J / 1 mN·s) of the impulses J that act in this frame, spread over the four nearest cells.
    case impulse
  }

  /// Tokens along time, down and across; partial ones count.
  public let tokens: (time: Int, rows: Int, columns: Int)
  public let frameCount: Int
  public let width: Int
  public let height: Int

  public init(frameCount: Int, width: Int, height: Int) {
    precondition(frameCount > 0 && width > 0 && height > 0, "controls need at least one pixel of one frame")
    func parts(_ whole: Int, _ part: Int) -> Int { (whole + part - 1) / part }
    tokens = (parts(frameCount, Self.frames), parts(height, Self.pixels), parts(width, Self.pixels))
    self.frameCount = frameCount
    self.width = width
    self.height = height
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.frameCount == b.frameCount && a.width == b.width && a.height == b.height
  }

  /// Cells along a token's side.
  static let side = pixels / cell

  /// Cells of the padded picture.
  var rows: Int { tokens.rows * Self.side }
  var columns: Int { tokens.columns * Self.side }

  /// `[time, rows, columns, frame, row, column]` of the cells.
  public var cellShape: [Int] { [tokens.time, tokens.rows, tokens.columns, Self.frames, Self.side, Self.side] }

  public var cellCount: Int { cellShape.reduce(1, *) }

  /// The place of a cell among all.
  func index(frame: Int, row: Int, column: Int) -> Int {
    let token = ((frame / Self.frames) * tokens.rows + row / Self.side) * tokens.columns + column / Self.side
    return ((token * Self.frames + frame % Self.frames) * Self.side + row % Self.side) * Self.side + column % Self.side
  }
}
