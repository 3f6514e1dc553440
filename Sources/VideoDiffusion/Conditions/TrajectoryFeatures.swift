import Foundation
package import Tensors

/// A number out of so many as a row with one 1.
private func choice(_ value: Float, of count: Int) -> [Float] {
  (0..<count).map { Int(value) == $0 ? 1 : 0 }
}

/// A clip's moving bodies as the network is told of them: over a stretch of time each is one row, where it is and how fast at the
/// middle of each video token, and what it is.
package struct BodyFeatures: Sendable {
  /// Video tokens along time that a row tells of; those that a shorter stretch lacks repeat its last.
  static let times = 4
  static let (momentWidth, propertyWidth) = (16, 1 + 3 + 10 + 2 + 13 + 3)
  package static let width = times * momentWidth + propertyWidth
  /// More bodies than this are left out, the lightest first.
  static let largestCount = 12

  let count: Int
  /// At the middle of each video token [times, count, 16]: place, orientation, velocity, spin, and where it is seen.
  let moments: [Float]
  /// Where it is seen then, across and down [times, count, 2], in tenths of a token.
  let places: [Float]
  /// [count, 32]
  let properties: [Float]

  init(count: Int, moments: [Float], places: [Float], properties: [Float]) {
    (self.count, self.moments, self.places, self.properties) = (count, moments, places, properties)
  }

  /// - Parameters:
  ///   - timeCount: the clip's video tokens along time.
  ///   - pictureWidth, height: in pixels.
  /// - Returns: nil where nothing moves.
  init?(_ motion: MotionRecord, timeCount: Int, width pictureWidth: Int, height: Int) {
    typealias Property = MotionRecord.Property
    let moving = (0..<motion.bodyCount).filter { motion.property(Property.motion, of: $0) != Self.fixed }
    let kept = moving.sorted { motion.property(Property.mass, of: $0) > motion.property(Property.mass, of: $1) }.prefix(
      Self.largestCount
    ).sorted()
    guard !kept.isEmpty else { return nil }
    var (moments, places, properties): ([Float], [Float], [Float]) = ([], [], [])
    for time in 0..<timeCount {
      let frame = min(time * VideoTokens.frames + VideoTokens.frames / 2, motion.frameCount - 1)
      for body in kept {
        let state = motion.state(of: body, frame: frame)
        let seen = motion.pixel(of: body, frame: frame)
        moments += state[0..<3].map { Self.bounded($0 / 5) }
        moments += state[3..<7]
        moments += state[7..<10].map { Self.bounded($0 / 5) }
        moments += state[10..<13].map { Self.bounded($0 / 20) }
        moments.append(Self.bounded(seen[0] / Float(pictureWidth)))
        moments.append(Self.bounded(seen[1] / Float(height)))
        moments.append(Self.bounded(seen[2] / 10))
        // A token is 16 pixels; what is far outside stays near.
        places += seen[0..<2].map { Self.bounded($0 / 160) }
      }
    }
    for body in kept {
      properties.append(log10(max(motion.property(Property.mass, of: body), 1e-4)) / 2)
      properties += (0..<3).map { Self.bounded(motion.property(Property.halfExtents + $0, of: body)) }
      properties += choice(motion.property(Property.shape, of: body), of: 10)
      properties += [
        motion.property(Property.restitution, of: body), Self.bounded(motion.property(Property.friction, of: body)),
      ]
      properties += choice(motion.property(Property.sound, of: body), of: 13)
      properties += (0..<3).map { motion.property(Property.color + $0, of: body) }
    }
    self.init(count: kept.count, moments: moments, places: places, properties: properties)
  }

  /// Of a stretch of video tokens.
  func rows(_ stretch: Range<Int>, framesPerSecond: Double) -> (rows: Tensor, positions: [TokenPosition]) {
    let middle = Double(stretch.lowerBound + stretch.upperBound) / 2 * Double(VideoTokens.frames) / framesPerSecond
    var (rows, positions): ([Float], [TokenPosition]) = ([], [])
    for body in 0..<count {
      var place = (x: 0.0, y: 0.0)
      for k in 0..<Self.times {
        let item = min(stretch.lowerBound + k, stretch.upperBound - 1) * count + body
        rows += moments[item * Self.momentWidth..<(item + 1) * Self.momentWidth]
        place.x += Double(places[2 * item]) * 10 / Double(Self.times)
        place.y += Double(places[2 * item + 1]) * 10 / Double(Self.times)
      }
      rows += properties[body * Self.propertyWidth..<(body + 1) * Self.propertyWidth]
      positions.append(TokenPosition(time: middle * TokenPosition.unitsPerSecond, row: place.y, column: place.x))
    }
    return (Tensor(rows, shape: [1, count, Self.width]), positions)
  }

  /// The number of `fixed` among the motions, which a data set lists after `dynamic`.
  private static let fixed: Float = 1

  /// Within ±4: a thing that flies off shall not drown the others.
  static func bounded(_ value: Float) -> Float { value.isFinite ? max(-4, min(4, value)) : 0 }
}

