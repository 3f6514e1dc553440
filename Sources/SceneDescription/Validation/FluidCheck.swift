import Foundation
import WorldCore

/// Finds fluids that start inside bodies, and bodies that the particles are too coarse for.
struct FluidCheck {
  struct Finding {
    var fluid: String
    var problem: Problem
  }

  enum Problem {
    /// The fill reaches so far, m, into a body that doesn't give way.
    case overlap(body: String, depth: Double)
    /// A floating body's draft, m, is of one particle or so.
    case coarse(body: String, draft: Double, spacing: Double)
    /// m
    case thin(body: String, thickness: Double)
    /// Another than the first fluid's, m.
    case spacing(Double)
  }

  /// Particles in a draft.
  private static let leastDraft = 1.5

  /// A dynamic body displaces the fluid that it starts in; a fixed one is meant to hold it.
  static func findings(in scene: Scene) -> [Finding] {
    var findings: [Finding] = []
    for fluid in scene.fluids {
      if let first = scene.fluids.first, fluid.spacing != first.spacing {
        findings.append(Finding(fluid: fluid.name, problem: .spacing(first.spacing)))
      }
      for body in scene.bodies where body.pieceOf == nil {
        if body.motion != .dynamic {
          let depth = depth(of: fluid, in: body)
          // The outermost particles stand half a spacing inside the region.
          if depth > fluid.spacing / 2 {
            findings.append(Finding(fluid: fluid.name, problem: .overlap(body: body.name, depth: depth)))
          }
        } else if let problem = coarseness(of: fluid, for: body) {
          findings.append(Finding(fluid: fluid.name, problem: problem))
        }
      }
    }
    return findings
  }

  /// How far the region reaches into a body, at 16 places along each axis.
  private static func depth(of fluid: Fluid, in body: Body) -> Double {
    guard let bounds = fluid.region.bounds(placed: .identity) else { return 0 }
    let field = SignedDistanceField(body.shape)
    let region = SignedDistanceField(fluid.region)
    let (shapeFromWorld, steps) = (body.worldFromShape.inverse, 16)
    var deepest = 0.0
    for k in 0..<steps * steps * steps {
      let share = Vector3(Double(k % steps), Double(k / steps % steps), Double(k / steps / steps)) / Double(steps - 1)
      let p = bounds.lower + (bounds.upper - bounds.lower) * share
      guard region.sample(at: p).distance <= 0 else { continue }
      deepest = max(deepest, -field.sample(at: shapeFromWorld.point(fluid.worldFromRegion.point(p))).distance)
    }
    return deepest
  }

  /// Of a body that starts in the fluid or over it.
  private static func coarseness(of fluid: Fluid, for body: Body) -> Problem? {
    guard let fill = fluid.region.bounds(placed: fluid.worldFromRegion),
      let placed = body.shape.bounds(placed: body.worldFromShape),
      placed.upper.x > fill.lower.x, placed.lower.x < fill.upper.x, placed.upper.y > fill.lower.y,
      placed.lower.y < fill.upper.y,
      placed.upper.z > fill.lower.z
    else { return nil }
    guard let bounds = body.shape.bounds(placed: .identity), let properties = body.massProperties,
      let unit = body.shape.massProperties(density: 1)
    else { return nil }
    let thickness = (bounds.upper - bounds.lower).min()
    if thickness < fluid.spacing / 2 { return .thin(body: body.name, thickness: thickness) }
    // Its height as it stands at the start; how it will lie only the simulation tells.
    let share = properties.mass / unit.mass / fluid.liquid.density
    let draft = share * (placed.upper.z - placed.lower.z)
    return share < 1 && draft < Self.leastDraft * fluid.spacing
      ? .coarse(body: body.name, draft: draft, spacing: fluid.spacing) : nil
  }
}
