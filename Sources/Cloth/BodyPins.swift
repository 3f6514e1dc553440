import WorldCore

extension Sheet {
  /// Finds each pin's holder among this step's bodies and settles which nodes move only with it.
  func findHolders(_ bodies: [BodyProxy], _ anchored: inout Bool) throws(ClothError) {
    for index in attachments.indices {
      guard case .body(let id) = attachments[index].holder else { continue }
      guard let body = bodies.firstIndex(where: { $0.collider.id == id }) else {
        throw .noSuchBody(cloth: definition.name, body: id)
      }
      let node = attachments[index].node
      // The first step turns the node's place in the world into one on the body.
      if !anchored { attachments[index].anchor = bodies[body].shapePoint(attachments[index].anchor) }
      attachments[index].body = body
      attachments[index].isTwoWay = bodies[body].inverseMass > 0
      let inverse = attachments[index].isTwoWay ? 1 / mass[node] : 0
      if inverseMass[node] != inverse {
        inverseMass[node] = inverse
        yarns.prepare(self)
      }
    }
    anchored = true
  }

  /// Where the nodes that have no freedom go in this substep.
  func moveHeldNodes(_ bodies: [BodyProxy]) {
    for attachment in attachments where !attachment.isTwoWay {
      position[attachment.node] =
        attachment.body.map { bodies[$0].worldFromShape.point(attachment.anchor) } ?? attachment.anchor
    }
  }

  /// Ties nodes to points of bodies that answer: a ball joint between a point mass and a rigid body.
  func solveBodyPins(_ bodies: inout [BodyProxy], substep dt: Double) {
    for index in attachments.indices where attachments[index].isTwoWay {
      let node = attachments[index].node, body = attachments[index].body!
      let point = bodies[body].worldFromShape.point(attachments[index].anchor)
      // K p = −C with K the response of both to an impulse at the joint.
      func response(_ e: Vector3) -> Vector3 { e * inverseMass[node] + bodies[body].response(at: point, to: e) }
      let (kx, ky, kz) = (response(.unitX), response(.unitY), response(.unitZ))
      let gap = point - position[node]
      let determinant = kx.dot(ky.cross(kz))
      let p = (ky.cross(kz) * gap.x + kz.cross(kx) * gap.y + kx.cross(ky) * gap.z) / determinant
      push(node, p)
      bodies[body].take(p * (-1 / dt), at: point, ledgerPoint: previous[node], moving: dt)
      attachments[index].impulse += p / dt
    }
  }

  /// What the pins of nodes without freedom gave during the substep: the change of momentum that nothing else explains.
  ///
  /// - Parameter share: of what air and liquids have given the nodes and no pin has answered yet, that of this substep.
  func settleHeldNodes(
    _ bodies: inout [BodyProxy], gravity: Vector3, substep dt: Double, share: Double, _ ledger: inout StepLedger
  ) {
    for index in attachments.indices where !attachments[index].isTwoWay {
      let node = attachments[index].node
      let newVelocity = (position[node] - previous[node]) / dt
      let change = (newVelocity - velocity[node] - gravity * dt) * mass[node]
      let impulse = change - reaction[node] / dt - blown[node] * share
      blown[node] *= 1 - share
      velocity[node] = newVelocity
      reaction[node] = .zero
      attachments[index].impulse += impulse
      if let body = attachments[index].body {
        bodies[body].take(-impulse, at: previous[node], ledgerPoint: previous[node], moving: nil)
      } else {
        ledger.pinImpulse += impulse
        ledger.pinAngularImpulse += previous[node].cross(impulse)
      }
    }
  }

  /// Lets go of every pin that bore more than its strength, and forgets what the others bore.
  func tear(at time: Double, substep dt: Double, _ tears: inout [ClothStepReport.Tear]) {
    var torn = false
    for index in attachments.indices.reversed() {
      let attachment = attachments[index]
      attachments[index].impulse = .zero
      let force = attachment.impulse.length / dt
      guard let strength = attachment.strength, force > strength else { continue }
      tears.append(
        ClothStepReport.Tear(
          cloth: definition.name, row: attachment.node / columns, column: attachment.node % columns, time: time, force: force))
      inverseMass[attachment.node] = 1 / mass[attachment.node]
      holder[attachment.node] = nil
      attachments.remove(at: index)
      torn = true
    }
    if torn { yarns.prepare(self) }
  }
}

/// Sums over the substeps of one step.
struct StepLedger {
  var pinImpulse = Vector3.zero
  var pinAngularImpulse = Vector3.zero
  var airImpulse = Vector3.zero
  var airAngularImpulse = Vector3.zero
}
