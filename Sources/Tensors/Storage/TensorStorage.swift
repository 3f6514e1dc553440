internal import Synchronization

/// Reference-counted memory from the pool, and the layouts that oneDNN wants its contents in.
///
/// Sendable because contents are written only before a tensor is handed out, or by an owner who holds the only reference.
final class TensorStorage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int
  private let size: Int
  private let packings = Mutex<[Packing]>([])

  init(bytes: Int) {
    self.bytes = bytes
    (pointer, size) = MemoryPool.shared.allocate(bytes)
  }

  deinit { MemoryPool.shared.release(pointer, size: size) }

  /// The contents rearranged as `layout`, made on first use and kept until the contents change.
  func packed(_ layout: MemoryLayoutDescription, from source: MemoryLayoutDescription, at offset: Int) -> TensorStorage {
    packings.withLock { packings in
      if let known = packings.first(where: { $0.source == source && $0.offset == offset && $0.layout == layout }) {
        return known.storage
      }
      let storage = TensorStorage(bytes: layout.bytes)
      OneDNN.reorder(source, pointer + offset, into: layout, storage.pointer)
      packings.append(Packing(source: source, offset: offset, layout: layout, storage: storage))
      return storage
    }
  }

  /// Must follow every write to contents that were readable before.
  func contentsDidChange() { packings.withLock { $0 = [] } }

  private struct Packing: @unchecked Sendable {
    let source: MemoryLayoutDescription
    let offset: Int
    let layout: MemoryLayoutDescription
    let storage: TensorStorage
  }
}
