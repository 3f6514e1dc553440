internal import Glibc

/// Memory for tensors: blocks are kept by size when a tensor dies and given to the next that asks.
///
/// A training step asks for the same sizes again and again, so from the second step on nothing comes from the system
/// (`statistics.systemAllocations` stands still). Sizes are rounded up to a quarter of a power of two.
public final class MemoryPool: Sendable {
  public static let shared = MemoryPool()

  public struct Statistics: Sendable, Equatable {
    /// Blocks ever asked of the system.
    public var systemAllocations = 0
    /// Bytes taken from the system and not given back.
    public var bytesHeld = 0
    /// Bytes in living tensors, and the most there have been since `resetPeak`.
    public var bytesInUse = 0
    public var peakBytesInUse = 0
  }

  private struct State {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var statistics = Statistics()
  }
  private let state = Guarded(State())

  public var statistics: Statistics { state.withLock { $0.statistics } }

  public func resetPeak() {
    state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
  }

  /// Returns all unused blocks to the system.
  public func trim() {
    state.withLock { state in
      for (size, blocks) in state.free {
        state.statistics.bytesHeld -= size * blocks.count
        for block in blocks { Glibc.free(block) }
      }
      state.free = [:]
    }
  }

  /// The size class of a request: at least 64 bytes, otherwise the next multiple of a quarter of its power of two.
  package static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 64 else { return 64 }
    let step = max(16, (1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount)) / 4)
    return (bytes + step - 1) / step * step
  }

  func allocate(_ bytes: Int) -> (UnsafeMutableRawPointer, size: Int) {
    let size = Self.sizeClass(bytes)
    let pointer = state.withLock { state in
      state.statistics.bytesInUse += size
      state.statistics.peakBytesInUse = max(state.statistics.peakBytesInUse, state.statistics.bytesInUse)
      if let block = state.free[size]?.popLast() { return block }
      state.statistics.systemAllocations += 1
      state.statistics.bytesHeld += size
      return Self.systemBlock(size)
    }
    return (pointer, size)
  }

  func release(_ pointer: UnsafeMutableRawPointer, size: Int) {
    state.withLock { state in
      state.statistics.bytesInUse -= size
      state.free[size, default: []].append(pointer)
    }
  }

  /// Aligned to a cache line; from 2 MB on to a huge page, which spares the many page-table walks of long strides.
  private static func systemBlock(_ size: Int) -> UnsafeMutableRawPointer {
    let hugePage = 2 << 20
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, size >= hugePage ? hugePage : 64, size)
    guard status == 0, let pointer else { fatalError("there is no memory left for a tensor of \(size) bytes") }
    if size >= hugePage { madvise(pointer, size, MADV_HUGEPAGE) }
    return pointer
  }
}
