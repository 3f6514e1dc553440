internal import COneDNN
internal import CTensorKernels

/// How a convolution slides: one value for each of one to three spatial axes.
public struct ConvolutionGeometry: Sendable, Hashable {
  public var stride: [Int]
  /// Zeros before the first and after the last element of each axis.
  public var paddingBefore, paddingAfter: [Int]
  public var dilation: [Int]

  public init(stride: [Int], paddingBefore: [Int], paddingAfter: [Int], dilation: [Int]? = nil) {
    self.stride = stride
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
    self.dilation = dilation ?? stride.map { _ in 1 }
  }

  /// Padding that keeps extents where the stride is 1; on axes in `causal`, all of it in front, so that no output sees what
  /// follows.
  public static func same(kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, causal: Set<Int> = [])
    -> ConvolutionGeometry
  {
    let dilation = dilation ?? kernel.map { _ in 1 }
    let total = zip(kernel, dilation).map { ($0 - 1) * $1 }
    let before = total.enumerated().map { causal.contains($0) ? $1 : $1 / 2 }
    return ConvolutionGeometry(
      stride: stride ?? kernel.map { _ in 1 }, paddingBefore: before, paddingAfter: zip(total, before).map { $0 - $1 },
      dilation: dilation)
  }

  func outputExtents(_ input: [Int], kernel: [Int]) -> [Int] {
    input.indices.map {
      (input[$0] + paddingBefore[$0] + paddingAfter[$0] - (kernel[$0] - 1) * dilation[$0] - 1) / stride[$0] + 1
    }
  }
  /// The smallest input that gives this output.
  func inputExtents(_ output: [Int], kernel: [Int]) -> [Int] {
    output.indices.map {
      (output[$0] - 1) * stride[$0] + (kernel[$0] - 1) * dilation[$0] + 1 - paddingBefore[$0] - paddingAfter[$0]
    }
  }
}

/// The three sums of a convolution, channels last: x [batch, spatial..., in], w [out, kernel..., in], y [batch, spatial...,
/// out].
enum Convolutions {
  private enum Pass: Hashable { case forward, data, weights }
  private struct Key: Hashable {
    let pass: Pass
    let x, w, y: [Int]
    let geometry: ConvolutionGeometry
    let elementType: ElementType
    let biased: Bool
  }

  static func forward(
    _ x: Tensor, _ w: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry, packing: WeightPacking = .once
  ) -> Tensor {
    let spatial = geometry.outputExtents(Array(x.shape[1..<x.rank - 1]), kernel: Array(w.shape[1..<w.rank - 1]))
    let y = Tensor.uninitialized([x.shape[0]] + spatial + [w.shape[0]], x.elementType)
    if x.elementType == .float64 {
      var plan = plan(x, w, y, geometry)
      kernels.convolution(&plan, x.doublePointer, w.doublePointer, y.doublePointer)
      return bias.map { BinaryOperation.compute(.add, y, $0) } ?? y
    }
    if TileConvolutions.forward(x, w, bias: bias, plan(x, w, y, geometry), into: y, packing: packing) { return y }
    let key = Key(
      pass: .forward, x: x.shape, w: w.shape, y: y.shape, geometry: geometry, elementType: x.elementType, biased: bias != nil)
    guard let primitive = OneDNN.shared.primitive(for: key, make: { make(.forward, x, w, y, bias, geometry) }) else {
      require(x.elementType != .float32, "oneDNN has no convolution for the shapes \(x.shape) and \(w.shape)")
      return forward(x.converted(to: .float32), w.converted(to: .float32), bias: bias?.converted(to: .float32), geometry)
        .converted(to: x.elementType)
    }
    let packed = Packed(w, primitive.layout(dnnl_query_weights_md), packing)
    var arguments = [
      Primitive.Argument(DNNL_ARG_SRC, channelsLast(x), x.pointer), .init(DNNL_ARG_WEIGHTS, packed.layout, packed.pointer),
      .init(DNNL_ARG_DST, channelsLast(y), y.pointer),
    ]
    if let bias { arguments.append(.init(DNNL_ARG_BIAS, MemoryLayoutDescription(bias), bias.pointer)) }
    withExtendedLifetime((x, packed, bias)) { primitive.run(arguments) }
    return y
  }

