import WorldCore

extension Trajectory {
  /// The first thing that makes the parts of this trajectory disagree with one another, if any.
  var fault: (path: String, message: String)? {
    // One clock for all.
    guard let first = times.first else { return ("times", "a trajectory has at least one sample") }
    if first != 0 { return ("times[0]", "time starts at 0, not \(first)") }
    for i in times.indices.dropFirst() where !(times[i] > times[i - 1]) {
      return ("times[\(i)]", "\(times[i]) s does not come after \(times[i - 1]) s")
    }
    let series = [
      ("energy.kinetic", energy.kinetic.count), ("energy.potential", energy.potential.count),
      ("momentum.linear", momentum.linear.count), ("momentum.angular", momentum.angular.count),
    ]
    for (name, count) in series where count != 0 && count != times.count {
      return (name, "has \(count) entries for \(times.count) sample times")
    }

    // Bodies that can be told apart, each with a state a sample.
    var names: Set<String> = []
    for (i, body) in bodies.enumerated() {
      if !names.insert(body.name).inserted { return ("bodies[\(i)].name", "two bodies are called \"\(body.name)\"") }
      if body.states.count != times.count {
        return ("bodies[\(i)].positions", "has \(body.states.count) entries for \(times.count) sample times")
      }
      if !(body.mass >= 0) { return ("bodies[\(i)].mass", "a mass is not negative, unlike \(body.mass)") }
    }

    // Cloths likewise; a document may leave their vertices out.
    for (i, cloth) in cloths.enumerated() {
      if !names.insert(cloth.name).inserted { return ("cloths[\(i)].name", "two things are called \"\(cloth.name)\"") }
      guard (2...1_000_000).contains(cloth.rows), (2...1_000_000).contains(cloth.columns) else {
        return ("cloths[\(i)]", "a cloth has at least 2 rows and 2 columns, not \(cloth.rows) and \(cloth.columns)")
      }
      let expected = times.count * cloth.count * 3
      if !cloth.positions.isEmpty && cloth.positions.count != expected {
        return ("cloths[\(i)].positions", "has \(cloth.positions.count) numbers where its samples need \(expected)")
      }
      if !(cloth.mass >= 0) { return ("cloths[\(i)].mass", "a mass is not negative, unlike \(cloth.mass)") }
    }

    let touching = names

    // Fluids likewise.
    for (i, fluid) in fluids.enumerated() {
      if !names.insert(fluid.name).inserted { return ("fluids[\(i)].name", "two things are called \"\(fluid.name)\"") }
      guard ((fluid.isOpen ? 0 : 1)...1_000_000_000).contains(fluid.count), (1...1_000_000).contains(fluid.stride),
        fluid.spacing > 0,
        fluid.mass >= 0
      else { return ("fluids[\(i)]", "a fluid has particles, a spacing, a stride and a mass, all positive") }
      for (name, count) in [("center_of_mass", fluid.centersOfMass.count), ("level", fluid.levels.count)]
      where count != times.count {
        return ("fluids[\(i)].\(name)", "has \(count) entries for \(times.count) sample times")
      }
      if let grid = fluid.grid {
        guard (2...100_000).contains(grid.columns), (2...100_000).contains(grid.rows), grid.width > 0, grid.depth > 0 else {
          return ("fluids[\(i)].grid", "a surface has at least 2 rows and columns, and cells with an area")
        }
        let expected = (times.count + fluid.stride - 1) / fluid.stride * grid.count
        if !fluid.heights.isEmpty && fluid.heights.count != expected {
          return ("fluids[\(i)].heights", "has \(fluid.heights.count) numbers where its records need \(expected)")
        }
      }
      let records = stride(from: 0, to: times.count, by: fluid.stride)
      var expected = (times.count + fluid.stride - 1) / fluid.stride * fluid.count
      if fluid.isOpen {
        if fluid.presentCounts.count != times.count {
          return ("fluids[\(i)].present", "has \(fluid.presentCounts.count) entries for \(times.count) sample times")
        }
        guard fluid.presentCounts.allSatisfy({ (0...fluid.count).contains($0) }) else {
          return ("fluids[\(i)].present", "more or fewer particles are there than the fluid has")
        }
        expected = records.reduce(0) { $0 + fluid.presentCounts[$1] }
        if !fluid.positions.isEmpty {
          if fluid.lifetimes.count != fluid.count {
            return ("fluids[\(i)].lifetimes", "has \(fluid.lifetimes.count) entries for \(fluid.count) particles")
          }
          let wrong = records.first { k in fluid.presentCounts[k] != fluid.lifetimes.count { $0.contains(times[k]) } }
          if let wrong {
            return ("fluids[\(i)].lifetimes", "don't tell the \(fluid.presentCounts[wrong]) particles of sample \(wrong)")
          }
        }
      }
      if !fluid.positions.isEmpty && fluid.positions.count != 3 * expected {
        return ("fluids[\(i)].positions", "has \(fluid.positions.count) numbers where its records need \(3 * expected)")
      }
    }

    // Contacts in order, between bodies and cloths that exist.
    for (i, contact) in contacts.enumerated() {
      if contact.bodies.count != 2 { return ("contacts[\(i)].bodies", "a contact is between 2 bodies") }
      for name in contact.bodies where !touching.contains(name) {
        return ("contacts[\(i)].bodies", "there is no body called \"\(name)\"")
      }
      if i > 0 && contact.time < contacts[i - 1].time {
        return ("contacts[\(i)].time", "contacts stand in order of time; this one is before its predecessor")
      }
    }
    return nil
  }

