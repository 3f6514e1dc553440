public import Foundation
import Safetensors
public import WorldCore

// The safetensors form: arrays are tensors of 64-bit floats, the rest is in the header's metadata.
//
//   times [T]
//   bodies.NAME.positions [T, 3]  .orientations [T, 4]  .velocities [T, 3]  .angular_velocities [T, 3]
//   contacts.times [C]  .bodies [C, 2] (numbers of bodies)  .points [C, 3]  .normals [C, 3]  .impulses [C]
//   contacts.approach_speeds [C]  .restitutions [C]  .frictions [C]  .kinds [C] (numbers into metadata's contact_kinds)
//   energy.kinetic [T]  energy.potential [T]  momentum.linear [T, 3]  momentum.angular [T, 3]
//
// Metadata: format, and as JSON text scene, bodies (all that a body is but its motion), contact_kinds.
extension Trajectory {
  /// Writes the safetensors form. The same trajectory gives the same bytes.
  ///
  /// Throws `TrajectoryFileError` where a number is not finite, and whatever `sink` throws.
  public func writeSafetensors(to sink: @escaping ([UInt8]) throws -> Void) throws {
    try checkForWriting()
    let columns = tensorColumns
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    let layout = SafetensorsLayout(
      columns.map { column in
        SafetensorsLayout.Tensor(column.name, column.type, shape: [column.rows] + (column.width == 1 ? [] : [column.width]))
      },
      metadata: [
        "format": Self.format, "scene": try text(scene), "bodies": try text(bodies.map(BodyHeader.init)),
        "contact_kinds": try text(ContactEvent.Kind.allCases.map(\.rawValue)),
      ])
    try sink(layout.header)
    for column in columns { try sink(column.bytes()) }
  }

  private var tensorColumns: [TensorColumn] {
    var columns = [TensorColumn("times", times)]
    for body in bodies {
      let path = "bodies.\(body.name)"
      columns.append(TensorColumn("\(path).positions", rows: body.states.count, width: 3) { Array(body.states.map(\.position).scalars) })
      columns.append(TensorColumn("\(path).orientations", rows: body.states.count, width: 4) {
        body.states.flatMap { [$0.orientation.w, $0.orientation.vector.x, $0.orientation.vector.y, $0.orientation.vector.z] }
      })
      columns.append(TensorColumn("\(path).velocities", rows: body.states.count, width: 3) { body.states.map(\.velocity).scalars })
      columns.append(
        TensorColumn("\(path).angular_velocities", rows: body.states.count, width: 3) { body.states.map(\.angularVelocity).scalars })
    }
    let indices = Dictionary(uniqueKeysWithValues: bodies.enumerated().map { ($1.name, Int64($0)) })
    let kinds = Dictionary(uniqueKeysWithValues: ContactEvent.Kind.allCases.enumerated().map { ($1, Int64($0)) })
    columns += [
      TensorColumn("contacts.times", contacts.map(\.time)),
      TensorColumn("contacts.bodies", integers: contacts.flatMap { $0.bodies.map { indices[$0]! } }, width: 2),
      TensorColumn("contacts.points", contacts.map(\.point)), TensorColumn("contacts.normals", contacts.map(\.normal)),
      TensorColumn("contacts.impulses", contacts.map(\.impulse)),
      TensorColumn("contacts.approach_speeds", contacts.map(\.approachSpeed)),
      TensorColumn("contacts.restitutions", contacts.map(\.restitution)),
      TensorColumn("contacts.frictions", contacts.map(\.friction)),
      TensorColumn("contacts.kinds", integers: contacts.map { kinds[$0.kind]! }, width: 1),
      TensorColumn("energy.kinetic", energy.kinetic), TensorColumn("energy.potential", energy.potential),
      TensorColumn("momentum.linear", momentum.linear), TensorColumn("momentum.angular", momentum.angular),
    ]
    return columns
  }

  public init(safetensors data: Data, file: String = "trajectory.safetensors") throws { fatalError() }
}

/// What the header says of a body.
struct BodyHeader: Codable {
  var name: String
  var motion: BodyTrack.Motion
  var mass: Double
  var inertia: [Double]
  var inertiaAxes: [Double]
  var centerOfMass: [Double]

  enum CodingKeys: String, CodingKey {
    case name, motion, mass, inertia
    case inertiaAxes = "inertia_axes"
    case centerOfMass = "center_of_mass"
  }

  init(_ body: BodyTrack) {
    (name, motion, mass) = (body.name, body.motion, body.mass)
    inertia = [body.inertia].scalars
    inertiaAxes = [body.inertiaAxes.w] + [body.inertiaAxes.vector].scalars
    centerOfMass = [body.centerOfMass].scalars
  }
}

/// One array on its way into a file; its numbers are made when they are written.
private struct TensorColumn {
  var name: String
  var type: SafetensorsLayout.ElementType
  var rows: Int
  /// Numbers a row.
  var width: Int
  var bytes: () -> [UInt8]

  init(_ name: String, rows: Int, width: Int, _ values: @escaping () -> [Double]) {
    (self.name, self.rows, self.width) = (name, rows, width)
    type = .float64
    bytes = { values().withUnsafeBytes { Array($0) } }
  }

  init(_ name: String, _ values: [Double]) { self.init(name, rows: values.count, width: 1) { values } }

  init(_ name: String, _ values: [Vector3]) { self.init(name, rows: values.count, width: 3) { values.scalars } }

  init(_ name: String, integers: [Int64], width: Int) {
    (self.name, self.width, rows) = (name, width, integers.count / width)
    type = .int64
    bytes = { integers.withUnsafeBytes { Array($0) } }
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
