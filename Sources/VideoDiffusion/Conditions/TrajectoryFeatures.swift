import Foundation
import Tensors

/// A number out of so many as a row with one 1.
private func choice(_ value: Float, of count: Int) -> [Float] {
  (0..<count).map { Int(value) == $0 ? 1 : 0 }
}

/// A moving body over a stretch of time as one row: where it is and how fast at the middle of each video token, and what it is.
package enum BodyFeatures {
  /// Video tokens along time that a row tells of; those that a shorter stretch lacks repeat its last.
  static let times = 4
  package static let width = times * 16 + 1 + 3 + 10 + 2 + 13 + 3
  /// More bodies than this are left out, the lightest first.
  static let largestCount = 12

  static func rows(
    _ motion: MotionRecord, times stretch: Range<Int>, width pictureWidth: Int, height: Int, framesPerSecond: Double
  )
    -> (rows: Tensor, positions: [TokenPosition])?
  {
    typealias Property = MotionRecord.Property
    let moving = (0..<motion.bodyCount).filter { motion.property(Property.motion, of: $0) != Self.fixed }
    let kept = moving.sorted { motion.property(Property.mass, of: $0) > motion.property(Property.mass, of: $1) }.prefix(
      largestCount
    ).sorted()
    guard !kept.isEmpty else { return nil }
    var (rows, positions): ([Float], [TokenPosition]) = ([], [])
    for body in kept {
      var place = (x: 0.0, y: 0.0)
      for k in 0..<times {
        let frame = min(min(stretch.lowerBound + k, stretch.upperBound - 1) * VideoTokens.frames + 2, motion.frameCount - 1)
        let state = motion.state(of: body, frame: frame)
        let seen = motion.pixel(of: body, frame: frame)
        rows += state[0..<3].map { bounded($0 / 5) }
        rows += state[3..<7]
        rows += state[7..<10].map { bounded($0 / 5) }
        rows += state[10..<13].map { bounded($0 / 20) }
        rows.append(bounded(seen[0] / Float(pictureWidth)))
        rows.append(bounded(seen[1] / Float(height)))
        rows.append(bounded(seen[2] / 10))
        // In tokens of 16 pixels; what is far outside stays near.
        place.x += Double(bounded(seen[0] / 160)) * 10 / Double(times)
        place.y += Double(bounded(seen[1] / 160)) * 10 / Double(times)
      }
      rows.append(log10(max(motion.property(Property.mass, of: body), 1e-4)) / 2)
      rows += (0..<3).map { bounded(motion.property(Property.halfExtents + $0, of: body)) }
      rows += choice(motion.property(Property.shape, of: body), of: 10)
      rows += [motion.property(Property.restitution, of: body), bounded(motion.property(Property.friction, of: body))]
      rows += choice(motion.property(Property.sound, of: body), of: 13)
      rows += (0..<3).map { motion.property(Property.color + $0, of: body) }
      let middle = Double(stretch.lowerBound + stretch.upperBound) / 2 * Double(VideoTokens.frames) / framesPerSecond
      positions.append(TokenPosition(time: middle * TokenPosition.unitsPerSecond, row: place.y, column: place.x))
    }
    return (Tensor(rows, shape: [1, kept.count, width]), positions)
  }

  /// The number of `fixed` among the motions, which a data set lists after `dynamic`.
  private static let fixed: Float = 1

  /// Within ±4: a thing that flies off shall not drown the others.
  static func bounded(_ value: Float) -> Float { value.isFinite ? max(-4, min(4, value)) : 0 }
}

/// A contact as one row: when, how hard, of what.
package enum ContactFeatures {
  package static let width = 1 + 2 * beats.count + 3 + 4 + 2 * (13 + 1)
  /// Where within a token of sound a contact falls, as waves that go round so often in it: ears tell a hundredth of a second, and a
  /// stretch is seventy of them.
  private static let beats = [1.0, 2, 4]
  /// More contacts than this are left out, the weakest first.
  static let largestCount = 24
  /// Seconds before the stretch from which contacts are told: they still ring.
  static let memory = 0.3

  static func rows(_ motion: MotionRecord, frames: Range<Int>, width pictureWidth: Int, height: Int, framesPerSecond: Double)
    -> (rows: Tensor, positions: [TokenPosition])?
  {
    typealias Contact = MotionRecord.Contact
    let (start, end) = (Double(frames.lowerBound) / framesPerSecond, Double(frames.upperBound) / framesPerSecond)
    let all = stride(from: 0, to: motion.contacts.count, by: MotionRecord.contactWidth).map {
      Array(motion.contacts[$0..<$0 + MotionRecord.contactWidth])
    }
    let near = all.filter { Double($0[Contact.time]) >= start - memory && Double($0[Contact.time]) < end }
    let strongest = near.sorted { $0[Contact.impulse] > $1[Contact.impulse] }.prefix(largestCount)
    let told = strongest.sorted { $0[Contact.time] < $1[Contact.time] }
    guard !told.isEmpty else { return nil }
    var (rows, positions): ([Float], [TokenPosition]) = ([], [])
    for contact in told {
      let time = Double(contact[Contact.time])
      rows.append(Float(time - start))
      for beat in beats {
        let angle = 2 * Double.pi * (time * SoundTokens.perSecond * beat).truncatingRemainder(dividingBy: 1)
        rows += [Float(sin(angle)), Float(cos(angle))]
      }
      rows += choice(contact[Contact.kind], of: 3)
      rows += [
        log1p(max(0, contact[Contact.impulse]) / 1e-3) / 8, BodyFeatures.bounded(contact[Contact.approachSpeed] / 5),
        contact[Contact.restitution], BodyFeatures.bounded(contact[Contact.friction]),
      ]
      for body in [Int(contact[Contact.first]), Int(contact[Contact.second])] {
        rows += choice(motion.property(MotionRecord.Property.sound, of: body), of: 13)
        rows.append(log10(max(motion.property(MotionRecord.Property.mass, of: body), 1e-4)) / 2)
      }
      let frame = max(0, min(Int((time * framesPerSecond).rounded()), motion.frameCount - 1))
      let point = contact[Contact.point..<Contact.point + 3].map { $0 }
      let seen = motion.projection(ofX: point[0], y: point[1], z: point[2], frame: frame)
      positions.append(
        TokenPosition(
          time: time * TokenPosition.unitsPerSecond, row: seen.map { (Double(height) / 2 + $0.y) / 16 },
          column: seen.map { (Double(pictureWidth) / 2 + $0.x) / 16 }))
    }
    return (Tensor(rows, shape: [1, told.count, width]), positions)
  }
}
