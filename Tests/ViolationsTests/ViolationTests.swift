import Testing
import Violations
import WorldCore

@Suite("Violations") struct ViolationTests {
  static let stream = RandomStream(seed: 5, "violations")

  static func broken(_ family: any ViolationFamily, _ world: ValidWorld, _ severity: Severity) -> BrokenWorld? {
    var stream = stream
    return family.broken(world, severity: severity, stream: &stream)
  }

  @Test("there are twenty families and more, each with a name and a law of its own kind")
  func families() {
    let names = ViolationFamilies.all.map(\.name)
    #expect(names.count >= 30 && Set(names).count == names.count)
    let shown = ViolationFamilies.all.filter { family in
      SuiteWorlds.all.values.contains { Self.broken(family, $0, .gross) != nil }
    }
    // What is left needs water or cloth, or half a second between one knock and the next.
    let rest: Set = ["floats-too-high", "cork-sinks", "water-appears", "cloth-stretch", "spurious-sound"]
    #expect(Set(names).subtracting(shown.map(\.name)).isSubset(of: rest))
  }

  @Test("before its onset a broken world is its twin; after it, it isn't", arguments: SuiteWorlds.names + ["pendulum"])
  func onset(name: String) throws {
    let world = try #require(SuiteWorlds.all[name])
    for family in ViolationFamilies.all where family.evidence != .sound {
      for severity in Severity.allCases {
        guard let broken = Self.broken(family, world, severity) else { continue }
        let told = "\(family.name), \(severity)"
        #expect(broken.onset >= 0 && broken.onset < world.trajectory.scene.duration, "\(told)")
        var differs = broken.growth != nil || broken.frames != .kept
        for track in broken.trajectory.bodies {
          guard let twin = world.trajectory.body(track.name) else {
            differs = true
            continue
          }
          for (k, time) in world.trajectory.times.enumerated() {
            if track.states[k] == twin.states[k] { continue }
            // What appears in mid-flight was hidden before, and a contact is at its own time, not at that of a sample.
            if family.name != "appear" { #expect(time > broken.onset - 0.02, "\(told): \(track.name) at \(time)") }
            differs = true
            break
          }
        }
        #expect(differs, "\(told)")
      }
    }
  }

  @Test("the same stream gives the same violation")
  func determinism() throws {
    let world = try #require(SuiteWorlds.all["throw"])
    for family in ViolationFamilies.all {
      let (a, b) = (Self.broken(family, world, .clear), Self.broken(family, world, .clear))
      #expect(a?.trajectory == b?.trajectory && a?.onset == b?.onset && a?.frames == b?.frames)
    }
  }

  @Test("a frame order is one of the world's frames for each of the clip's")
  func frameOrders() {
    let orders: [BrokenWorld.FrameOrder] = [
      .kept, .reversed, .shuffled(seed: 3), .skipping(count: 4, at: 10), .holding(count: 5, at: 10),
    ]
    for order in orders { #expect(order.order(of: 30).allSatisfy { (0..<30).contains($0) }) }
    #expect(BrokenWorld.FrameOrder.shuffled(seed: 3).order(of: 30).sorted() == Array(0..<30))
    #expect(BrokenWorld.FrameOrder.skipping(count: 4, at: 10).order(of: 30).count == 26)
    #expect(BrokenWorld.FrameOrder.holding(count: 5, at: 10).order(of: 30).filter { $0 == 10 }.count == 6)
  }

  @Test("a body that grows is a row of bodies to a renderer, one at a time")
  func staging() throws {
    let world = try #require(SuiteWorlds.all["throw"])
    let family = try #require(ViolationFamilies.named("shrink"))
    let broken = try #require(Self.broken(family, world, .gross))
    let (trajectory, stage) = broken.staged(stages: 6)
    let sizes = stage.items.filter { $0.name.hasPrefix("ball#") }
    #expect(sizes.count == 7 && !stage.items.contains { $0.name == "ball" })
    for k in trajectory.times.indices {
      let present = sizes.filter { trajectory.body($0.name)!.states[k].position.z > -1000 }
      #expect(present.count == 1)
    }
  }
}
