import Foundation
import WorldCore

/// Finds fluids that start inside bodies, bodies that the particles are too coarse for, and bodies that would let fluid
/// through.
struct FluidCheck {
  struct Finding {
    var fluid: String
    var problem: Problem
  }

  enum Problem {
    /// The fill reaches so far, m, into a body that doesn't give way.
    case overlap(body: String, depth: Double)
    /// The fill reaches so far, m, into another fluid's.
    case shared(with: String, depth: Double)
    /// A floating body's draft, m, is of one particle or so.
    case coarse(body: String, draft: Double, spacing: Double)
    /// m
    case thin(body: String, thickness: Double)
    /// A mesh with holes, through which fluid passes.
    case open(body: String)
    /// A mesh whose walls are thinner, m, than the grid of distances that fluids meet it by can tell.
    case porous(body: String, limit: Double)
    /// A body that sinks in a surface whose bottom, m, is no body.
    case bottomless(body: String, bottom: Double)
    /// Another than the first fluid's, m.
    case spacing(Double)
  }

  /// Particles in a draft.
  private static let leastDraft = 1.5

  /// A dynamic body displaces the fluid that it starts in; a fixed one is meant to hold it.
  static func findings(in scene: Scene) -> [Finding] {
    var findings = scene.fluids.filter { $0.kind == .surface }.flatMap { bottomless($0, in: scene) }
    for (index, fluid) in scene.fluids.enumerated() {
      for other in scene.fluids[..<index] {
        if let region = other.region, let depth = depth(of: fluid, in: region, placed: other.worldFromRegion) {
          findings.append(Finding(fluid: fluid.name, problem: .shared(with: other.name, depth: depth)))
        }
      }
    }
    let fluids = scene.fluids.filter { $0.kind == .particles }
    for fluid in fluids {
      if let first = fluids.first, fluid.spacing != first.spacing {
        findings.append(Finding(fluid: fluid.name, problem: .spacing(first.spacing)))
      }
      for body in scene.bodies where body.pieceOf == nil {
        if let problem = leak(of: body, for: fluid) { findings.append(Finding(fluid: fluid.name, problem: problem)) }
        if body.motion != .dynamic {
          if fluid.isEnclosed { continue }
          if let depth = depth(of: fluid, in: body.shape, placed: body.worldFromShape) {
            findings.append(Finding(fluid: fluid.name, problem: .overlap(body: body.name, depth: depth)))
          }
        } else if let problem = coarseness(of: fluid, for: body) {
          findings.append(Finding(fluid: fluid.name, problem: problem))
        }
      }
    }
    return findings
  }

  /// A surface has no floor of its own: what sinks needs a body to come to rest on.
  private static func bottomless(_ fluid: Fluid, in scene: Scene) -> [Finding] {
    guard let fill = fluid.region?.bounds(placed: fluid.worldFromRegion) else { return [] }
    /// How deep a body over the basin reaches, m; nil for one beside it.
    func depth(of body: Body) -> Double? {
      guard let bounds = body.shape.bounds(placed: body.worldFromShape) else { return nil }
      let isOver =
        bounds.upper.x > fill.lower.x && bounds.lower.x < fill.upper.x && bounds.upper.y > fill.lower.y
        && bounds.lower.y < fill.upper.y
      return isOver ? fill.upper.z - bounds.lower.z : nil
    }
    let hasFloor = scene.bodies.contains { body in
      guard body.motion == .fixed else { return false }
      if case .plane = body.shape { return true }
      return depth(of: body).map { $0 > 0 } ?? false
    }
    guard !hasFloor else { return [] }
    return scene.bodies.filter { $0.motion == .dynamic && $0.pieceOf == nil }.compactMap { body in
      guard depth(of: body) != nil, let mass = body.massProperties?.mass,
        let volume = body.shape.uniform.massProperties(density: 1)?.mass, mass > fluid.liquid.density * volume
      else { return nil }
      return Finding(fluid: fluid.name, problem: .bottomless(body: body.name, bottom: fill.lower.z))
    }
  }

  /// Fluids know a mesh by its distances at the nodes of a grid of half spacings: a wall must be thick enough to hold one.
  private static func leak(of body: Body, for fluid: Fluid) -> Problem? {
    guard case .mesh(let mesh) = body.shape else { return nil }
    guard mesh.isClosed else { return .open(body: body.name) }
    let field = SignedDistanceField(body.shape)
    let (limit, step) = (fluid.spacing / 2, max(mesh.triangles.count / Self.sampledTriangles, 1))
    let samples = stride(from: 0, to: mesh.triangles.count, by: step).map { $0 }
    let thin = samples.count { index in
      let (a, b, c) = mesh.corners(index)
      let normal = (b - a).cross(c - a)
      guard normal.length > 0 else { return false }
      // Halfway through the thinnest wall that holds, the nearest surface is the one just left.
      let inside = (a + b + c) / 3 - normal.normalized * (limit / 2)
      return field.sample(at: inside).distance > -limit / 4
    }
    return Double(thin) > Self.edgeShare * Double(samples.count) ? .porous(body: body.name, limit: limit) : nil
  }

  /// Of a mesh, for its thickness; and the share of them that may lie at an edge, where any wall is thin.
  private static let sampledTriangles = 400
  private static let edgeShare = 0.05

  /// How far the region reaches into a shape, m; nil where no particle would stand in it.
  private static func depth(of fluid: Fluid, in other: Shape, placed worldFromShape: RigidTransform) -> Double? {
    guard let region = fluid.region else { return nil }
    // The outermost particles stand half a spacing inside the region.
    let margin = fluid.spacing / 2
    return Penetration(of: region, placed: fluid.worldFromRegion, into: other, placed: worldFromShape).depth(inside: margin)
      .map { $0 + margin }
  }

  /// Of a body that starts in the fluid or over it.
  private static func coarseness(of fluid: Fluid, for body: Body) -> Problem? {
    guard let fill = fluid.region?.bounds(placed: fluid.worldFromRegion),
      let placed = body.shape.bounds(placed: body.worldFromShape),
      placed.upper.x > fill.lower.x, placed.lower.x < fill.upper.x, placed.upper.y > fill.lower.y,
      placed.lower.y < fill.upper.y,
      placed.upper.z > fill.lower.z
    else { return nil }
    guard let bounds = body.shape.bounds(placed: .identity), let properties = body.massProperties,
      let volume = body.shape.uniform.massProperties(density: 1)?.mass
    else { return nil }
    let thickness = (bounds.upper - bounds.lower).min()
    if thickness < fluid.spacing / 2 { return .thin(body: body.name, thickness: thickness) }
    // Its height as it stands at the start; how it will lie only the simulation tells.
    let share = properties.mass / volume / fluid.liquid.density
    let draft = share * (placed.upper.z - placed.lower.z)
    return share < 1 && draft < Self.leastDraft * fluid.spacing
      ? .coarse(body: body.name, draft: draft, spacing: fluid.spacing) : nil
  }
}

extension Shape {
  /// The same with one density all through: its mass at density 1 is its volume.
  fileprivate var uniform: Shape {
    guard case .compound(let parts) = self else { return self }
    return .compound(parts.map { Part(shape: $0.shape.uniform, compoundFromPart: $0.compoundFromPart) })
  }
}
