import CEmbree
import WorldCore

/// The stage at one moment (or while one shutter is open), ready to be traced.
///
/// Moving to another moment rewrites the placements and rebuilds only the top level. `@unchecked Sendable`: `place` is called
/// by one thread while no other reads; between calls all threads only read.
final class PlacedScene: @unchecked Sendable {
  private let geometry: StageGeometry
  private let scene: RTCScene
  private let analytic: RTCGeometry
  private let instances: [RTCGeometry]
  private let primitives: UnsafeMutableBufferPointer<Primitive>
  private let cornerNormals: UnsafeMutableBufferPointer<UnsafePointer<Float3>>
  /// By mesh; nil where nothing froths.
  private let cornerFroth: UnsafeMutablePointer<UnsafePointer<Float>?>
  private let sheets: [SheetMesh]
  private var liquids: [MeshGeometry]
  private let device: RTCDevice
  private let sheetViews: UnsafeMutablePointer<SheetView>

  init(_ geometry: StageGeometry, device: RTCDevice) {
    self.geometry = geometry
    self.device = device
    liquids = (0..<geometry.liquidCount).map { _ in MeshGeometry(.speck, device: device) }
    let meshes = geometry.meshes + liquids
    scene = rtcNewScene(device)
    rtcSetSceneBuildQuality(scene, RTC_BUILD_QUALITY_MEDIUM)

    // All analytic pieces are the primitives of one geometry of Embree's, number 0.
    let still = ShutterMotion(from: .identity, to: .identity)
    primitives = .allocate(capacity: max(geometry.pieces.count, 1))
    for (index, piece) in geometry.pieces.enumerated() {
      (primitives.baseAddress! + index).initialize(
        to: Primitive(
          form: piece.form, extent: piece.extent, item: Int32(piece.item), material: Int32(piece.material),
          mesh: Int32(piece.mesh), motion: still))
    }
    analytic = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_USER)
    rtcSetGeometryUserPrimitiveCount(analytic, UInt32(geometry.analyticCount))
    rtcSetGeometryUserData(analytic, primitives.baseAddress)
    rtcSetGeometryBoundsFunction(analytic, { primitiveBounds($0) }, nil)
    rtcSetGeometryIntersectFunction(analytic, { primitiveIntersect($0) })
    rtcSetGeometryOccludedFunction(analytic, { primitiveOccluded($0) })
    rtcAttachGeometryByID(scene, analytic, 0)

