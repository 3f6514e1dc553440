internal import CTensorKernels

/// Convolutions with 3 × 3 kernels, of some frames or of one, by Winograd's tiles: a quarter of the multiplications.
///
/// Some 2.5 times as fast as oneDNN's direct sums in float32, and 1.3 times in bfloat16, which is summed in float32 here; where
/// a processor has tiles of bfloat16 products, direct sums on those are faster. Each answers false where another way is faster,
/// or the only one, and has then written nothing.
enum TileConvolutions {
  /// Of weights, packed: where they lay, and whether for the gradient's way.
  struct Packed: Hashable {
    let offset: Int
    let shape: [Int]
    let turned: Bool
  }

  /// x convolved with w [out, kernel..., in], + bias.
  static func forward(_ x: Tensor, _ w: Tensor, bias: Tensor?, _ plan: TKConvolution, into y: Tensor, packing: WeightPacking)
    -> Bool
  {
    guard isFaster(plan, x.elementType) else { return false }
    run(x, w, bias: bias, plan, into: y, turned: false, packing: packing)
    return true
  }

  /// The gradient at x of a convolution with this plan, from that at its output.
  static func data(_ dy: Tensor, _ w: Tensor, _ plan: TKConvolution, into dx: Tensor, packing: WeightPacking) -> Bool {
    guard isFaster(plan, dy.elementType) else { return false }
    // The gradient is itself a convolution, of turned kernels over what the kernel overhung.
    var back = plan
    (back.inputChannels, back.outputChannels) = (plan.outputChannels, plan.inputChannels)
    (back.input, back.output) = (plan.output, plan.input)
    back.paddingBefore = (
      plan.kernel.0 - 1 - plan.paddingBefore.0, plan.kernel.1 - 1 - plan.paddingBefore.1,
      plan.kernel.2 - 1 - plan.paddingBefore.2
    )
    guard isFaster(back, dy.elementType) else { return false }
    run(dy, w, bias: nil, back, into: dx, turned: true, packing: packing)
    return true
  }

  /// The gradient at the weights.
  static func weights(_ x: Tensor, _ dy: Tensor, _ plan: TKConvolution, into dw: Tensor) -> Bool {
    guard isFaster(plan, x.elementType) else { return false }
    var plan = plan
    withScratch(bytes: Int(kernels.tileWeightBytes(&plan))) { sums in
      withScratch(bytes: Int(kernels.tileScratchBytes(&plan))) {
        kernels.tileConvolutionBackwardWeights(x.elementType.kernel, &plan, x.pointer, dy.pointer, dw.pointer, sums, $0)
      }
    }
    return true
  }

  private static func run(
    _ x: Tensor, _ w: Tensor, bias: Tensor?, _ plan: TKConvolution, into y: Tensor, turned: Bool, packing: WeightPacking
  ) {
    var plan = plan
    func packed() -> TensorStorage {
      let storage = TensorStorage(bytes: Int(kernels.tileWeightBytes(&plan)))
      var forward = plan
      if turned { (forward.inputChannels, forward.outputChannels) = (plan.outputChannels, plan.inputChannels) }
      kernels.tilePack(w.elementType.kernel, &forward, turned, w.pointer, storage.pointer)
      return storage
    }
    let weights =
      packing == .kept
      ? w.storage.kept(.tiles(Packed(offset: w.offset, shape: w.shape, turned: turned)), make: packed) : packed()
    withScratch(bytes: Int(kernels.tileScratchBytes(&plan))) {
      kernels.tileConvolution(x.elementType.kernel, &plan, x.pointer, weights.pointer, bias?.pointer, y.pointer, $0)
    }
    withExtendedLifetime((x, w, weights, bias)) {}
  }

  private static func isFaster(_ plan: TKConvolution, _ type: ElementType) -> Bool {
    guard type == .float32 || (type == .bfloat16 && !kernels.matrixTiles) else { return false }
    let isPlain = plan.stride == (1, 1, 1) && plan.dilation == (1, 1, 1)
    guard isPlain, plan.kernel.1 == 3, plan.kernel.2 == 3, plan.kernel.0 <= 8 else { return false }
    guard plan.inputChannels % 16 == 0, plan.outputChannels % 16 == 0 else { return false }
    // Tiles of 4 × 4 that overhang the picture waste what they gain.
    let (height, width) = (plan.output.1, plan.output.2)
    return 2 * height * width >= 16 * ((height + 3) / 4) * ((width + 3) / 4)
  }
}
