public import WorldCore

/// A thin sheet that bends as the fluids meet it: a cloth, a foil.
public struct FluidSheet: Sendable {
  /// Three nodes each.
  public var triangles: [SIMD3<Int32>]
  /// Of the nodes, world frame, m.
  public var positions: [Vector3]
  /// m/s
  public var velocities: [Vector3]
  /// What a stream loses in passing through, Δp over ½ρv²; infinite where nothing passes.
  public var resistance: Double

  public init(triangles: [SIMD3<Int32>], positions: [Vector3], velocities: [Vector3], resistance: Double = .infinity) {
    precondition(positions.count == velocities.count, "every node of a sheet has a velocity")
    self.triangles = triangles
    self.positions = positions
    self.velocities = velocities
    self.resistance = resistance
  }

  /// Δp/(½ρv²) of a woven sheet with a share of its area open: as many orifices, whose jets contract to 0.61 (Kirchhoff 1869).
  public static func resistance(openShare: Double) -> Double {
    openShare > 0 ? 1 / (openShare * openShare * 0.61 * 0.61) : .infinity
  }
}

/// The liquid next to a node of a sheet, which goes where the node goes.
public struct SheetLiquid: Sendable, Equatable {
  /// kg; 0 where there is none.
  public var mass = 0.0
  /// Mean, m/s.
  public var velocity = Vector3.zero
  /// How much of what the node could have next to it there is, 0…1.
  public var immersion = 0.0
  /// Where it is: 1 all on the side that the normal points to, −1 all on the other, 0 as much on both.
  public var side = 0.0
  /// kg/m³
  public var density = 0.0

  public init() {}
}
