/// Reference-counted memory from the pool, and the layouts that oneDNN wants its contents in.
///
/// Sendable because contents are written only before a tensor is handed out, or by an owner who holds the only reference.
final class TensorStorage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int
  private let size: Int
  /// Guarded by one lock for all tensors, which is held for no longer than a look.
  private var packings: [Packing] = []
  private static let lock = Guarded(())

  init(bytes: Int) {
    self.bytes = bytes
    (pointer, size) = MemoryPool.shared.allocate(bytes)
  }

  deinit { MemoryPool.shared.release(pointer, size: size) }

  /// The contents rearranged as `layout`, made on first use and kept until the contents change.
  func packed(_ layout: MemoryLayoutDescription, from source: MemoryLayoutDescription, at offset: Int) -> TensorStorage {
    kept(.oneDNN(layout, from: source, offset: offset)) { rearranged(layout, from: source, at: offset) }
  }

  /// The contents rearranged as `layout`, for one use.
  func rearranged(_ layout: MemoryLayoutDescription, from source: MemoryLayoutDescription, at offset: Int) -> TensorStorage {
    let storage = TensorStorage(bytes: layout.bytes)
    OneDNN.reorder(source, pointer + offset, into: layout, storage.pointer)
    return storage
  }

  /// What `make` gives, kept until the contents change. Two threads may make the same at once, and either will do.
  func kept(_ form: PackedForm, make: () -> TensorStorage) -> TensorStorage {
    if let known = Self.lock.withLock({ _ in packings.first { $0.form == form }?.storage }) { return known }
    let storage = make()
    Self.lock.withLock { _ in packings.append(Packing(form: form, storage: storage)) }
    return storage
  }

  /// Must follow every write to contents that were readable before.
  func contentsDidChange() {
    // What was kept is released after the lock is open again: its memory goes back by way of another.
    var former: [Packing] = []
    Self.lock.withLock { _ in swap(&former, &packings) }
  }

  /// How contents are rearranged.
  enum PackedForm: Hashable {
    case oneDNN(MemoryLayoutDescription, from: MemoryLayoutDescription, offset: Int)
    case split(SplitProducts.Packed)
    case tiles(TileConvolutions.Packed)
  }

  private struct Packing {
    let form: PackedForm
    let storage: TensorStorage
  }
}
