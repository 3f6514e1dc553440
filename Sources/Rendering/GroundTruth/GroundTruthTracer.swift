import WorldCore

/// Writes the exact passes: one ray through the centre of each pixel, the shutter closed.
struct GroundTruthTracer: Sendable {
  let passes: RenderPasses
  let viewpoint: Viewpoint
  let camera: LensCamera
  let tracer: PathTracer
  /// Whether the same rays give the colour too.
  let colors: Bool
  /// Gives the colours of a style that isn't light traced along rays.
  let painter: AnimePainter?
  let exposure: Float
  let forward: FlowTarget?
  let backward: FlowTarget?

  /// Another moment that flow leads to.
  struct FlowTarget: Sendable {
    let caster: RayCaster
    let camera: LensCamera
    /// Where this moment's liquids are then; their meshes are numbered from `firstLiquid` on.
    let liquids: [LiquidMove]
    let firstLiquid: Int

    func liquid(_ primitive: Primitive) -> LiquidMove? {
      primitive.form == .mesh && Int(primitive.mesh) >= firstLiquid ? liquids[Int(primitive.mesh) - firstLiquid] : nil
    }
  }

  func traceRow(_ y: Int, into planes: GroundTruthPlanes) {
    let output = planes.clearedRow(y)
    RayPacket.withPacket { packet in
      for start in stride(from: 0, to: viewpoint.projection.width, by: RayPacket.width) {
        traceRun(start..<min(start + RayPacket.width, viewpoint.projection.width), y, packet, into: output)
      }
    }
  }

  /// Up to eight pixels side by side.
  @inline(__always)
  private func traceRun(_ columns: Range<Int>, _ y: Int, _ packet: RayPacket, into output: GroundTruthPlanes.Row) {
    // What the pixels see.
    packet.clear()
    withUnsafeTemporaryAllocation(of: Sight.self, capacity: RayPacket.width) { sights in
      for x in columns {
        let lane = x - columns.lowerBound
        let ray = camera.centerRay(through: SIMD2(Float(x) + 0.5, Float(y) + 0.5))
        sights.initializeElement(at: lane, to: Sight(ray: ray, hit: .miss))
        packet.set(lane, ray)
      }
      packet.intersect(tracer.lighting.caster)
      for x in columns {
        let lane = x - columns.lowerBound
        sights[lane].hit = packet.hit(lane, sights[lane].ray, tracer.lighting.caster)
      }
      let seen = UnsafeBufferPointer(sights)
      shade(columns, seen, packet, into: output)
      if let forward { flow(columns, y, seen, packet, forward, output.forwardVectors, output.forwardVisibility) }
      if let backward { flow(columns, y, seen, packet, backward, output.backwardVectors, output.backwardVisibility) }
    }
  }

  private struct Sight {
    var ray: Ray
    var hit: Hit
  }

  // MARK: Looks and places

  @inline(__always)
  private func shade(
    _ columns: Range<Int>, _ sights: UnsafeBufferPointer<Sight>, _ packet: RayPacket, into output: GroundTruthPlanes.Row
  ) {
    let lighting = tracer.lighting
    withUnsafeTemporaryAllocation(of: Float3.self, capacity: RayPacket.width) { keys in
      packet.clear()
      var anyShadow = false
      for x in columns {
        let lane = x - columns.lowerBound
        let (hit, ray) = (sights[lane].hit, sights[lane].ray)
        keys.initializeElement(at: lane, to: .zero)
        if let painter { output.color?[x] = painter.flat(ray, hit, depth: 0) * exposure }
        guard !hit.isMiss else {
          if painter == nil { output.color?[x] = lighting.sky.backdrop(ray.direction, isDirect: true) * exposure }
          continue
        }
        output.distance?[x] = hit.distance
        output.depth?[x] = hit.distance * ray.direction.dot(camera.forward)
        let primitive = lighting.caster.primitives + Int(hit.primitive)
        output.segmentation?[x] = UInt16(truncatingIfNeeded: primitive.pointee.item + 1)
        guard looksAtSurface else { continue }
        let shaded = ShadedPoint(hit, of: ray, in: lighting, path: 0)
        output.normals?[x] = shaded.normal
        output.albedo?[x] = shaded.appearance.albedo
        guard colors, painter == nil else { continue }
        let (settled, key) = look(shaded, hit, ray)
        output.color?[x] = settled * exposure
        guard key.largest > 0 else { continue }
        let towards = lighting.sky.keyDirection
        let shadow = Ray(origin: shaded.point.departure(towards: towards), direction: towards, time: 0)
        guard !lighting.caster.isBehindPlane(shadow) else { continue }
        packet.set(lane, shadow)
        keys[lane] = key * exposure
        anyShadow = true
      }
      // The key light's shadow rays are parallel: together they cost little.
      guard anyShadow else { return }
      packet.occlude(lighting.caster)
      for x in columns where !packet.isOccluded(x - columns.lowerBound) {
        output.color![x] += keys[x - columns.lowerBound]
      }
    }
  }

  /// A surface's radiance without the key light's, and what that adds where nothing opaque is in its way.
  @inline(__always)
  private func look(_ shaded: ShadedPoint, _ hit: Hit, _ ray: Ray) -> (settled: Float3, key: Float3) {
    let lighting = tracer.lighting
    if shaded.material.pointee.kind == .glass { return (tracer.previewGlass(shaded, ray), .zero) }
    var (ambient, key) = tracer.preview(shaded)
    if (lighting.caster.primitives + Int(hit.primitive)).pointee.form == .plane {
      let share = tracer.haze(hit.distance)
      if share > 0.002 {
        ambient = mix(ambient, lighting.sky.horizon(ray.direction), share)
        key *= 1 - share
      }
    }
    guard key.largest > 0, lighting.hasGlass else { return (ambient, key) }
    return (ambient + key * tracer.keyTransmittance(shaded), .zero)
  }