  /// The gradient at x of the shape given; also what a transposed convolution computes.
  static func data(
    _ dy: Tensor, _ w: Tensor, shape: [Int], _ geometry: ConvolutionGeometry, packing: WeightPacking = .once
  ) -> Tensor {
    let dx = Tensor.uninitialized(shape, dy.elementType)
    if dy.elementType == .float64 {
      var plan = plan(dx, w, dy, geometry)
      kernels.convolutionBackwardData(&plan, w.doublePointer, dy.doublePointer, dx.doublePointer)
      return dx
    }
    if TileConvolutions.data(dy, w, plan(dx, w, dy, geometry), into: dx, packing: packing) { return dx }
    let key = Key(
      pass: .data, x: shape, w: w.shape, y: dy.shape, geometry: geometry, elementType: dy.elementType, biased: false)
    guard let primitive = OneDNN.shared.primitive(for: key, make: { make(.data, dx, w, dy, nil, geometry) }) else {
      require(dy.elementType != .float32, "oneDNN has no convolution for the shapes \(dy.shape) and \(w.shape)")
      return data(dy.converted(to: .float32), w.converted(to: .float32), shape: shape, geometry).converted(to: dy.elementType)
    }
    let packed = Packed(w, primitive.layout(dnnl_query_weights_md), packing)
    withExtendedLifetime((dy, packed)) {
      primitive.run([
        .init(DNNL_ARG_DIFF_DST, channelsLast(dy), dy.pointer), .init(DNNL_ARG_WEIGHTS, packed.layout, packed.pointer),
        .init(DNNL_ARG_DIFF_SRC, channelsLast(dx), dx.pointer),
      ])
    }
    return dx
  }

  /// The gradient at w of the shape given.
  static func weights(_ x: Tensor, _ dy: Tensor, shape: [Int], _ geometry: ConvolutionGeometry) -> Tensor {
    let dw = Tensor.uninitialized(shape, x.elementType)
    if x.elementType == .float64 {
      var plan = plan(x, dw, dy, geometry)
      kernels.convolutionBackwardWeights(&plan, x.doublePointer, dy.doublePointer, dw.doublePointer)
      return dw
    }
    if TileConvolutions.weights(x, dy, plan(x, dw, dy, geometry), into: dw) { return dw }
    let key = Key(
      pass: .weights, x: x.shape, w: shape, y: dy.shape, geometry: geometry, elementType: x.elementType, biased: false)
    guard let primitive = OneDNN.shared.primitive(for: key, make: { make(.weights, x, dw, dy, nil, geometry) }) else {
      require(x.elementType != .float32, "oneDNN has no convolution for the shapes \(x.shape) and \(shape)")
      return weights(x.converted(to: .float32), dy.converted(to: .float32), shape: shape, geometry).converted(to: x.elementType)
    }
    let layout = primitive.layout(dnnl_query_diff_weights_md)
    let packed = TensorStorage(bytes: layout.bytes)
    primitive.run([
      .init(DNNL_ARG_SRC, channelsLast(x), x.pointer), .init(DNNL_ARG_DIFF_DST, channelsLast(dy), dy.pointer),
      .init(DNNL_ARG_DIFF_WEIGHTS, layout, packed.pointer),
    ])
    OneDNN.reorder(layout, packed.pointer, into: outputFirst(dw), dw.pointer)
    return withExtendedLifetime((x, dy, packed)) { dw }
  }

  // MARK: making primitives