    // The mesh of piece k is instance k + 1.
    instances = (geometry.analyticCount..<geometry.sheetStart).map { index in
      let instance: RTCGeometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_INSTANCE)
      rtcSetGeometryInstancedScene(instance, meshes[geometry.pieces[index].mesh].scene)
      return instance
    }
    for (k, instance) in instances.enumerated() {
      rtcAttachGeometryByID(scene, instance, UInt32(geometry.analyticCount + k + 1))
    }
    // So is the sheet of piece k geometry k + 1. Neighbouring triangles leave no gap between them.
    sheets = geometry.sheetSizes.map { SheetMesh(size: $0, device: device) }
    sheetViews = .allocate(capacity: max(sheets.count, 1))
    for (k, sheet) in sheets.enumerated() {
      rtcAttachGeometryByID(scene, sheet.geometry, UInt32(geometry.sheetStart + k + 1))
    }
    if !sheets.isEmpty { rtcSetSceneFlags(scene, RTC_SCENE_FLAG_ROBUST) }
    cornerNormals = .allocate(capacity: max(meshes.count, 1))
    cornerFroth = .allocate(capacity: max(meshes.count, 1))
    cornerFroth.initialize(repeating: nil, count: max(meshes.count, 1))
    for (k, mesh) in meshes.enumerated() {
      (cornerNormals.baseAddress! + k).initialize(to: UnsafePointer(mesh.cornerNormals.baseAddress!))
    }
  }

  deinit {
    for instance in instances { rtcReleaseGeometry(instance) }
    rtcReleaseGeometry(analytic)
    rtcReleaseScene(scene)
    primitives.deallocate()
    sheetViews.deallocate()
    cornerNormals.deallocate()
    cornerFroth.deallocate()
  }

  /// Puts everything where it is when the shutter opens and closes.
  ///
  /// - Parameters:
  ///   - open: `worldFromBody` by the stage's items.
  ///   - motions: by the stage's sheets.
  ///   - surfaces: by the stage's liquids, world frame.
  func place(
    from open: [RigidTransform], to close: [RigidTransform], sheets motions: [SheetMotion], liquids surfaces: [LiquidSurface]
  ) {
    if !sheets.isEmpty {
      let (atOpen, atClose) = (SheetObstacles(geometry.solids(open)), SheetObstacles(geometry.solids(close)))
      for (index, sheet) in sheets.enumerated() {
        sheet.place(motions[index], outOf: (atOpen, atClose))
        (sheetViews + index).initialize(to: sheet.view)
      }
    }
    for (index, surface) in surfaces.enumerated() {
      // Smooth all over: a liquid has no creases.
      liquids[index] = MeshGeometry(
        surface.mesh.triangles.isEmpty ? .speck : surface.mesh, device: device, creaseAngle: .pi, froth: surface.froth)
      cornerNormals[geometry.meshes.count + index] = UnsafePointer(liquids[index].cornerNormals.baseAddress!)
      cornerFroth[geometry.meshes.count + index] =
        surface.froth.isEmpty ? nil : UnsafePointer(liquids[index].cornerFroth.baseAddress!)
    }
    for (index, piece) in geometry.pieces.enumerated() where piece.form != .sheet && piece.item < open.count {
      primitives[index].motion = ShutterMotion(
        from: open[piece.item] * piece.bodyFromShape, to: close[piece.item] * piece.bodyFromShape)
      if piece.form == .plane {
        let start = primitives[index].motion.start
        let normal = start.direction(piece.extent)
        primitives[index].plane = SIMD4(normal, normal.dot(start.origin))
      }
    }
    let anyMoves = primitives[..<geometry.analyticCount].contains { $0.motion.isMoving }
    rtcSetGeometryTimeStepCount(analytic, anyMoves ? 2 : 1)
    rtcCommitGeometry(analytic)
    for (k, instance) in instances.enumerated() {
      let liquid = geometry.pieces[geometry.analyticCount + k].mesh - geometry.meshes.count
      if liquid >= 0 { rtcSetGeometryInstancedScene(instance, liquids[liquid].scene) }
      let motion = primitives[geometry.analyticCount + k].motion
      rtcSetGeometryTimeStepCount(instance, motion.isMoving ? 2 : 1)
      Self.setTransform(instance, step: 0, rotation: motion.startRotation, origin: motion.start.origin)
      if motion.isMoving { Self.setTransform(instance, step: 1, rotation: motion.endRotation, origin: motion.endOrigin) }
      rtcCommitGeometry(instance)
    }
    rtcCommitScene(scene)
  }

  private static func setTransform(_ instance: RTCGeometry, step: UInt32, rotation q: SIMD4<Float>, origin: Float3) {
    var decomposition = RTCQuaternionDecomposition()
    (decomposition.scale_x, decomposition.scale_y, decomposition.scale_z) = (1, 1, 1)
    decomposition.quaternion_r = q.w
    (decomposition.quaternion_i, decomposition.quaternion_j, decomposition.quaternion_k) = (q.x, q.y, q.z)
    (decomposition.translation_x, decomposition.translation_y, decomposition.translation_z) = (origin.x, origin.y, origin.z)
    rtcSetGeometryTransformQuaternion(instance, step, &decomposition)
  }

  /// What threads trace rays with; valid until the next `place` and while this scene lives.
  var caster: RayCaster {
    RayCaster(
      scene: scene, primitives: UnsafePointer(primitives.baseAddress!), planes: geometry.planeStart..<geometry.pieces.count,
      cornerNormals: UnsafePointer(cornerNormals.baseAddress!), cornerFroth: UnsafePointer(cornerFroth),
      sheets: UnsafePointer(sheetViews))
  }
}

extension TriangleMesh {
  /// Something that is there and can't be seen.
  fileprivate static let speck = TriangleMesh(
    vertices: [Vector3(0, 0, -1e6), Vector3(1e-3, 0, -1e6), Vector3(0, 1e-3, -1e6)], triangles: [SIMD3(0, 1, 2)])
}
