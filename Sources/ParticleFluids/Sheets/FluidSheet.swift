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

  /// Δp/(½ρv²) of a sheet that lets a share s of a stream U pass while it bears a drag of c (1 − s) ½ρU²: c (1 − s)/s².
  public static func resistance(passing share: Double, drag: Double) -> Double {
    share > 0 ? drag * (1 - share) / (share * share) : .infinity
  }
}

/// The liquid next to a node of a sheet, which goes where the node goes.
public struct SheetLiquid: Sendable, Equatable {
  /// kg; 0 where there is none, infinite where it streams round the node and stays as it is.
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
