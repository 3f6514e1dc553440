internal import Glibc
internal import Synchronization

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
  // Pointers in the free lists belong to nobody else.
  private struct Guarded: @unchecked Sendable { var state = State() }
  private let guarded = Mutex(Guarded())

  public var statistics: Statistics { guarded.withLock { $0.state.statistics } }

  public func resetPeak() {
    guarded.withLock { $0.state.statistics.peakBytesInUse = $0.state.statistics.bytesInUse }
  }

  /// Returns all unused blocks to the system.
  public func trim() {
    guarded.withLock { guarded in
      for (size, blocks) in guarded.state.free {
        guarded.state.statistics.bytesHeld -= size * blocks.count
        for block in blocks { Glibc.free(block) }
      }
      guarded.state.free = [:]
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
    struct Block: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }
    let block = guarded.withLock { guarded in
      guarded.state.statistics.bytesInUse += size
      guarded.state.statistics.peakBytesInUse = max(guarded.state.statistics.peakBytesInUse, guarded.state.statistics.bytesInUse)
      if let block = guarded.state.free[size]?.popLast() { return Block(pointer: block) }
      guarded.state.statistics.systemAllocations += 1
      guarded.state.statistics.bytesHeld += size
      return Block(pointer: Self.systemBlock(size))
    }
    return (block.pointer, size)
  }

  func release(_ pointer: UnsafeMutableRawPointer, size: Int) {
    struct Block: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }
    let block = Block(pointer: pointer)
    guarded.withLock { guarded in
      guarded.state.statistics.bytesInUse -= size
      guarded.state.free[size, default: []].append(block.pointer)
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