  /// Throws where the trajectory can't be told in a document: parts that disagree, or numbers that are not finite.
  func checkForWriting() throws {
    func fail(_ path: String, _ message: String) -> TrajectoryFileError {
      TrajectoryFileError(file: scene.name, path: path, message: message)
    }
    if let fault { throw fail(fault.path, fault.message) }
    for (i, body) in bodies.enumerated() {
      for (k, state) in body.states.enumerated() where !state.isFinite {
        throw fail("bodies[\(i)]", "the state of \"\(body.name)\" at \(times[k]) s is not finite")
      }
      guard body.mass.isFinite, body.inertia.isFinite, body.inertiaAxes.isFinite, body.centerOfMass.isFinite else {
        throw fail("bodies[\(i)]", "mass properties of \"\(body.name)\" are not finite")
      }
    }
    for (i, cloth) in cloths.enumerated() {
      let isFinite = cloth.mass.isFinite && cloth.tears.allSatisfy { $0.time.isFinite && $0.force.isFinite }
      guard isFinite, cloth.positions.allSatisfy(\.isFinite) else {
        throw fail("cloths[\(i)]", "a number of \"\(cloth.name)\" is not finite")
      }
    }
    for (i, fluid) in fluids.enumerated() {
      guard fluid.mass.isFinite, fluid.spacing.isFinite, fluid.centersOfMass.allSatisfy(\.isFinite),
        fluid.levels.allSatisfy(\.isFinite), fluid.positions.allSatisfy(\.isFinite),
        fluid.lifetimes.allSatisfy(\.birth.isFinite), fluid.heights.allSatisfy(\.isFinite)
      else { throw fail("fluids[\(i)]", "a number of \"\(fluid.name)\" is not finite") }
    }
    for (i, contact) in contacts.enumerated() {
      let numbers = [contact.time, contact.impulse, contact.approachSpeed, contact.restitution, contact.friction]
      guard numbers.allSatisfy(\.isFinite), contact.point.isFinite, contact.normal.isFinite else {
        throw fail("contacts[\(i)]", "a number is not finite")
      }
    }
    for (i, event) in breaks.enumerated() where !(event.time.isFinite && event.force.isFinite && event.point.isFinite) {
      throw fail("breaks[\(i)]", "a number is not finite")
    }
    guard scene.duration.isFinite, times.allSatisfy(\.isFinite) else { throw fail("times", "a time is not finite") }
    guard (energy.kinetic + energy.potential).allSatisfy(\.isFinite) else { throw fail("energy", "a number is not finite") }
    guard (momentum.linear + momentum.angular).allSatisfy(\.isFinite) else { throw fail("momentum", "a number is not finite") }
  }
}

extension BodyState {
  fileprivate var isFinite: Bool {
    position.isFinite && velocity.isFinite && angularVelocity.isFinite && orientation.isFinite
  }
}

extension Quaternion {
  fileprivate var isFinite: Bool { w.isFinite && vector.isFinite }
}
