public import Foundation
import Safetensors
public import WorldCore

// The safetensors form: arrays are tensors of 64-bit floats, the rest is in the header's metadata.
//
//   times [T]
//   bodies.NAME.positions [T, 3]  .orientations [T, 4]  .velocities [T, 3]  .angular_velocities [T, 3]
//   cloths.NAME.positions [T, rows, columns, 3] (of 32-bit floats)
//   fluids.NAME.positions [⌈T/stride⌉, count, 3] (of 32-bit floats)  .center_of_mass [T, 3]  .level [T]
//     A surface instead of particles: .heights [⌈T/stride⌉, rows, columns] (of 32-bit floats)
//     Where particles come and go: .positions [sum of every stride-th of present, 3], record after record, of the particles
//     that are there, in their order  .present [T] (how many are)  .lifetimes [count, 2] (from, until before, s; infinite: to
//     the end)
//   contacts.times [C]  .bodies [C, 2] (numbers of bodies)  .points [C, 3]  .normals [C, 3]  .impulses [C]
//   contacts.approach_speeds [C]  .restitutions [C]  .frictions [C]  .kinds [C] (numbers into metadata's contact_kinds)
//   energy.kinetic [T]  energy.potential [T]  momentum.linear [T, 3]  momentum.angular [T, 3]
//
// Metadata: format, and as JSON text scene, bodies (all that a body is but its motion), contact_kinds,
// and breaks, cloths and fluids (all that these are but what moves) where there are any.
extension Trajectory {
  /// The safetensors form. The same trajectory gives the same bytes.
  ///
  /// - Throws: `TrajectoryFileError` where a number is not finite.
  public func safetensors() throws -> [UInt8] {
    try checkForWriting()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    var metadata = [
      "format": Self.format, "scene": try text(scene), "bodies": try text(bodies.map { BodyHeader($0, end: times.last ?? 0) }),
      "contact_kinds": try text(ContactEvent.Kind.allCases.map(\.rawValue)),
    ]
    if !breaks.isEmpty { metadata["breaks"] = try text(breaks) }
    if !cloths.isEmpty { metadata["cloths"] = try text(cloths.map(ClothHeader.init)) }
    if !fluids.isEmpty { metadata["fluids"] = try text(fluids.map(FluidHeader.init)) }
    return try SafetensorsFile.encode(tensors, metadata: metadata)
  }

  private var tensors: [NamedTensor] {
    // Cloths are counted on after the bodies.
    let indices = Dictionary(
      uniqueKeysWithValues: (bodies.map(\.name) + cloths.map(\.name)).enumerated().map { ($1, Int64($0)) })
    let kinds = Dictionary(uniqueKeysWithValues: ContactEvent.Kind.allCases.enumerated().map { ($1, Int64($0)) })
    func numbers(_ name: String, _ values: [Double]) -> NamedTensor { NamedTensor(name, shape: [values.count], values) }
    func vectors(_ name: String, _ values: [Vector3]) -> NamedTensor {
      NamedTensor(name, shape: [values.count, 3], values.scalars)
    }
    let motion = bodies.flatMap { body in
      [
        vectors("bodies.\(body.name).positions", body.states.map(\.position)),
        NamedTensor(
          "bodies.\(body.name).orientations", shape: [body.states.count, 4],
          body.states.flatMap { state in [state.orientation.w] + [state.orientation.vector].scalars }),
        vectors("bodies.\(body.name).velocities", body.states.map(\.velocity)),
        vectors("bodies.\(body.name).angular_velocities", body.states.map(\.angularVelocity)),
      ]
    }
    let series = [
      numbers("times", times), numbers("energy.kinetic", energy.kinetic), numbers("energy.potential", energy.potential),
      vectors("momentum.linear", momentum.linear), vectors("momentum.angular", momentum.angular),
    ]
    let events = [
      numbers("contacts.times", contacts.map(\.time)),
      NamedTensor("contacts.bodies", shape: [contacts.count, 2], contacts.flatMap { $0.bodies.map { indices[$0]! } }),
      vectors("contacts.points", contacts.map(\.point)), vectors("contacts.normals", contacts.map(\.normal)),
      numbers("contacts.impulses", contacts.map(\.impulse)),
      numbers("contacts.approach_speeds", contacts.map(\.approachSpeed)),
      numbers("contacts.restitutions", contacts.map(\.restitution)),
      numbers("contacts.frictions", contacts.map(\.friction)),
      NamedTensor("contacts.kinds", shape: [contacts.count], contacts.map { kinds[$0.kind]! }),
    ]
    let sheets = cloths.filter { !$0.positions.isEmpty }.map { cloth in
      NamedTensor("cloths.\(cloth.name).positions", shape: [cloth.samples, cloth.rows, cloth.columns, 3], cloth.positions)
    }
    let liquids = fluids.flatMap { fluid in
      let path = "fluids.\(fluid.name)"
      var tensors = [vectors("\(path).center_of_mass", fluid.centersOfMass), numbers("\(path).level", fluid.levels)]
      if fluid.isOpen {
        tensors.append(NamedTensor("\(path).present", shape: [fluid.presentCounts.count], fluid.presentCounts.map(Int64.init)))
      }
      if let grid = fluid.grid, !fluid.heights.isEmpty {
        tensors.append(NamedTensor("\(path).heights", shape: [fluid.records, grid.rows, grid.columns], fluid.heights))
      }
      guard !fluid.positions.isEmpty else { return tensors }
      if fluid.isOpen {
        tensors.append(NamedTensor("\(path).positions", shape: [fluid.positions.count / 3, 3], fluid.positions))
        let lifetimes = fluid.lifetimes.flatMap { [$0.birth, $0.death] }
        tensors.append(NamedTensor("\(path).lifetimes", shape: [fluid.count, 2], lifetimes))
      } else {
        tensors.append(NamedTensor("\(path).positions", shape: [fluid.records, fluid.count, 3], fluid.positions))
      }
      return tensors
    }
    return series + motion + sheets + liquids + events
  }

