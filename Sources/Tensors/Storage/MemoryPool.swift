internal import Glibc

/// Memory for tensors: blocks are kept by size when a tensor dies and given to the next that asks.
///
/// A training step asks for the same sizes again and again, so from the second step on nothing comes from the system
/// (`statistics.systemAllocations` stands still).
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
    var regions: [Region] = []
    var statistics = Statistics()
  }
  private let state = Guarded(State())

  public var statistics: Statistics { state.withLock { $0.statistics } }

  public func resetPeak() {
    state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
  }

  /// Returns the memory of all unused blocks to the system.
  public func trim() {
    state.withLock { state in
      // A region goes as a whole once all of its blocks are unused; the pages of unused blocks in others go, their addresses
      // stay.
      var regions: [Region] = []
      for region in state.regions {
        let unused = state.free.mapValues { $0.filter(region.contains) }
        guard unused.reduce(0, { $0 + $1.value.count }) == region.blocks else {
          for (size, blocks) in unused { for block in blocks { region.releasePages(of: block, size: size) } }
          regions.append(region)
          continue
        }
        for (size, blocks) in unused {
          state.free[size]!.removeAll(where: region.contains)
          state.statistics.bytesHeld -= size * blocks.count
        }
        Glibc.free(region.start)
      }
      state.regions = regions
      for (size, blocks) in state.free where size < Self.largeBlock {
        state.statistics.bytesHeld -= size * blocks.count
        for block in blocks { Glibc.free(block) }
        state.free[size] = nil
      }
    }
  }

  /// The size class of a request: at least 64 bytes, otherwise the next multiple of a quarter of its power of two; of 64 KB
  /// from 1 MB on, where a quarter would be a waste.
  package static func sizeClass(_ bytes: Int) -> Int {
    guard bytes > 64 else { return 64 }
    guard bytes < largeBlock else { return (bytes + 0xffff) & ~0xffff }
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
      return size < Self.largeBlock ? Self.systemBlock(size, alignment: 64) : Self.block(size, of: &state.regions)
    }
    return (pointer, size)
  }

  func release(_ pointer: UnsafeMutableRawPointer, size: Int) {
    state.withLock { state in
      state.statistics.bytesInUse -= size
      state.free[size, default: []].append(pointer)
    }
  }

  // MARK: large blocks

  private static let largeBlock = 1 << 20, hugePage = 2 << 20, regionSize = 64 << 20

  /// Memory on huge pages, which spare the many page-table walks of long strides. Blocks lie in it one after the other: were
  /// each to begin on a huge page of its own, the rest of its last one would be lost (a third of all memory in some networks).
  private struct Region {
    let start: UnsafeMutableRawPointer
    let size: Int
    var used = 0, blocks = 0

    func contains(_ block: UnsafeMutableRawPointer) -> Bool { block >= start && block < start + size }

    func releasePages(of block: UnsafeMutableRawPointer, size: Int) {
      let (first, end) = ((Int(bitPattern: block) + 4095) & ~4095, (Int(bitPattern: block) + size) & ~4095)
      madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_DONTNEED)
    }
  }

  private static func block(_ size: Int, of regions: inout [Region]) -> UnsafeMutableRawPointer {
    // Blocks begin on different lines of the first cache, lest rows of several tensors at the same place of each push one
    // another out.
    let stride = size + 5 * 64
    let index: Int
    if let known = regions.firstIndex(where: { $0.used + stride <= $0.size }) {
      index = known
    } else {
      let extent = max(regionSize, (stride + hugePage - 1) / hugePage * hugePage)
      let start = systemBlock(extent, alignment: hugePage)
      madvise(start, extent, MADV_HUGEPAGE)
      index = regions.endIndex
      regions.append(Region(start: start, size: extent))
    }
    defer { (regions[index].used, regions[index].blocks) = (regions[index].used + stride, regions[index].blocks + 1) }
    return regions[index].start + regions[index].used
  }

  private static func systemBlock(_ size: Int, alignment: Int) -> UnsafeMutableRawPointer {
    var pointer: UnsafeMutableRawPointer?
    let status = posix_memalign(&pointer, alignment, size)
    guard status == 0, let pointer else { fatalError("there is no memory left for tensors: \(size) bytes were asked for") }
    return pointer
  }
}
