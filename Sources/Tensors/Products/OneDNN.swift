internal import COneDNN

/// oneDNN's engine and stream, and primitives kept by what they were made for.
///
/// Making a primitive generates machine code, milliseconds; running a kept one costs a look-up. Sendable because oneDNN's
/// engine, its processor stream and finished primitives may be used from several threads at once.
final class OneDNN: @unchecked Sendable {
  static let shared = OneDNN()

  let engine: dnnl_engine_t
  let stream: dnnl_stream_t
  /// nil: oneDNN has none.
  private let primitives = Guarded<[PrimitiveKey: Primitive?]>([:])
  /// One is made at a time.
  private let making = Guarded(())

  /// A primitive divides its work among as many threads as there are where it is made, and must run with as many.
  private struct PrimitiveKey: Hashable {
    let kind: AnyHashable
    let threads: Int
  }

  private init() {
    // Primitives are kept here. In oneDNN 2.6's own cache a generated minute ended once, by a null pointer, two threads at work.
    dnnl_set_primitive_cache_capacity(0)
    var engine: dnnl_engine_t?
    var stream: dnnl_stream_t?
    guard dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success, let engine,
      dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)) == dnnl_success, let stream
    else { fatalError("oneDNN found no processor to work on") }
    self.engine = engine
    self.stream = stream
  }

  /// The primitive for `kind`, made when first asked for; nil when oneDNN has none for this on this processor.
  func primitive(for kind: AnyHashable, make: () -> Primitive?) -> Primitive? {
    let key = PrimitiveKey(kind: kind, threads: TensorRuntime.threadCount)
    if let known = primitives.withLock({ $0[key] }) { return known }
    return making.withLock { _ in
      if let known = primitives.withLock({ $0[key] }) { return known }
      let made = make()
      primitives.withLock { $0[key] = .some(made) }
      return made
    }
  }

  /// Copies from one layout to another.
  static func reorder(
    _ source: MemoryLayoutDescription, _ from: UnsafeMutableRawPointer, into target: MemoryLayoutDescription,
    _ to: UnsafeMutableRawPointer
  ) {
    struct Key: Hashable { let source, target: MemoryLayoutDescription }
    let primitive = shared.primitive(for: Key(source: source, target: target)) {
      var description: dnnl_primitive_desc_t?
      var source = source.descriptor
      var target = target.descriptor
      guard
        dnnl_reorder_primitive_desc_create(&description, &source, shared.engine, &target, shared.engine, nil) == dnnl_success
      else { return nil }
      return Primitive(description)
    }
    guard let primitive else { fatalError("oneDNN cannot rearrange \(source) as \(target)") }
    primitive.run([.init(DNNL_ARG_FROM, source, from), .init(DNNL_ARG_TO, target, to)])
  }
}

/// A finished primitive and what it asks of its arguments.
final class Primitive: @unchecked Sendable {
  private let primitive: dnnl_primitive_t
  private let description: dnnl_primitive_desc_t
  private let scratchBytes: Int

  struct Argument {
    let role: Int32
    let layout: MemoryLayoutDescription
    let pointer: UnsafeMutableRawPointer

    init(_ role: Int32, _ layout: MemoryLayoutDescription, _ pointer: UnsafeMutableRawPointer) {
      self.role = role
      self.layout = layout
      self.pointer = pointer
    }
  }

