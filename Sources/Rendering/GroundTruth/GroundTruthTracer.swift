import WorldCore

/// Writes the exact passes: one ray through the centre of each pixel, the shutter closed.
struct GroundTruthTracer: Sendable {
  let passes: RenderPasses
  let viewpoint: Viewpoint
  let tracer: PathTracer
  /// Whether the same rays give the colour too.
  let colors: Bool
  let exposure: Float
  let forward: FlowTarget?
  let backward: FlowTarget?

  /// Another moment that flow leads to.
  struct FlowTarget: Sendable {
    let caster: RayCaster
    let viewpoint: Viewpoint
  }

  /// The planes that are filled; those not asked for are nil.
  struct Output: Sendable {
    var color: Plane2D<SIMD3<Float>>?
    var depth: Plane2D<Float>?
    var distance: Plane2D<Float>?
    var segmentation: Plane2D<UInt16>?
    var normals: Plane2D<SIMD3<Float>>?
    var albedo: Plane2D<SIMD3<Float>>?
    var forwardVectors: Plane2D<SIMD2<Float>>?
    var forwardVisibility: Plane2D<UInt8>?
    var backwardVectors: Plane2D<SIMD2<Float>>?
    var backwardVisibility: Plane2D<UInt8>?

    init(width: Int, height: Int, passes: RenderPasses, colors: Bool) {
      func plane<T: BitwiseCopyable>(_ wanted: Bool, _ element: T) -> Plane2D<T>? {
        wanted ? Plane2D(width: width, height: height, filledWith: element) : nil
      }
      color = plane(colors, .zero)
      depth = plane(passes.contains(.depth), .infinity)
      distance = plane(passes.contains(.depth), .infinity)
      segmentation = plane(passes.contains(.segmentation), 0)
      normals = plane(passes.contains(.normals), .zero)
      albedo = plane(passes.contains(.albedo), .zero)
      let invalid = OpticalFlow.Visibility.invalid.rawValue
      forwardVectors = plane(passes.contains(.flow), .zero)
      forwardVisibility = plane(passes.contains(.flow), invalid)
      backwardVectors = plane(passes.contains(.flow), .zero)
      backwardVisibility = plane(passes.contains(.flow), invalid)
    }
  }

  func traceRow(_ y: Int, into output: Output) {
    let camera = LensCamera(viewpoint: viewpoint)
    for x in 0..<viewpoint.projection.width {
      let pixel = SIMD2(Float(x) + 0.5, Float(y) + 0.5)
      let ray = camera.centerRay(through: pixel)
      let hit = tracer.lighting.caster.closestHit(ray)
      if hit.isMiss {
        output.color?.row(y)[x] = tracer.lighting.sky.backdrop(ray.direction, isDirect: true) * exposure
        if let forward { flow(toSky: ray.direction, pixel, forward, x, y, output.forwardVectors, output.forwardVisibility) }
        if let backward { flow(toSky: ray.direction, pixel, backward, x, y, output.backwardVectors, output.backwardVisibility) }
        continue
      }
      if colors { output.color?.row(y)[x] = tracer.preview(hit, ray) * exposure }
      let primitive = tracer.lighting.caster.primitives + Int(hit.primitive)
      output.distance?.row(y)[x] = hit.distance
      output.depth?.row(y)[x] = hit.distance * ray.direction.dot(camera.forward)
      output.segmentation?.row(y)[x] = UInt16(truncatingIfNeeded: primitive.pointee.item + 1)
      if output.normals != nil || output.albedo != nil {
        let shaded = ShadedPoint(hit, of: ray, in: tracer.lighting, path: 0)
        output.normals?.row(y)[x] = shaded.normal
        output.albedo?.row(y)[x] = shaded.appearance.albedo
      }
      if forward != nil || backward != nil {
        let local = primitive.pointee.motion.start.localPoint(ray.point(at: hit.distance))
        if let forward {
          flow(of: local, on: Int(hit.primitive), pixel, forward, x, y, output.forwardVectors, output.forwardVisibility)
        }
        if let backward {
          flow(of: local, on: Int(hit.primitive), pixel, backward, x, y, output.backwardVectors, output.backwardVisibility)
        }
      }
    }
  }

  /// Carries a point of a body to the other moment and looks whether that moment's camera sees it.
  @inline(__always)
  private func flow(
    of local: Float3, on primitive: Int, _ pixel: SIMD2<Float>, _ target: FlowTarget, _ x: Int, _ y: Int,
    _ vectors: Plane2D<SIMD2<Float>>?, _ visibility: Plane2D<UInt8>?
  ) {
    let camera = LensCamera(viewpoint: target.viewpoint)
    let point = target.caster.primitives[primitive].motion.start.point(local)
    guard let other = camera.pixel(ofOffset: point - camera.position) else { return }
    vectors?.row(y)[x] = other - pixel
    var state = OpticalFlow.Visibility.visible
    if !camera.contains(other) {
      state = .outside
    } else {
      let offset = point - camera.position
      let distance = offset.length
      let ray = Ray(origin: camera.position, direction: offset * (1 / distance), time: 0)
      // Closer than this part of the distance is the point itself.
      if target.caster.isOccluded(ray, far: distance * (1 - 3e-4)) { state = .occluded }
    }
    visibility?.row(y)[x] = state.rawValue
  }

  /// The sky is infinitely far: only the camera's turning moves it.
  private func flow(
    toSky direction: Float3, _ pixel: SIMD2<Float>, _ target: FlowTarget, _ x: Int, _ y: Int,
    _ vectors: Plane2D<SIMD2<Float>>?, _ visibility: Plane2D<UInt8>?
  ) {
    let camera = LensCamera(viewpoint: target.viewpoint)
    guard let other = camera.pixel(ofOffset: direction) else { return }
    vectors?.row(y)[x] = other - pixel
    var state = OpticalFlow.Visibility.visible
    if !camera.contains(other) {
      state = .outside
    } else if target.caster.isOccluded(Ray(origin: camera.position, direction: direction, time: 0)) {
      state = .occluded
    }
    visibility?.row(y)[x] = state.rawValue
  }
}
