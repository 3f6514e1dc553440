internal import CTensorKernels

/// A value of any number of axes.
///
/// Copies share memory that nobody writes to, so a tensor behaves as a value. Reshaping, slicing, permuting and broadcasting
/// give views; an operation that needs consecutive elements makes them so itself. A tensor that a `GradientTape` watches, and
/// whatever is computed from it, remembers how it came about.
public struct Tensor: Sendable {
  public let shape: [Int]
  public let elementType: ElementType
  /// Elements between neighbours along each axis; 0 along an axis that was broadcast.
  let strides: [Int]
  /// The first element's place in the storage, in elements.
  let offset: Int
  var storage: TensorStorage
  var node: TapeNode?

  init(shape: [Int], elementType: ElementType, strides: [Int], offset: Int, storage: TensorStorage, node: TapeNode? = nil) {
    self.shape = shape
    self.elementType = elementType
    self.strides = strides
    self.offset = offset
    self.storage = storage
    self.node = node
  }

  /// Elements in all.
  public var count: Int { shape.reduce(1, *) }
  public var rank: Int { shape.count }

  static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
    }
    return strides
  }

  var isContiguous: Bool {
    var expected = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      if shape[axis] != 1 && strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Memory of the pool with whatever it held before: for an operation to write in full.
  static func uninitialized(_ shape: [Int], _ elementType: ElementType) -> Tensor {
    require(shape.allSatisfy { $0 > 0 }, "a tensor's extents must be positive, and the shape asked for is \(shape)")
    let count = shape.reduce(1, *)
    return Tensor(
      shape: shape, elementType: elementType, strides: contiguousStrides(shape), offset: 0,
      storage: TensorStorage(bytes: count * elementType.size))
  }

  /// The first element's address. Valid while the tensor lives.
  var pointer: UnsafeMutableRawPointer { storage.pointer + offset * elementType.size }

  /// The same value, unknown to any tape.
  public var detached: Tensor {
    guard node != nil else { return self }
    return Tensor(shape: shape, elementType: elementType, strides: strides, offset: offset, storage: storage)
  }

  /// The same value with consecutive elements.
  func contiguous() -> Tensor {
    guard !isContiguous else { return self }
    let result = Tensor.uninitialized(shape, elementType)
    result.write(self)
    return result
  }

  /// Copies `source` (of the same shape, any element type) into this tensor's elements.
  func write(_ source: Tensor) {
    var walk = Walk(shape, strides, source.strides).kernel
    kernels.copy(elementType.kernel, source.elementType.kernel, &walk, pointer, source.pointer)
  }
}

// MARK: values in and out

extension Tensor {
  /// A tensor of the values given, the last axis varying fastest.
  public init(_ values: [Float], shape: [Int]) {
    self = Tensor.uninitialized(shape, .float32)
    require(values.count == count, "\(values.count) values cannot fill the shape \(shape), which has \(count)")
    values.withUnsafeBytes { pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  public init(_ values: [Double], shape: [Int]) {
    self = Tensor.uninitialized(shape, .float64)
    require(values.count == count, "\(values.count) values cannot fill the shape \(shape), which has \(count)")
    values.withUnsafeBytes { pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  /// A tensor of `elementType` from the bytes of a file, little-endian.
  public init(bytes: UnsafeRawBufferPointer, shape: [Int], elementType: ElementType) {
    self = Tensor.uninitialized(shape, elementType)
    require(
      bytes.count == count * elementType.size, "\(bytes.count) bytes cannot fill the shape \(shape) of \(elementType)")
    pointer.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
  }

  public static func filled(_ value: Double, shape: [Int], elementType: ElementType = .float32) -> Tensor {
    let result = Tensor.uninitialized(shape, elementType)
    kernels.fill(elementType.kernel, Int64(result.count), value, result.pointer)
    return result
  }

  public static func zeros(_ shape: [Int], elementType: ElementType = .float32) -> Tensor {
    filled(0, shape: shape, elementType: elementType)
  }

  public static func ones(_ shape: [Int], elementType: ElementType = .float32) -> Tensor {
    filled(1, shape: shape, elementType: elementType)
  }

  /// All elements in order, as float32.
  public func floats() -> [Float] {
    let source = detached.converted(to: .float32).contiguous()
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.baseAddress!.initialize(from: source.pointer.assumingMemoryBound(to: Float.self), count: count)
      initialized = count
    }
  }

  /// All elements in order, as float64.
  public func doubles() -> [Double] {
    let source = detached.converted(to: .float64).contiguous()
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.baseAddress!.initialize(from: source.pointer.assumingMemoryBound(to: Double.self), count: count)
      initialized = count
    }
  }

  /// The only element.
  public var scalar: Double {
    require(count == 1, "a scalar was asked of a tensor of shape \(shape)")
    return doubles()[0]
  }

  /// Calls `body` with the elements' bytes in order.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let source = contiguous()
    return try withExtendedLifetime(source) {
      try body(UnsafeRawBufferPointer(start: source.pointer, count: count * elementType.size))
    }
  }

  /// Calls `body` with the elements' memory to change in place; it is copied first if another tensor shares it.
  package mutating func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
    if !isContiguous || !isKnownUniquelyReferenced(&storage) {
      let copy = Tensor.uninitialized(shape, elementType)
      copy.write(self)
      self = copy
    }
    storage.contentsDidChange()
    return try body(UnsafeMutableRawBufferPointer(start: pointer, count: count * elementType.size))
  }
}

extension Tensor {
  /// The same values in memory of their own.
  package func copied(as elementType: ElementType) -> Tensor {
    let result = Tensor.uninitialized(shape, elementType)
    result.write(self)
    return result
  }
}
