import Cloth
import Foundation
import SceneDescription
import WorldCore

extension ClothDefinition {
  /// - Parameter bodies: the numbers of the bodies that pins may hold on to, by name.
  init(_ cloth: SceneDescription.Cloth, bodies: [String: Int]) {
    // The engine's sheet stands upright with its front towards −y; the scene's lies with its front up.
    let lying = RigidTransform(rotation: Quaternion(axis: .unitX, angle: -.pi / 2))
    self.init(
      name: cloth.name, size: cloth.size, spacing: cloth.spacing, material: ClothMaterial(cloth.fabric),
      worldFromCloth: cloth.worldFromCloth * lying, velocity: cloth.velocity)
    pins = cloth.pins.flatMap { pin in
      let holder = pin.body.flatMap { bodies[$0] }.map(ClothPin.Holder.body) ?? .world
      return places(of: pin).map { ClothPin($0, to: holder, strength: pin.strength) }
    }
  }

  private func places(of pin: SceneDescription.Cloth.Pin) -> [ClothPin.Place] {
    switch pin.place {
    case .point(let point): return [.point(point)]
    case .part(let part):
      guard pin.isClamped else { return [.name(part.rawValue)] }
      let (allRows, allColumns) = (Array(0..<rows), Array(0..<columns))
      let (heldRows, heldColumns): ([Int], [Int]) =
        switch part {
        case .top: ([0, 1], allColumns)
        case .bottom: ([rows - 2, rows - 1], allColumns)
        case .left: (allRows, [0, 1])
        default: (allRows, [columns - 2, columns - 1])
        }
      return heldRows.flatMap { row in heldColumns.map { .node(row: row, column: $0) } }
    }
  }
}

extension ClothMaterial {
  init(_ fabric: Fabric) {
    self.init(
      name: fabric.name, arealDensity: fabric.arealDensity, warpStretch: fabric.stretchStiffness.y,
      weftStretch: fabric.stretchStiffness.x, shear: fabric.shearStiffness, warpBending: fabric.bendStiffness.y,
      weftBending: fabric.bendStiffness.x, thickness: fabric.thickness, friction: fabric.friction,
      membraneDamping: fabric.membraneDamping, bendingDamping: fabric.bendingDamping, normalDrag: fabric.dragCoefficient,
      porosity: fabric.porosity, solidDensity: fabric.solidDensity)
  }
}