  /// Reads the safetensors form. Tensors and metadata it doesn't know are passed over; what it knows is checked.
  ///
  /// - Parameter file: the name that errors give the document.
  /// - Throws: `TrajectoryFileError`.
  public init(safetensors data: Data, file: String = "trajectory.safetensors") throws {
    let reader = try TensorReader(data, file: file)
    guard reader.metadata["format"] == Self.format else {
      let found = reader.metadata["format"].map { "its format is \"\($0)\"" } ?? "its metadata has no format"
      throw reader.error("", "this is no trajectory: \(found), not \"\(Self.format)\"")
    }
    let headers = try reader.decode([BodyHeader].self, "bodies")
    let sheets = reader.metadata["cloths"] == nil ? [] : try reader.decode([ClothHeader].self, "cloths")
    let kinds = try reader.decode([ContactEvent.Kind].self, "contact_kinds")
    self.init(
      scene: try reader.decode(SceneIdentity.self, "scene"), times: try reader.numbers("times"), bodies: [],
      contacts: try reader.contacts(names: headers.map(\.name) + sheets.map(\.name), kinds: kinds),
      energy: Energy(kinetic: try reader.numbers("energy.kinetic"), potential: try reader.numbers("energy.potential")),
      momentum: Momentum(linear: try reader.vectors("momentum.linear"), angular: try reader.vectors("momentum.angular")))
    if reader.metadata["breaks"] != nil { breaks = try reader.decode([Break].self, "breaks") }
    bodies = try headers.map { try reader.body($0, samples: times.count) }
    for k in bodies.indices { bodies[k].closeSpans(until: times.last ?? 0) }
    cloths = try sheets.map { try reader.cloth($0, samples: times.count) }
    if reader.metadata["fluids"] != nil {
      fluids = try reader.decode([FluidHeader].self, "fluids").map { try reader.fluid($0, samples: times.count) }
    }
    if let fault { throw reader.error(fault.path, fault.message) }
  }
}

/// What the header says of a body.
struct BodyHeader: Codable {
  var name: String
  var motion: BodyTrack.Motion
  var mass: Double
  var inertia: [Double]
  var inertiaAxes: [Double]
  var centerOfMass: [Double]
  var pieceOf: String?
  var exists: [[Double]]?

  enum CodingKeys: String, CodingKey {
    case name, motion, mass, inertia, exists
    case pieceOf = "piece_of"
    case inertiaAxes = "inertia_axes"
    case centerOfMass = "center_of_mass"
  }

  init(_ body: BodyTrack, end: Double) {
    (pieceOf, exists) = (body.pieceOf, body.writtenSpans(until: end))
    (name, motion, mass) = (body.name, body.motion, body.mass)
    inertia = [body.inertia].scalars
    inertiaAxes = [body.inertiaAxes.w] + [body.inertiaAxes.vector].scalars
    centerOfMass = [body.centerOfMass].scalars
  }
}

/// What the header says of a cloth.
struct ClothHeader: Codable {
  var name: String
  var rows: Int
  var columns: Int
  var mass: Double
  var tears: [ClothTrack.Tear]

  init(_ cloth: ClothTrack) {
    (name, rows, columns, mass, tears) = (cloth.name, cloth.rows, cloth.columns, cloth.mass, cloth.tears)
  }
}

/// What the header says of a fluid.
struct FluidHeader: Codable {
  var name: String
  var mass: Double
  var count: Int
  var spacing: Double
  var stride: Int
  var grid: FluidTrack.Grid?

  init(_ fluid: FluidTrack) {
    (name, mass, count, spacing, stride) = (fluid.name, fluid.mass, fluid.count, fluid.spacing, fluid.stride)
    grid = fluid.grid
  }
}

extension [Vector3] {
  /// x, y, z of each in turn.
  fileprivate var scalars: [Double] {
    [Double](unsafeUninitializedCapacity: count * 3) { buffer, filled in
      for (i, v) in enumerated() {
        buffer.initializeElement(at: 3 * i, to: v.x)
        buffer.initializeElement(at: 3 * i + 1, to: v.y)
        buffer.initializeElement(at: 3 * i + 2, to: v.z)
      }
      filled = count * 3
    }
  }
}