  /// Gives a row's pixels that lie at an edge of something the mean of four rays: thin things are whole then, and outlines
  /// smooth. Where the style is painted, edges within a thing count too, and all get their ink.
  ///
  /// - Parameter planes: with the colours and the segmentation of all rows; depth and normals tell of edges within a thing.
  func smoothRow(_ y: Int, in planes: GroundTruthPlanes) {
    guard painter == nil else { return outlineRow(y, in: planes) }
    guard let color = planes.color?.row(y), let parts = planes.segmentation else { return }
    let (here, above, below) = (parts.row(y), parts.row(max(y - 1, 0)), parts.row(min(y + 1, parts.height - 1)))
    for x in 0..<parts.width {
      let part = here[x]
      guard
        above[x] != part || below[x] != part || here[max(x - 1, 0)] != part || here[min(x + 1, parts.width - 1)] != part
      else { continue }
      // Four queens on a board of four: no two in a row, a column or a diagonal.
      var sum = Float3.zero
      for place in [SIMD2<Float>(0.375, 0.125), SIMD2(0.875, 0.375), SIMD2(0.125, 0.625), SIMD2(0.625, 0.875)] {
        sum += radiance(camera.centerRay(through: SIMD2(Float(x), Float(y)) + place))
      }
      color[x] = sum * (exposure / 4)
    }
  }

  private func outlineRow(_ y: Int, in planes: GroundTruthPlanes) {
    guard let painter, let color = planes.color?.row(y), let parts = planes.segmentation else { return }
    func outline(_ x: Int, _ y: Int) -> AnimePainter.Outline {
      AnimePainter.Outline(
        normal: planes.normals?.row(y)[x] ?? .zero, distance: planes.distance?.row(y)[x] ?? .infinity,
        part: Int32(parts.row(y)[x]) - 1)
    }
    let hasShapes = planes.normals != nil && planes.distance != nil
    for x in 0..<parts.width {
      let here = outline(x, y)
      let isNear = (max(y - 1, 0)...min(y + 1, parts.height - 1)).contains { row in
        (max(x - 1, 0)...min(x + 1, parts.width - 1)).contains { column in
          let other = outline(column, row)
          return here.part != other.part || hasShapes && painter.edge(here, other) > 0
        }
      }
      if isNear { color[x] = painter.outlined(x, y) * exposure }
    }
  }

  /// What is seen along a ray, in the plainest shading.
  private func radiance(_ ray: Ray) -> Float3 {
    let lighting = tracer.lighting
    let hit = lighting.caster.closestHit(ray)
    guard !hit.isMiss else { return lighting.sky.backdrop(ray.direction, isDirect: true) }
    let shaded = ShadedPoint(hit, of: ray, in: lighting, path: 0)
    let (settled, key) = look(shaded, hit, ray)
    return key.largest > 0 ? settled + key * tracer.keyTransmittance(shaded) : settled
  }

  private var looksAtSurface: Bool { colors || passes.contains(.normals) || passes.contains(.albedo) }

  // MARK: Flow

  /// Carries each pixel's point with its body, its place on the cloth or the water around it to the other moment and looks
  /// whether that moment's camera sees it there.
  @inline(__always)
  private func flow(
    _ columns: Range<Int>, _ y: Int, _ sights: UnsafeBufferPointer<Sight>, _ packet: RayPacket, _ target: FlowTarget,
    _ vectors: UnsafeMutablePointer<SIMD2<Float>>?, _ visibility: UnsafeMutablePointer<UInt8>?
  ) {
    guard let vectors, let visibility else { return }
    let here = tracer.lighting.caster
    packet.clear()
    for x in columns {
      let lane = x - columns.lowerBound
      let pixel = SIMD2(Float(x) + 0.5, Float(y) + 0.5)
      let (hit, ray) = (sights[lane].hit, sights[lane].ray)
      // The sky is infinitely far: only the camera's turning moves it.
      var offset = ray.direction
      var slack: Float = 0
      if !hit.isMiss {
        let primitive = here.primitives + Int(hit.primitive)
        let there: Float3
        if primitive.pointee.form == .sheet {
          there = target.caster.sheets[Int(primitive.pointee.mesh)].point(hit, time: 0)
        } else if let liquid = target.liquid(primitive.pointee) {
          there = liquid.point(hit)
          slack = liquid.slack
        } else {
          let local = primitive.pointee.motion.start.localPoint(ray.point(at: hit.distance))
          there = target.caster.primitives[Int(hit.primitive)].motion.start.point(local)
        }
        offset = there - target.camera.position
      }
      guard let other = target.camera.pixel(ofOffset: offset) else { continue }
      vectors[x] = other - pixel
      guard target.camera.contains(other) else {
        visibility[x] = OpticalFlow.Visibility.outside.rawValue
        continue
      }
      visibility[x] = OpticalFlow.Visibility.visible.rawValue
      let distance = offset.length
      // Closer to the point than this part of the distance is the point itself.
      let far = hit.isMiss ? Float.infinity : max(distance * (1 - 3e-4) - slack, 0)
      let sight = Ray(origin: target.camera.position, direction: offset * (1 / distance), time: 0)
      if target.caster.isBehindPlane(sight, far: far) {
        visibility[x] = OpticalFlow.Visibility.occluded.rawValue
      } else {
        packet.set(lane, sight, far: far)
      }
    }
    packet.occlude(target.caster)
    for x in columns where packet.isOccluded(x - columns.lowerBound) {
      visibility[x] = OpticalFlow.Visibility.occluded.rawValue
    }
  }
}