  init?(_ description: dnnl_primitive_desc_t?) {
    var primitive: dnnl_primitive_t?
    guard let description, dnnl_primitive_create(&primitive, description) == dnnl_success, let primitive else { return nil }
    self.primitive = primitive
    self.description = description
    scratchBytes =
      dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0).map { Int(dnnl_memory_desc_get_size($0)) } ?? 0
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(description)
  }

  /// Makes a primitive from an operation's description, its scratch memory left to the caller.
  convenience init?(operation: UnsafeRawPointer, forward: dnnl_primitive_desc_t? = nil) {
    var attributes: dnnl_primitive_attr_t?
    dnnl_primitive_attr_create(&attributes)
    defer { dnnl_primitive_attr_destroy(attributes) }
    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user)
    var description: dnnl_primitive_desc_t?
    guard dnnl_primitive_desc_create(&description, operation, attributes, OneDNN.shared.engine, forward) == dnnl_success
    else { return nil }
    self.init(description)
  }

  /// The layout that the primitive wants for one of its arguments.
  func layout(_ query: dnnl_query_t, _ index: Int32 = 0) -> MemoryLayoutDescription {
    MemoryLayoutDescription(dnnl_primitive_desc_query_md(description, query, index)!.pointee)
  }

  func run(_ arguments: [Argument]) {
    withScratch(bytes: scratchBytes) { scratch in
      var all = arguments.map { ($0.role, memory($0.layout, $0.pointer)) }
      if scratchBytes > 0 {
        all.append(
          (
            DNNL_ARG_SCRATCHPAD,
            memory(
              MemoryLayoutDescription(dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0)!.pointee), scratch)
          ))
      }
      defer { for (_, memory) in all { dnnl_memory_destroy(memory) } }
      let list = all.map { dnnl_exec_arg_t(arg: $0.0, memory: $0.1) }
      let status = dnnl_primitive_execute(primitive, OneDNN.shared.stream, Int32(list.count), list)
      dnnl_stream_wait(OneDNN.shared.stream)
      require(status == dnnl_success, "oneDNN could not run a primitive (status \(status.rawValue))")
    }
  }

  private func memory(_ layout: MemoryLayoutDescription, _ pointer: UnsafeMutableRawPointer) -> dnnl_memory_t? {
    var memory: dnnl_memory_t?
    var descriptor = layout.descriptor
    dnnl_memory_create(&memory, &descriptor, OneDNN.shared.engine, pointer)
    return memory
  }
}

/// How a tensor lies in memory, in oneDNN's terms.
struct MemoryLayoutDescription: Hashable, @unchecked Sendable, CustomStringConvertible {
  var descriptor: dnnl_memory_desc_t
  let shape: [Int]

  init(_ descriptor: dnnl_memory_desc_t) {
    self.descriptor = descriptor
    shape = withUnsafeBytes(of: descriptor.dims) {
      Array($0.bindMemory(to: Int64.self).prefix(Int(descriptor.ndims))).map(Int.init)
    }
  }

  init(shape: [Int], strides: [Int], _ elementType: ElementType) {
    var descriptor = dnnl_memory_desc_t()
    let status = dnnl_memory_desc_init_by_strides(
      &descriptor, Int32(shape.count), shape.map(Int64.init), elementType.oneDNN, strides.map(Int64.init))
    require(status == dnnl_success, "oneDNN knows no layout of shape \(shape) with strides \(strides)")
    self.descriptor = descriptor
    self.shape = shape
  }

  /// The layout that oneDNN likes best, to be asked of the primitive.
  init(any shape: [Int], _ elementType: ElementType) {
    var descriptor = dnnl_memory_desc_t()
    dnnl_memory_desc_init_by_tag(
      &descriptor, Int32(shape.count), shape.map(Int64.init), elementType.oneDNN, dnnl_format_tag_any)
    self.descriptor = descriptor
    self.shape = shape
  }

  var bytes: Int {
    var descriptor = descriptor
    return Int(dnnl_memory_desc_get_size(&descriptor))
  }

  static func == (a: Self, b: Self) -> Bool {
    var a = a.descriptor
    var b = b.descriptor
    return dnnl_memory_desc_equal(&a, &b) != 0
  }
  func hash(into hasher: inout Hasher) { hasher.combine(shape) }
  var description: String { "a layout of shape \(shape)" }
}

extension ElementType {
  var oneDNN: dnnl_data_type_t { self == .bfloat16 ? dnnl_bf16 : dnnl_f32 }
}
