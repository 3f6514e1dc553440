import WorldCore

/// Shear and twist of the cells between the threads: XPBD constraints of four nodes each, taken colour by colour.
///
/// With a, b, c, d the top-left, top-right, bottom-left and bottom-right nodes, the cell's mean threads are
/// u = (b − a + d − c)/2hᵤ and v = (a − c + b − d)/2hᵥ.
/// Shear: C = u·v, the sine of the shear angle; E = ½·G·hᵤhᵥ·C².
/// Twist: the vector C = a − b − c + d, which is hᵤhᵥ times the mixed second derivative of position; E = ½·2D·|C|²/(hᵤhᵥ).
struct CellConstraints {
  private let shearStiffness: Double
  private let twistStiffness: Double
  private let across: Double
  private let along: Double
  private let shearDamping: Double
  private let twistDamping: Double

  init(_ sheet: Sheet) {
    let material = sheet.definition.material
    let area = sheet.weftSpacing * sheet.warpSpacing
    shearStiffness = material.shear * area
    twistStiffness = 2 * material.twisting / area
    across = 0.5 / sheet.weftSpacing
    along = 0.5 / sheet.warpSpacing
    shearDamping = material.membraneDamping
    twistDamping = material.bendingDamping
  }

  func solve(_ sheet: Sheet, substep dt: Double, workers: Int) {
    guard shearStiffness > 0 || twistStiffness > 0 else { return }
    // Cells of one colour are two apart both ways, and share no node.
    for colour in 0..<4 {
      let (firstRow, firstColumn) = (colour / 2, colour % 2)
      let count = (sheet.rows - firstRow) / 2
      forEachPiece(of: count, workers: workers) { _, range in
        for index in range {
          let row = firstRow + 2 * index
          guard row < sheet.rows - 1 else { continue }
          var column = firstColumn
          while column < sheet.columns - 1 {
            solveCell(sheet, row * sheet.columns + column, dt)
            column += 2
          }
        }
      }
    }
  }

  @inline(__always) private func solveCell(_ sheet: Sheet, _ a: Int, _ dt: Double) {
    let (b, c) = (a + 1, a + sheet.columns)
    let d = c + 1
    let (x, old, w) = (sheet.position, sheet.previous, sheet.inverseMass)
    let totalInverseMass = w[a] + w[b] + w[c] + w[d]
    guard totalInverseMass > 0 else { return }

    if shearStiffness > 0 {
      // ∂C/∂d = v·across − u·along = −∂C/∂a, ∂C/∂b = v·across + u·along = −∂C/∂c.
      let (down, up) = (x[d] - x[a], x[b] - x[c])
      let u = (down + up) * across, v = (up - down) * along
      let gradientD = v * across - u * along
      let gradientB = v * across + u * along
      let weight = (w[a] + w[d]) * gradientD.lengthSquared + (w[b] + w[c]) * gradientB.lengthSquared
      let (oldDown, oldUp) = (old[d] - old[a], old[b] - old[c])
      let change = gradientD.dot(down - oldDown) + gradientB.dot(up - oldUp)
      // Δλ of Macklin et al. 2016, eq. 26, multiplied out so that a vanishing stiffness divides by nothing.
      let seen = shearStiffness * (dt * dt + shearDamping * dt)
      let lambda = -shearStiffness * (dt * dt * u.dot(v) + shearDamping * dt * change) / (1 + seen * weight)
      sheet.push(a, gradientD * -lambda)
      sheet.push(d, gradientD * lambda)
      sheet.push(b, gradientB * lambda)
      sheet.push(c, gradientB * -lambda)
    }

    if twistStiffness > 0 {
      let twist = x[a] - x[b] - x[c] + x[d]
      let oldTwist = old[a] - old[b] - old[c] + old[d]
      let seen = twistStiffness * (dt * dt + twistDamping * dt)
      var lambda = twist * (dt * dt) + (twist - oldTwist) * (twistDamping * dt)
      lambda *= -twistStiffness / (1 + seen * totalInverseMass)
      sheet.push(a, lambda)
      sheet.push(b, -lambda)
      sheet.push(c, -lambda)
      sheet.push(d, lambda)
    }
  }

  /// J stored in shear and in twist.
  func energy(_ sheet: Sheet) -> (shear: Double, twist: Double) {
    var (shear, twist) = (0.0, 0.0)
    let x = sheet.position
    for row in 0..<sheet.rows - 1 {
      for column in 0..<sheet.columns - 1 {
        let a = row * sheet.columns + column
        let (b, c) = (a + 1, a + sheet.columns)
        let d = c + 1
        let (down, up) = (x[d] - x[a], x[b] - x[c])
        let sine = ((down + up) * across).dot((up - down) * along)
        shear += 0.5 * shearStiffness * sine * sine
        twist += 0.5 * twistStiffness * (x[a] - x[b] - x[c] + x[d]).lengthSquared
      }
    }
    return (shear, twist)
  }
}
