import CLibAV

/// How a stored raster is turned before it is shown: mirrored about its diagonal, then along x or y.
struct PictureOrientation: Equatable {
  /// Rows become columns, about the diagonal through the top left corner.
  var isTransposed = false
  var isFlippedX = false
  var isFlippedY = false

  static let upright = PictureOrientation()

  init(isTransposed: Bool = false, isFlippedX: Bool = false, isFlippedY: Bool = false) {
    (self.isTransposed, self.isFlippedX, self.isFlippedY) = (isTransposed, isFlippedX, isFlippedY)
  }

  /// The quarter turn nearest to a container's display matrix, which maps (x, y) to (ax + cy, bx + dy), y down.
  init(displayMatrix m: UnsafePointer<Int32>) {
    let (a, b, c, d) = (Double(m[0]), Double(m[1]), Double(m[3]), Double(m[4]))
    isTransposed = abs(b) + abs(c) > abs(a) + abs(d)
    isFlippedX = (isTransposed ? c : a) < 0
    isFlippedY = (isTransposed ? b : d) < 0
  }

  /// That of a stream's display matrix, if it has one.
  init(of stream: UnsafeMutablePointer<AVStream>) {
    var size = 0
    guard let data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
      self = .upright
      return
    }
    self = data.withMemoryRebound(to: Int32.self, capacity: 9) { PictureOrientation(displayMatrix: $0) }
  }

  /// That of a frame of its own, as a photograph has by its EXIF tag; nil where it has none.
  init?(of frame: UnsafeMutablePointer<AVFrame>) {
    guard let side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX), side.pointee.size >= 36 else { return nil }
    self = side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) { PictureOrientation(displayMatrix: $0) }
  }

  func size(ofWidth width: Int, height: Int) -> (width: Int, height: Int) { isTransposed ? (height, width) : (width, height) }

  /// The stored pixel that is shown at (x, y) of a picture of that size.
  func source(x: Int, y: Int, in size: (width: Int, height: Int)) -> (x: Int, y: Int) {
    let u = isFlippedX ? size.width - 1 - x : x
    let v = isFlippedY ? size.height - 1 - y : y
    return isTransposed ? (v, u) : (u, v)
  }
}
