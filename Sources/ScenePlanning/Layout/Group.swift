import Foundation

/// How several of a thing stand together: bodies relative to the middle of their foot.
struct Group {
  struct Member {
    var place: SIMD3<Double>
    var rows: (count: SIMD3<Int>, step: SIMD3<Double>)?
    var rack: (rows: Int, spacing: Double)?
    var turn: (axis: SIMD3<Double>, degrees: Double)?
  }

  var members: [Member] = []
  var half: SIMD3<Double>
  /// Bodies in all.
  var count: Int {
    members.reduce(0) {
      $0 + ($1.rows.map { $0.count.x * $0.count.y * $0.count.z } ?? $1.rack.map { $0.rows * ($0.rows + 1) / 2 } ?? 1)
    }
  }

  init(_ thing: Thing, _ form: Form) {
    let r = SIMD3(form.half.x, form.half.y, form.half.z)
    let n = thing.kind == .tower ? max(thing.count, 6) : thing.kind == .pyramid ? max(thing.count, 10) : thing.count
    half = r
    func row(_ count: Int, _ step: SIMD3<Double>, z: Double) -> Member {
      Member(
        place: SIMD3(-step.x * Double(count - 1) / 2, -step.y * Double(count - 1) / 2, z),
        rows: count > 1 ? (SIMD3(step.x > 0 ? count : 1, step.y > 0 ? count : 1, 1), step) : nil)
    }
    switch (thing.kind, thing.arrangement) {
    case (.tower, _), (_, .stack):
      members = [Member(place: SIMD3(0, 0, r.z), rows: n > 1 ? (SIMD3(1, 1, n), SIMD3(0, 0, 2 * r.z)) : nil)]
      half.z = r.z * Double(n)
    case (.pyramid, _), (_, .pyramid):
      let base = Self.base(of: n)
      let step = 2.08 * r.x
      for level in 0..<base {
        members.append(row(base - level, SIMD3(step, 0, 0), z: r.z * Double(2 * level + 1)))
      }
      (half.x, half.z) = (r.x + step * Double(base - 1) / 2, r.z * Double(base))
    case (.brickWall, _), (_, .wall):
      // Bricks lie across what comes; every other course is half a brick aside.
      let columns = 4
      let courses = thing.kind == .brickWall || n < columns ? 6 : max(1, n / columns)
      for course in 0..<courses {
        var member = row(columns, SIMD3(0, 2.02 * r.x, 0), z: r.z * Double(2 * course + 1))
        member.place.y += course % 2 == 0 ? 0 : r.x
        member.turn = (SIMD3(0, 0, 1), 90)
        members.append(member)
      }
      half = SIMD3(r.y, r.x * Double(columns), r.z * Double(courses))
    case (.domino, _) where n > 1:
      let step = 1.3 * r.z
      members = [row(n, SIMD3(step, 0, 0), z: r.z)]
      half.x += step * Double(n - 1) / 2
    case (.pin, _) where [3, 6, 10].contains(n):
      let rows = Self.base(of: n)
      let spacing = 1.6 * r.z
      let depth = spacing * 0.866 * Double(rows - 1)
      members = [Member(place: SIMD3(-depth / 2, 0, r.z), rack: (rows, spacing))]
      half = SIMD3(r.x + depth / 2, r.y + spacing * Double(rows - 1) / 2, r.z)
    case (_, _) where n > 1:
      let step = 2.6 * r.x
      members = [row(n, SIMD3(step, 0, 0), z: r.z)]
      half.x += step * Double(n - 1) / 2
    default: members = [Member(place: SIMD3(0, 0, r.z))]
    }
    // A log lies.
    if thing.kind == .log {
      for k in members.indices { members[k].turn = (SIMD3(1, 0, 0), 90); members[k].place.z += r.x - r.z }
      (half.y, half.z) = (r.z, r.x)
    }
  }

  /// So many in a row along x; more than six as rows, and rows as layers, as far as the number can be divided.
  static func block(of count: Int) -> SIMD3<Int> {
    guard count > 6 else { return SIMD3(count, 1, 1) }
    func divisor(_ n: Int, upTo most: Double) -> Int { (1...max(1, Int(most + 1e-9))).last { n % $0 == 0 }! }
    let layers = divisor(count, upTo: cbrt(Double(count)))
    let rows = divisor(count / layers, upTo: Double(count / layers).squareRoot())
    return SIMD3(count / layers / rows, rows, layers)
  }

  /// Rows of the triangle that has so many at least.
  private static func base(of count: Int) -> Int { (1...).first { $0 * ($0 + 1) / 2 >= count }! }
}
