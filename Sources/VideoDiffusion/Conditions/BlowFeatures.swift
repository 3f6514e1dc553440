import Foundation
import Tensors

/// What strikes when, on the clock of the sound's own tokens: what a plain view is to pictures. A network that finds contacts by
/// attention alone learns their hundredths of a second slowly.
///
/// Times are those of arrival: the contact's, and the way of the sound to the camera.
package enum BlowFeatures {
  /// Parts of a token, 2.6 ms, with the blows that arrive in each; quarters, with what still rings at their ends by each of the
  /// times; and what rings at the token's end, by material.
  package static let width = parts + quarters * rings.count + materials
  private static let parts = 16
  private static let quarters = 4
  private static let materials = 13
  /// Seconds in which a ring falls to 1/e.
  private static let rings = [0.02, 0.08, 0.3]
  private static let materialRing = 0.1
  /// m/s
  private static let speedOfSound = 343.0

  /// Of sound tokens [1, tokens.count, width].
  static func rows(_ motion: MotionRecord, tokens: Range<Int>, framesPerSecond: Double) -> Tensor {
    let token = 1 / SoundTokens.perSecond
    let blows = blows(motion, framesPerSecond: framesPerSecond).filter {
      $0.time < Double(tokens.upperBound) * token && $0.time > Double(tokens.lowerBound) * token - 3 * rings.last!
    }
    var rows = [Float](repeating: 0, count: tokens.count * width)
    for (index, number) in tokens.enumerated() {
      let (start, place) = (Double(number) * token, index * width)
      for blow in blows where blow.time < start + token {
        if blow.time >= start {
          rows[place + min(Int((blow.time - start) / token * Double(parts)), parts - 1)] += Float(blow.level)
        }
        for quarter in 0..<quarters {
          let since = start + Double(quarter + 1) / Double(quarters) * token - blow.time
          guard since >= 0 else { continue }
          for (k, ring) in rings.enumerated() {
            rows[place + parts + quarter * rings.count + k] += Float(blow.level * exp(-since / ring))
          }
        }
        for material in blow.materials where (0..<materials).contains(material) {
          let left = blow.level * exp(-(start + token - blow.time) / materialRing)
          rows[place + width - materials + material] += Float(left)
        }
      }
    }
    return Tensor(rows.map { BodyFeatures.bounded($0) }, shape: [1, tokens.count, width])
  }

  /// When each contact is heard, how hard it is on the scale of `ContactFeatures`, and of what.
  private static func blows(_ motion: MotionRecord, framesPerSecond: Double) -> [(
    time: Double, level: Double, materials: [Int]
  )] {
    typealias Contact = MotionRecord.Contact
    return stride(from: 0, to: motion.contacts.count, by: MotionRecord.contactWidth).map { start in
      let contact = Array(motion.contacts[start..<start + MotionRecord.contactWidth])
      let time = Double(contact[Contact.time])
      let frame = max(0, min(Int((time * framesPerSecond).rounded()), motion.frameCount - 1))
      let camera = motion.camera[frame * MotionRecord.cameraWidth..<frame * MotionRecord.cameraWidth + 3].map(Double.init)
      let arm = (0..<3).map { Double(contact[Contact.point + $0]) - camera[$0] }
      let distance = arm.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return (
        time + distance / speedOfSound, log1p(Double(max(0, contact[Contact.impulse])) / 1e-3) / 8,
        [contact[Contact.first], contact[Contact.second]].map {
          Int(motion.property(MotionRecord.Property.sound, of: Int($0)))
        }
      )
    }
  }
}
