import WorldCore

extension RigidWorldDefinition {
  /// Refuses what no world can be made of.
  func check() throws(RigidWorldError) {
    func require(_ holds: Bool, _ subject: String, _ problem: String, _ remedy: String) throws(RigidWorldError) {
      if !holds { throw .invalidDefinition(subject: subject, problem: problem, remedy: remedy) }
    }
    try require(
      timeStep > 0 && timeStep.isFinite, "time step", "\(timeStep) s is not a positive length", "give one such as 1/240 s")
    try require(gravity.isFinite, "gravity", "is not finite", "give three finite numbers in m/s^2")
    var names = Set<String>()
    for body in bodies {
      let subject = "body '\(body.name)'"
      try require(names.insert(body.name).inserted, subject, "the name is used twice", "give each body a name of its own")
      let state = body.initialState
      let isFinite =
        state.position.isFinite && state.velocity.isFinite && state.angularVelocity.isFinite && state.orientation.norm.isFinite
      try require(isFinite && state.orientation.norm > 0, subject, "the initial state is not finite", "give finite numbers")
      let m = body.material
      try require(
        (0...1).contains(m.restitution), subject, "restitution \(m.restitution) is outside 0…1", "give a number in 0…1")
      try require(
        m.friction >= 0 && m.rollingFriction >= 0 && m.spinningFriction >= 0, subject, "a friction coefficient is negative",
        "give numbers ≥ 0")
      switch body.motion {
      case .dynamic:
        try require(
          body.mass > 0 && body.mass.isFinite, subject, "mass \(body.mass) kg is not positive", "give a positive mass")
        let i = body.inertia
        try require(i.min() > 0 && i.isFinite, subject, "a moment of inertia is not positive", "give three positive moments")
        let isPossible = i.x + i.y >= i.z * (1 - 1e-9) && i.y + i.z >= i.x * (1 - 1e-9) && i.z + i.x >= i.y * (1 - 1e-9)
        try require(
          isPossible, subject, "no distribution of mass has the moments \(i.x), \(i.y), \(i.z)",
          "let no moment exceed the sum of the other two")
        if case .plane = body.shape {
          throw .invalidDefinition(subject: subject, problem: "a plane can't move", remedy: "make it fixed, or a box")
        }
      case .scripted(let path):
        let ascends = zip(path.keys, path.keys.dropFirst()).allSatisfy { $0.time < $1.time }
        try require(
          !path.keys.isEmpty && ascends, subject, "the path's keys don't ascend in time", "give at least one key, in order")
      case .fixed: break
      }
    }
    try checkPieces()
    var jointNames = Set<String>()
    for joint in joints {
      let subject = "joint '\(joint.name)'"
      try require(
        jointNames.insert(joint.name).inserted, subject, "the name is used twice", "give each joint a name of its own")
      try require(joint.first != joint.second, subject, "it joins a body to itself", "name two different bodies")
      for name in [joint.first, joint.second].compactMap({ $0 }) {
        try require(names.contains(name), subject, "there is no body '\(name)'", "name a body of the world")
      }
      if case .hinge(let options) = joint.kind { try options.check(subject) }
      if case .slider(let options) = joint.kind { try options.check(subject) }
      if let strength = joint.breaksAt {
        try require(strength > 0, subject, "it breaks at \(strength) N", "give a positive force")
      }
      try require(joint.axis.length > 0 && joint.axis.isFinite, subject, "the axis has no length", "give a direction")
    }
  }
}

extension RigidWorldDefinition {
  private func checkPieces() throws(RigidWorldError) {
    func refuse(_ body: RigidBodyDefinition, _ problem: String, _ remedy: String) -> RigidWorldError {
      .invalidDefinition(subject: "body '\(body.name)'", problem: problem, remedy: remedy)
    }
    for body in bodies {
      if let strength = body.breaksAt {
        guard strength > 0 else { throw refuse(body, "it breaks at \(strength) N*s", "give a positive impulse") }
        guard body.motion == .dynamic else { throw refuse(body, "it breaks, but isn't dynamic", "make it dynamic") }
        guard bodies.contains(where: { $0.pieceOf == body.name }) else {
          throw refuse(body, "it breaks, but has no pieces", "add bodies with 'pieceOf'")
        }
      }
      guard let whole = body.pieceOf else { continue }
      guard body.motion == .dynamic, body.breaksAt == nil else {
        throw refuse(body, "a piece is dynamic and breaks no further", "make it so")
      }
      guard bodies.contains(where: { $0.name == whole && $0.breaksAt != nil }) else {
        throw refuse(body, "there is no body '\(whole)' that breaks", "name one")
      }
    }
  }
}

extension JointDefinition.HingeOptions {
  fileprivate func check(_ subject: String) throws(RigidWorldError) {
    func require(_ holds: Bool, _ problem: String, _ remedy: String) throws(RigidWorldError) {
      if !holds { throw .invalidDefinition(subject: subject, problem: problem, remedy: remedy) }
    }
    try require(friction >= 0 && damping >= 0, "friction or damping is negative", "give numbers ≥ 0")
    try require((0...1).contains(restitution), "restitution \(restitution) is outside 0…1", "give a number in 0…1")
    if let motor { try require(motor.limit >= 0, "the motor's limit \(motor.limit) is negative", "give a number ≥ 0") }
    if let limits {
      try require(limits.contains(0), "the joint starts at 0, outside its limits", "count limits from the start")
    }
  }
}
