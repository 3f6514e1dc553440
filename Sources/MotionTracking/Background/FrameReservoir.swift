/// Keeps an evenly spaced handful of frames of a stream whose length isn't known: memory stays constant, the choice has no
/// chance in it.
struct FrameReservoir {
  private(set) var samples: [WorkingFrame] = []
  private var stride = 1
  private var seen = 0
  /// Between `capacity` and twice as many frames are held.
  let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  mutating func add(_ frame: @autoclosure () throws -> WorkingFrame) rethrows {
    defer { seen += 1 }
    guard seen % stride == 0 else { return }
    if samples.count == 2 * capacity {
      samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      stride *= 2
      guard seen % stride == 0 else { return }
    }
    samples.append(try frame())
  }
}
