public import Foundation
public import WorldCore

extension Trajectory {
  /// The name and version that open every trajectory document.
  public static let format = "mondo-trajectory/1"

  /// Writes the JSON document, block by block, so that a long trajectory is never held twice.
  ///
  /// The same trajectory gives the same bytes. Throws `TrajectoryFileError` where a number is not finite (JSON has no word
  /// for it), and whatever `sink` throws.
  public func writeJSON(to sink: @escaping ([UInt8]) throws -> Void) throws {
    try checkForWriting()
    var writer = JSONWriter(to: sink)
    writer.raw("{\"format\": ")
    writer.string(Self.format)
    writer.raw(",\n \"scene\": {\"name\": ")
    writer.string(scene.name)
    writer.raw(", \"seed\": ")
    writer.integer(scene.seed)
    writer.raw(", \"duration\": ")
    writer.number(scene.duration)
    writer.raw(", \"digest\": ")
    writer.string(scene.digest)
    writer.raw("},\n \"times\": ")
    try writer.array(times) { $0.number($1) }
    writer.raw(",\n \"bodies\": ")
    try writer.array(bodies, separator: ",\n  ") { [end = times.last ?? 0] in try $0.body($1, end: end) }
    if !cloths.isEmpty {
      writer.raw(",\n \"cloths\": ")
      try writer.array(cloths, separator: ",\n  ") { try $0.cloth($1) }
    }
    if !fluids.isEmpty {
      writer.raw(",\n \"fluids\": ")
      try writer.array(fluids, separator: ",\n  ") { try $0.fluid($1) }
    }
    writer.raw(",\n \"contacts\": ")
    try writer.array(contacts, separator: ",\n  ") { $0.contact($1) }
    if !breaks.isEmpty {
      writer.raw(",\n \"breaks\": ")
      try writer.array(breaks, separator: ",\n  ") { try $0.jointBreak($1) }
    }
    writer.raw(",\n \"energy\": {\"kinetic\": ")
    try writer.array(energy.kinetic) { $0.number($1) }
    writer.raw(",\n  \"potential\": ")
    try writer.array(energy.potential) { $0.number($1) }
    writer.raw("},\n \"momentum\": {\"linear\": ")
    try writer.array(momentum.linear) { $0.vector($1) }
    writer.raw(",\n  \"angular\": ")
    try writer.array(momentum.angular) { $0.vector($1) }
    writer.raw("}}\n")
    try writer.finish()
  }

  /// The JSON document in memory.
  public func json() throws -> Data {
    final class Box { var data = Data() }
    let box = Box()
    try writeJSON { box.data.append(contentsOf: $0) }
    return box.data
  }

  /// Reads the JSON document. Keys it doesn't know are passed over; what it knows is checked.
  ///
  /// - Parameter file: the name that errors give the document.
  /// - Throws: `TrajectoryFileError`, with line and column.
  public init(json: Data, file: String = "trajectory.json") throws {
    self = try json.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes.bindMemory(to: UInt8.self), file: file)
      var parser = TrajectoryParser()
      return try parser.parse(&reader)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func body(_ body: BodyTrack, end: Double) throws {
    raw("{\"name\": ")
    string(body.name)
    raw(", \"motion\": ")
    string(body.motion.rawValue)
    raw(", \"mass\": ")
    number(body.mass)
    raw(", \"inertia\": ")
    vector(body.inertia)
    raw(", \"inertia_axes\": ")
    quaternion(body.inertiaAxes)
    raw(", \"center_of_mass\": ")
    vector(body.centerOfMass)
    if let whole = body.pieceOf {
      raw(", \"piece_of\": ")
      string(whole)
    }
    if let spans = body.writtenSpans(until: end) {
      raw(", \"exists\": ")
      try array(spans) { writer, span in try writer.array(span) { $0.number($1) } }
    }
    raw(",\n   \"positions\": ")
    try array(body.states) { $0.vector($1.position) }
    raw(",\n   \"orientations\": ")
    try array(body.states) { $0.quaternion($1.orientation) }
    raw(",\n   \"velocities\": ")
    try array(body.states) { $0.vector($1.velocity) }
    raw(",\n   \"angular_velocities\": ")
    try array(body.states) { $0.vector($1.angularVelocity) }
    raw("}")
  }

