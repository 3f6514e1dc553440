/// A picture-sized block of memory that rows are written into from many threads.
///
/// `@unchecked Sendable`: each pixel is written by the one thread that has its row, and read by others only afterwards.
final class Plane2D<Element: BitwiseCopyable>: @unchecked Sendable {
  let width: Int
  let height: Int
  let pixels: UnsafeMutablePointer<Element>

  init(width: Int, height: Int, filledWith element: Element) {
    (self.width, self.height) = (width, height)
    pixels = .allocate(capacity: width * height)
    pixels.initialize(repeating: element, count: width * height)
  }

  deinit { pixels.deallocate() }

  @inline(__always) func row(_ y: Int) -> UnsafeMutablePointer<Element> { pixels + y * width }

  /// What `transform` makes of the elements, in row-major order.
  func map<T>(_ transform: (Element) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: width * height) { buffer, count in
      for k in 0..<width * height { buffer.initializeElement(at: k, to: transform(pixels[k])) }
      count = width * height
    }
  }

  /// The elements in row-major order.
  var array: [Element] { Array(UnsafeBufferPointer(start: pixels, count: width * height)) }
}
