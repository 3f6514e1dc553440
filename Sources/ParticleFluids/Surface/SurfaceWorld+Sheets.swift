import WorldCore

/// Thin sheets in water that is a surface.
///
/// The water streams round them: their own engine gives them its drag and lift, and what it takes of the water's momentum goes to
/// the basin, as what bodies take does.
///
/// Limits: a sheet makes no waves, and water beside it gains no speed by it.
extension SurfaceWorld {
  /// What each node of each sheet is in.
  public func liquid(at sheets: [FluidSheet]) -> [[SheetLiquid]] { sheets.map(liquid) }

  private func liquid(at sheet: FluidSheet) -> [SheetLiquid] {
    var liquids = sheet.positions.map { _ in SheetLiquid() }
    let (top, bottom) = (definition.center.z, definition.center.z - definition.depth)
    let places = sheet.positions.filter { $0.isFinite && grid.contains($0) && $0.z > bottom }
    guard !places.isEmpty else { return liquids }

    // The water round it: its surface, and its rise at the depth of those nodes that are under the level.
    let middle = places.reduce(Vector3.zero, +) / Double(places.count)
    let patch = grid.patch(round: middle, places.reduce(0) { max($0, ($1 - middle).length) })
    let deep = places.map { top - $0.z }.filter { $0 > 0 }
    let depth = deep.isEmpty ? 0 : deep.reduce(0, +) / Double(deep.count)
    let (heights, rises) = (waves.heights(patch), waves.rises(patch, at: depth))

    let areas = SheetExchange.areas(sheet)
    for (node, p) in sheet.positions.enumerated() where p.isFinite && grid.contains(p) && p.z > bottom {
      // A node stands for a patch of the sheet, which gets wet bit by bit.
      let side = areas[node].squareRoot()
      let under = top + grid.sample(heights, patch, p) - p.z
      liquids[node].immersion = side > 0 ? min(max(0.5 + under / side, 0), 1) : 0
      guard liquids[node].immersion > 0 else { continue }
      liquids[node].mass = .infinity
      liquids[node].velocity = Vector3(0, 0, grid.sample(rises, patch, p))
      liquids[node].density = definition.liquid.density
    }
    return liquids
  }
}
