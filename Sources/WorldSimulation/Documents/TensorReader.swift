import Foundation
import Safetensors
import WorldCore

/// Takes a trajectory's arrays out of a safetensors file and checks their shapes.
struct TensorReader {
  private let file: String
  private let contents: SafetensorsFile
  var metadata: [String: String] { contents.metadata }

  init(_ data: Data, file: String) throws(TrajectoryFileError) {
    self.file = file
    do { contents = try SafetensorsFile(contents: data, path: file) } catch {
      // The error names the file itself.
      let told = error.description
      throw TrajectoryFileError(
        file: file, message: told.hasPrefix("\(file): ") ? String(told.dropFirst(file.count + 2)) : told)
    }
  }

  func error(_ path: String, _ message: String) -> TrajectoryFileError {
    TrajectoryFileError(file: file, path: path, message: message)
  }

  /// A value that the metadata holds as JSON text.
  func decode<Value: Decodable>(_ type: Value.Type, _ key: String) throws(TrajectoryFileError) -> Value {
    guard let text = metadata[key] else { throw error("metadata", "\"\(key)\" is missing") }
    do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
      throw self.error("metadata.\(key)", "this is not what a trajectory says there")
    }
  }

  // MARK: Arrays

  func numbers(_ name: String, width: Int = 1) throws(TrajectoryFileError) -> [Double] {
    try elements(name, width: width)
  }

  func vectors(_ name: String) throws(TrajectoryFileError) -> [Vector3] {
    let scalars = try numbers(name, width: 3)
    return (0..<scalars.count / 3).map { Vector3(scalars[3 * $0], scalars[3 * $0 + 1], scalars[3 * $0 + 2]) }
  }

  func integers(_ name: String, width: Int = 1) throws(TrajectoryFileError) -> [Int] {
    try elements(name, width: width).map { (value: Int64) in Int(clamping: value) }
  }

  private func elements<Element: SafetensorsElement>(_ name: String, width: Int) throws(TrajectoryFileError) -> [Element] {
    guard let tensor = contents[name] else { throw error(name, "the tensor is missing") }
    let type = Element.elementType
    guard tensor.element == type, tensor.shape.count == (width == 1 ? 1 : 2), width == 1 || tensor.shape[1] == width else {
      let wanted = width == 1 ? "[n]" : "[n, \(width)]"
      throw error(name, "expected \(type.rawValue) of shape \(wanted), found \(tensor.element.rawValue) of \(tensor.shape)")
    }
    do { return try contents.elements(of: name) } catch { throw self.error(name, error.description) }
  }

  // MARK: Parts of a trajectory

  func body(_ header: BodyHeader, samples: Int) throws(TrajectoryFileError) -> BodyTrack {
    let path = "bodies.\(header.name)"
    guard header.inertia.count == 3, header.inertiaAxes.count == 4, header.centerOfMass.count == 3 else {
      throw error("metadata.bodies", "'\(header.name)' has an inertia, inertia_axes or center_of_mass of the wrong length")
    }
    let (inertia, axes, center) = (header.inertia, header.inertiaAxes, header.centerOfMass)
    let positions = try vectors("\(path).positions")
    let orientations = try numbers("\(path).orientations", width: 4)
    let velocities = try vectors("\(path).velocities")
    let angularVelocities = try vectors("\(path).angular_velocities")
    for count in [positions.count, orientations.count / 4, velocities.count, angularVelocities.count] where count != samples {
      throw error(path, "an array has \(count) entries for \(samples) sample times")
    }
    var body = BodyTrack(
      name: header.name, motion: header.motion, mass: header.mass, inertia: Vector3(inertia[0], inertia[1], inertia[2]),
      inertiaAxes: Quaternion(w: axes[0], x: axes[1], y: axes[2], z: axes[3]),
      centerOfMass: Vector3(center[0], center[1], center[2]), pieceOf: header.pieceOf,
      states: (0..<samples).map { k in
        BodyState(
          position: positions[k],
          orientation: Quaternion(
            w: orientations[4 * k], x: orientations[4 * k + 1], y: orientations[4 * k + 2], z: orientations[4 * k + 3]),
          velocity: velocities[k], angularVelocity: angularVelocities[k])
      })
    if let spans = header.exists, !body.readSpans(spans) { throw error("metadata.bodies", BodyTrack.spansRule) }
    return body
  }

  func cloth(_ header: ClothHeader, samples: Int) throws(TrajectoryFileError) -> ClothTrack {
    let name = "cloths.\(header.name).positions"
    var cloth = ClothTrack(
      name: header.name, rows: header.rows, columns: header.columns, mass: header.mass, tears: header.tears)
    guard let tensor = contents[name] else { return cloth }
    let shape = [samples, header.rows, header.columns, 3]
    guard tensor.element == .float32, tensor.shape == shape else {
      throw error(name, "expected F32 of shape \(shape), found \(tensor.element.rawValue) of \(tensor.shape)")
    }
    do { cloth.positions = try contents.elements(of: name) } catch { throw self.error(name, error.description) }
    return cloth
  }

  func fluid(_ header: FluidHeader, samples: Int) throws(TrajectoryFileError) -> FluidTrack {
    let path = "fluids.\(header.name)"
    let isOpen = contents["\(path).present"] != nil
    guard header.count > 0 || (isOpen && header.count == 0), header.stride > 0 else {
      throw error("metadata.fluids", "'\(header.name)' has a count or a stride that is not positive")
    }
    var fluid = FluidTrack(
      name: header.name, mass: header.mass, count: header.count, spacing: header.spacing,
      centersOfMass: try vectors("\(path).center_of_mass"), levels: try numbers("\(path).level"),
      presentCounts: isOpen ? try integers("\(path).present") : [], stride: header.stride)
    fluid.grid = header.grid
    if let grid = header.grid, let tensor = contents["\(path).heights"] {
      let shape = [(samples + header.stride - 1) / header.stride, grid.rows, grid.columns]
      guard tensor.element == .float32, tensor.shape == shape else {
        throw error("\(path).heights", "expected F32 of shape \(shape), found \(tensor.element.rawValue) of \(tensor.shape)")
      }
      do { fluid.heights = try contents.elements(of: "\(path).heights") } catch {
        throw self.error("\(path).heights", error.description)
      }
    }
    guard let tensor = contents["\(path).positions"] else { return fluid }
    var shape = [(samples + header.stride - 1) / header.stride, header.count, 3]
    if isOpen {
      // Its parts are held against one another where the whole is.
      shape = [tensor.shape.first ?? 0, 3]
      let times = try numbers("\(path).lifetimes", width: 2)
      fluid.lifetimes = (0..<times.count / 2).map { FluidTrack.Lifetime(birth: times[2 * $0], death: times[2 * $0 + 1]) }
    }
    guard tensor.element == .float32, tensor.shape == shape else {
      throw error("\(path).positions", "expected F32 of shape \(shape), found \(tensor.element.rawValue) of \(tensor.shape)")
    }
    do { fluid.positions = try contents.elements(of: "\(path).positions") } catch {
      throw self.error("\(path).positions", error.description)
    }
    return fluid
  }

  func contacts(names: [String], kinds: [ContactEvent.Kind]) throws(TrajectoryFileError) -> [ContactEvent] {
    let (times, impulses) = (try numbers("contacts.times"), try numbers("contacts.impulses"))
    let (points, normals) = (try vectors("contacts.points"), try vectors("contacts.normals"))
    let speeds = try numbers("contacts.approach_speeds")
    let (restitutions, frictions) = (try numbers("contacts.restitutions"), try numbers("contacts.frictions"))
    let (bodies, kindNumbers) = (try integers("contacts.bodies", width: 2), try integers("contacts.kinds"))
    let counts = [
      impulses.count, points.count, normals.count, speeds.count, restitutions.count, frictions.count, bodies.count / 2,
      kindNumbers.count,
    ]
    guard counts.allSatisfy({ $0 == times.count }) else {
      throw error("contacts", "the arrays have different lengths")
    }
    var contacts: [ContactEvent] = []
    for i in times.indices {
      let (a, b, kind) = (bodies[2 * i], bodies[2 * i + 1], kindNumbers[i])
      guard names.indices.contains(a), names.indices.contains(b), kinds.indices.contains(kind) else {
        throw error("contacts", "entry \(i) names a body or a kind that isn't there")
      }
      contacts.append(
        ContactEvent(
          time: times[i], bodies: [names[a], names[b]], point: points[i], normal: normals[i], impulse: impulses[i],
          approachSpeed: speeds[i], restitution: restitutions[i], friction: frictions[i], kind: kinds[kind]))
    }
    return contacts
  }
}
