import CEmbree

/// Embree's arrays of N rays and hits: field k of ray i is element k·N + i.
enum RayField {
  static let origin = 0, near = 3, direction = 4, time = 7, far = 8, mask = 9, id = 10, flags = 11
  static let normal = 12, u = 15, v = 16, primitive = 17, geometry = 18, instance = 19, count = 20
}

/// The bounds of primitive `primID` when the shutter opens (time step 0) or closes (1).
func primitiveBounds(_ arguments: UnsafePointer<RTCBoundsFunctionArguments>?) {
  let arguments = arguments.unsafelyUnwrapped.pointee
  let primitives = arguments.geometryUserPtr.assumingMemoryBound(to: Primitive.self)
  let primitive = primitives + Int(arguments.primID)
  let half = primitive.pointee.halfExtents
  let motion = primitive.pointee.motion
  var center = motion.start.origin
  let reach: Float3
  if motion.isMoving {
    // Embree interpolates the two boxes; only a ball's stay around a thing that turns as well.
    if arguments.timeStep == 1 { center = motion.endOrigin }
    reach = Float3(repeating: half.length)
  } else {
    func absolute(_ v: Float3) -> Float3 { pointwiseMax(v, -v) }
    reach = absolute(motion.start.x) * half.x + absolute(motion.start.y) * half.y + absolute(motion.start.z) * half.z
  }
  // A little slack covers the rounding of the rotation.
  let (low, high) = (center - reach * 1.00001 - 1e-6, center + reach * 1.00001 + 1e-6)
  arguments.bounds_o.pointee = RTCBounds(
    lower_x: low.x, lower_y: low.y, lower_z: low.z, align0: 0, upper_x: high.x, upper_y: high.y, upper_z: high.z, align1: 0)
}

func primitiveIntersect(_ arguments: UnsafePointer<RTCIntersectFunctionNArguments>?) {
  let arguments = arguments.unsafelyUnwrapped
  let n = Int(arguments.pointee.N)
  let fields = UnsafeMutableRawPointer(arguments.pointee.rayhit.unsafelyUnwrapped).assumingMemoryBound(to: Float.self)
  let primitive = arguments.pointee.geometryUserPtr.assumingMemoryBound(to: Primitive.self) + Int(arguments.pointee.primID)
  for i in 0..<n where arguments.pointee.valid[i] != 0 {
    guard let (distance, normal) = primitive.meet(fields, n, i) else { continue }
    fields[RayField.far * n + i] = distance
    for axis in 0..<3 { fields[(RayField.normal + axis) * n + i] = normal[axis] }
    let numbers = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: UInt32.self)
    numbers[RayField.primitive * n + i] = arguments.pointee.primID
    numbers[RayField.geometry * n + i] = arguments.pointee.geomID
    numbers[RayField.instance * n + i] = arguments.pointee.context.pointee.instID
  }
}

func primitiveOccluded(_ arguments: UnsafePointer<RTCOccludedFunctionNArguments>?) {
  let arguments = arguments.unsafelyUnwrapped
  let n = Int(arguments.pointee.N)
  let fields = UnsafeMutableRawPointer(arguments.pointee.ray.unsafelyUnwrapped).assumingMemoryBound(to: Float.self)
  let primitive = arguments.pointee.geometryUserPtr.assumingMemoryBound(to: Primitive.self) + Int(arguments.pointee.primID)
  for i in 0..<n where arguments.pointee.valid[i] != 0 {
    if primitive.meet(fields, n, i) != nil { fields[RayField.far * n + i] = -.infinity }
  }
}

extension UnsafeMutablePointer<Primitive> {
  @inline(__always)
  fileprivate func meet(_ fields: UnsafeMutablePointer<Float>, _ n: Int, _ i: Int) -> (distance: Float, normal: Float3)? {
    func vector(_ field: Int) -> Float3 {
      Float3(fields[field * n + i], fields[(field + 1) * n + i], fields[(field + 2) * n + i])
    }
    let (near, far) = (fields[RayField.near * n + i], fields[RayField.far * n + i])
    if pointee.motion.isMoving {
      let placement = pointee.motion.placement(at: fields[RayField.time * n + i])
      return pointee.intersect(
        origin: placement.localPoint(vector(RayField.origin)), direction: placement.localDirection(vector(RayField.direction)),
        near: near, far: far)
    }
    return pointee.intersect(
      origin: pointee.motion.start.localPoint(vector(RayField.origin)),
      direction: pointee.motion.start.localDirection(vector(RayField.direction)), near: near, far: far)
  }
}