  /// All but the vertices, which only the binary form holds.
  fileprivate mutating func cloth(_ cloth: ClothTrack) throws {
    raw("{\"name\": ")
    string(cloth.name)
    raw(", \"rows\": ")
    integer(UInt64(cloth.rows))
    raw(", \"columns\": ")
    integer(UInt64(cloth.columns))
    raw(", \"mass\": ")
    number(cloth.mass)
    raw(", \"tears\": ")
    try array(cloth.tears) { writer, tear in
      writer.raw("{\"time\": ")
      writer.number(tear.time)
      writer.raw(", \"row\": ")
      writer.integer(UInt64(tear.row))
      writer.raw(", \"column\": ")
      writer.integer(UInt64(tear.column))
      writer.raw(", \"force\": ")
      writer.number(tear.force)
      writer.raw("}")
    }
    raw("}")
  }

  /// All but the particles, which only the binary form holds.
  fileprivate mutating func fluid(_ fluid: FluidTrack) throws {
    raw("{\"name\": ")
    string(fluid.name)
    raw(", \"mass\": ")
    number(fluid.mass)
    raw(", \"count\": ")
    integer(UInt64(fluid.count))
    raw(", \"spacing\": ")
    number(fluid.spacing)
    raw(", \"stride\": ")
    integer(UInt64(fluid.stride))
    raw(",\n   \"center_of_mass\": ")
    try array(fluid.centersOfMass) { $0.vector($1) }
    raw(",\n   \"level\": ")
    try array(fluid.levels) { $0.number($1) }
    if fluid.isOpen {
      raw(",\n   \"present\": ")
      try array(fluid.presentCounts) { $0.integer(UInt64($1)) }
    }
    if let grid = fluid.grid {
      raw(",\n   \"grid\": {\"columns\": ")
      integer(UInt64(grid.columns))
      raw(", \"rows\": ")
      integer(UInt64(grid.rows))
      for (key, value) in [("x", grid.x), ("y", grid.y), ("width", grid.width), ("depth", grid.depth), ("floor", grid.floor)] {
        raw(", ")
        string(key)
        raw(": ")
        number(value)
      }
      raw("}")
    }
    raw("}")
  }

  fileprivate mutating func contact(_ contact: ContactEvent) {
    raw("{\"time\": ")
    number(contact.time)
    raw(", \"bodies\": [")
    string(contact.bodies[0])
    raw(", ")
    string(contact.bodies[1])
    raw("], \"point\": ")
    vector(contact.point)
    raw(", \"normal\": ")
    vector(contact.normal)
    raw(", \"impulse\": ")
    number(contact.impulse)
    raw(", \"approach_speed\": ")
    number(contact.approachSpeed)
    raw(", \"restitution\": ")
    number(contact.restitution)
    raw(", \"friction\": ")
    number(contact.friction)
    raw(", \"kind\": ")
    string(contact.kind.rawValue)
    raw("}")
  }

  fileprivate mutating func jointBreak(_ gone: Trajectory.Break) throws {
    raw("{\"time\": ")
    number(gone.time)
    raw(", \"joint\": ")
    string(gone.joint)
    raw(", \"bodies\": ")
    try array(gone.bodies) { $0.string($1) }
    raw(", \"force\": ")
    number(gone.force)
    raw(", \"point\": ")
    vector(gone.point)
    raw("}")
  }

  private mutating func quaternion(_ q: Quaternion) {
    raw("[")
    number(q.w)
    raw(",")
    number(q.vector.x)
    raw(",")
    number(q.vector.y)
    raw(",")
    number(q.vector.z)
    raw("]")
  }
}