  private static func make(
    _ pass: Pass, _ x: Tensor, _ w: Tensor, _ y: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry
  ) -> Primitive? {
    var source = channelsLast(x).descriptor
    var target = channelsLast(y).descriptor
    var weights = MemoryLayoutDescription(any: outputFirst(w).shape, w.elementType).descriptor
    let (strides, before, after) = (
      geometry.stride.map(Int64.init), geometry.paddingBefore.map(Int64.init), geometry.paddingAfter.map(Int64.init)
    )
    let dilation = geometry.dilation.map { Int64($0 - 1) }

    func forwardDescription(_ description: inout dnnl_convolution_desc_t) -> Bool {
      if var bias = bias.map({ MemoryLayoutDescription($0).descriptor }) {
        return dnnl_dilated_convolution_forward_desc_init(
          &description, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, &bias, &target, strides, dilation,
          before, after)
          == dnnl_success
      }
      return dnnl_dilated_convolution_forward_desc_init(
        &description, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, nil, &target, strides, dilation,
        before, after)
        == dnnl_success
    }
    var description = dnnl_convolution_desc_t()
    guard forwardDescription(&description) else { return nil }
    if pass == .forward { return Primitive(operation: &description) }

    // A backward primitive is made with its forward one as a hint.
    var hint: dnnl_primitive_desc_t?
    guard dnnl_primitive_desc_create(&hint, &description, nil, OneDNN.shared.engine, nil) == dnnl_success else { return nil }
    defer { dnnl_primitive_desc_destroy(hint) }
    var backward = dnnl_convolution_desc_t()
    let status =
      pass == .data
      ? dnnl_dilated_convolution_backward_data_desc_init(
        &backward, dnnl_convolution_direct, &source, &weights, &target, strides, dilation, before, after)
      : dnnl_dilated_convolution_backward_weights_desc_init(
        &backward, dnnl_convolution_direct, &source, &weights, nil, &target, strides, dilation, before, after)
    return status == dnnl_success ? Primitive(operation: &backward, forward: hint) : nil
  }

  /// [batch, spatial..., channels] as oneDNN names it, [batch, channels, spatial...].
  private static func channelsLast(_ x: Tensor) -> MemoryLayoutDescription {
    let axes = [0, x.rank - 1] + (1..<x.rank - 1)
    return MemoryLayoutDescription(shape: axes.map { x.shape[$0] }, strides: axes.map { x.strides[$0] }, x.elementType)
  }
  /// [out, kernel..., in] as oneDNN names it, [out, in, kernel...].
  private static func outputFirst(_ w: Tensor) -> MemoryLayoutDescription { channelsLast(w) }

  /// Weights as a primitive wants them.
  private struct Packed {
    let layout: MemoryLayoutDescription
    let pointer: UnsafeMutableRawPointer
    private let storage: TensorStorage

    init(_ w: Tensor, _ wanted: MemoryLayoutDescription, _ packing: WeightPacking) {
      layout = wanted
      let own = outputFirst(w)
      let offset = w.offset * w.elementType.size
      if wanted == own {
        storage = w.storage
      } else {
        storage =
          packing == .kept
          ? w.storage.packed(wanted, from: own, at: offset) : w.storage.rearranged(wanted, from: own, at: offset)
      }
      pointer = wanted == own ? w.pointer : storage.pointer
    }
  }

  private static func plan(_ x: Tensor, _ w: Tensor, _ y: Tensor, _ geometry: ConvolutionGeometry) -> TKConvolution {
    func triple(_ values: ArraySlice<Int>, _ filler: Int = 1) -> (Int64, Int64, Int64) {
      let padded = [Int](repeating: filler, count: 3 - values.count) + values
      return (Int64(padded[0]), Int64(padded[1]), Int64(padded[2]))
    }
    return TKConvolution(
      batch: Int64(x.shape[0]), inputChannels: Int64(x.shape[x.rank - 1]), outputChannels: Int64(w.shape[0]),
      input: triple(x.shape[1..<x.rank - 1]), output: triple(y.shape[1..<y.rank - 1]), kernel: triple(w.shape[1..<w.rank - 1]),
      stride: triple(geometry.stride[...]), paddingBefore: triple(geometry.paddingBefore[...], 0),
      dilation: triple(geometry.dilation[...]))
  }
}

extension Tensor {
  fileprivate var doublePointer: UnsafeMutablePointer<Double> { pointer.assumingMemoryBound(to: Double.self) }
}
