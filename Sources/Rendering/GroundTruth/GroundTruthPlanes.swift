import WorldCore

/// The pictures that exact passes are written to, kept from frame to frame; those not asked for are nil.
struct GroundTruthPlanes: Sendable {
  let color: Plane2D<SIMD3<Float>>?
  let depth: Plane2D<Float>?
  let distance: Plane2D<Float>?
  let segmentation: Plane2D<UInt16>?
  let normals: Plane2D<SIMD3<Float>>?
  let albedo: Plane2D<SIMD3<Float>>?
  let forwardVectors: Plane2D<SIMD2<Float>>?
  let forwardVisibility: Plane2D<UInt8>?
  let backwardVectors: Plane2D<SIMD2<Float>>?
  let backwardVisibility: Plane2D<UInt8>?
  private let width: Int

  init(width: Int, height: Int, passes: RenderPasses, colors: Bool) {
    func plane<T: BitwiseCopyable>(_ wanted: Bool, _ element: T) -> Plane2D<T>? {
      wanted ? Plane2D(width: width, height: height, filledWith: element) : nil
    }
    self.width = width
    color = plane(colors, .zero)
    depth = plane(passes.contains(.depth), .infinity)
    distance = plane(passes.contains(.depth), .infinity)
    segmentation = plane(passes.contains(.segmentation), 0)
    normals = plane(passes.contains(.normals), .zero)
    albedo = plane(passes.contains(.albedo), .zero)
    forwardVectors = plane(passes.contains(.flow), .zero)
    forwardVisibility = plane(passes.contains(.flow), 0)
    backwardVectors = plane(passes.contains(.flow), .zero)
    backwardVisibility = plane(passes.contains(.flow), 0)
  }

  /// One row of each picture as bare memory: following references pixel by pixel would cost more than some of the rays.
  struct Row {
    let color: UnsafeMutablePointer<SIMD3<Float>>?
    let depth: UnsafeMutablePointer<Float>?
    let distance: UnsafeMutablePointer<Float>?
    let segmentation: UnsafeMutablePointer<UInt16>?
    let normals: UnsafeMutablePointer<SIMD3<Float>>?
    let albedo: UnsafeMutablePointer<SIMD3<Float>>?
    let forwardVectors: UnsafeMutablePointer<SIMD2<Float>>?
    let forwardVisibility: UnsafeMutablePointer<UInt8>?
    let backwardVectors: UnsafeMutablePointer<SIMD2<Float>>?
    let backwardVisibility: UnsafeMutablePointer<UInt8>?
  }

  /// Row `y`, set to what pixels hold that see nothing.
  func clearedRow(_ y: Int) -> Row {
    func row<T>(_ plane: Plane2D<T>?, _ nothing: T) -> UnsafeMutablePointer<T>? {
      let row = plane?.row(y)
      row?.update(repeating: nothing, count: width)
      return row
    }
    let invalid = OpticalFlow.Visibility.invalid.rawValue
    return Row(
      color: row(color, .zero), depth: row(depth, .infinity), distance: row(distance, .infinity),
      segmentation: row(segmentation, 0), normals: row(normals, .zero), albedo: row(albedo, .zero),
      forwardVectors: row(forwardVectors, .zero), forwardVisibility: row(forwardVisibility, invalid),
      backwardVectors: row(backwardVectors, .zero), backwardVisibility: row(backwardVisibility, invalid))
  }
}
