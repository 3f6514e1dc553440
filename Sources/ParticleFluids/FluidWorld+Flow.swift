import WorldCore

/// Particles that come and go.
extension FluidWorld {
  /// What has come through the inlets until now.
  func letIn() throws(FluidError) {
    for fluid in fluids.indices {
      for inlet in fluids[fluid].inlets.indices {
        for particle in fluids[fluid].inlets[inlet].particles(until: time) {
          guard fluids[fluid].issued < FluidFill.limit else {
            throw .tooMany(fluid: fluids[fluid].name, particles: fluids[fluid].issued + 1, limit: FluidFill.limit)
          }
          store.append(
            ParticleNumber(fluid: fluid, index: fluids[fluid].issued), at: particle.place, velocity: particle.velocity)
          fluids[fluid].issued += 1
          fluids[fluid].present += 1
        }
      }
    }
    makeRoomForBlocks()
  }

  /// What is in the outlets goes.
  func letOut() {
    for fluid in fluids.indices {
      for (outlet, field) in fluids[fluid].outlets where outlet.from <= time && time < outlet.to {
        let regionFromWorld = outlet.worldFromRegion.inverse
        let before = store.count
        store.remove { i in
          store.number[i].fluid == fluid
            && field.sample(at: regionFromWorld.point(Vector3(store.position[i].vector))).distance < 0
        }
        fluids[fluid].present -= before - store.count
      }
    }
    makeRoomForBlocks()
  }
}