/// A clip's contacts as the network is told of them, each as one row: when, how hard, of what.
package struct ContactFeatures: Sendable {
  package static let width = 1 + 2 * beats.count + 3 + 4 + 2 * (13 + 1)
  /// Where within a token of sound a contact falls, as waves that go round so often in it: ears tell a hundredth of a second, and a
  /// stretch is seventy of them.
  private static let beats = [1.0, 2, 4]
  /// More contacts of a stretch than this are left out, the weakest first.
  package static let largestCount = 24
  /// Seconds before the stretch from which contacts are told: they still ring.
  package static let memory = 0.3

  /// [count, width]; the first number of a row is for the time from the stretch's start, and zero here.
  let rows: [Float]
  /// Seconds, and newton seconds [count].
  let times, impulses: [Float]
  /// Where each is seen, down and across in tokens [count, 2]; NaN behind the camera.
  let places: [Double]

  package init(rows: [Float], times: [Float], impulses: [Float], places: [Double]) {
    (self.rows, self.times, self.impulses, self.places) = (rows, times, impulses, places)
  }

  init(_ motion: MotionRecord, width pictureWidth: Int, height: Int, framesPerSecond: Double) {
    typealias Contact = MotionRecord.Contact
    var (rows, times, impulses, places): ([Float], [Float], [Float], [Double]) = ([], [], [], [])
    for start in stride(from: 0, to: motion.contacts.count, by: MotionRecord.contactWidth) {
      let contact = Array(motion.contacts[start..<start + MotionRecord.contactWidth])
      let time = Double(contact[Contact.time])
      rows.append(0)
      for beat in Self.beats {
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
      times.append(contact[Contact.time])
      impulses.append(contact[Contact.impulse])
      let frame = max(0, min(Int((time * framesPerSecond).rounded()), motion.frameCount - 1))
      let point = contact[Contact.point..<Contact.point + 3].map { $0 }
      let seen = motion.projection(ofX: point[0], y: point[1], z: point[2], frame: frame)
      places += seen.map { [(Double(height) / 2 + $0.y) / 16, (Double(pictureWidth) / 2 + $0.x) / 16] } ?? [.nan, .nan]
    }
    self.init(rows: rows, times: times, impulses: impulses, places: places)
  }

  /// Of a stretch of frames; nil where there are none.
  package func rows(frames: Range<Int>, framesPerSecond: Double) -> (rows: Tensor, positions: [TokenPosition])? {
    let (start, end) = (Double(frames.lowerBound) / framesPerSecond, Double(frames.upperBound) / framesPerSecond)
    let near = times.indices.filter { Double(times[$0]) >= start - Self.memory && Double(times[$0]) < end }
    let strongest = near.sorted { impulses[$0] > impulses[$1] }.prefix(Self.largestCount)
    let told = strongest.sorted { times[$0] < times[$1] }
    guard !told.isEmpty else { return nil }
    var (values, positions): ([Float], [TokenPosition]) = ([], [])
    for contact in told {
      let time = Double(times[contact])
      values.append(Float(time - start))
      values += rows[contact * Self.width + 1..<(contact + 1) * Self.width]
      let (row, column) = (places[2 * contact], places[2 * contact + 1])
      positions.append(
        TokenPosition(
          time: time * TokenPosition.unitsPerSecond, row: row.isNaN ? nil : row, column: column.isNaN ? nil : column))
    }
    return (Tensor(values, shape: [1, told.count, Self.width]), positions)
  }
}
