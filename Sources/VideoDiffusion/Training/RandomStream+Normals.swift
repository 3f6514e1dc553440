import Foundation
import WorldCore

extension RandomStream {
  /// Independent draws from the standard normal distribution, in single precision.
  mutating func normals(_ count: Int) -> [Float] {
    // Box and Muller's transform gives two at a time.
    var values: [Float] = []
    values.reserveCapacity(count + 1)
    while values.count < count {
      let radius = Float((-2 * log(1 - uniform())).squareRoot())
      let angle = Float(2 * Double.pi * uniform())
      values.append(radius * cos(angle))
      values.append(radius * sin(angle))
    }
    if values.count > count { values.removeLast() }
    return values
  }
}
