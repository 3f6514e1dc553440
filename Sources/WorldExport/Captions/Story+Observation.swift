import Foundation
import SceneDescription
import WorldCore

/// Reads the story off the trajectory and the stage.
extension Story {
  init(_ world: SampleWorld) {
    let stage = world.stage
    style = stage.shots[0].style
    sky = stage.light.sky
    shotCount = stage.shots.count
    duration = world.trajectory.scene.duration
    let observer = Observer(world)
    let groups = observer.groups
    cloths = observer.clothDeeds
    liquids = observer.liquids(of: groups)
    actors = groups
    guard let leading = lead else { return }
    start = observer.start(of: leading)
    bath = observer.immersions[leading.members[0]]?.liquid
    // What is let go in the air or moves already doesn't wait.
    let waits =
      [.turns, .swings, .rolls, .slides, .tilts].contains(start)
      && world.trajectory.bodies[leading.members[0]].states[0].velocity.length < Perception.leastSpeed
    delay = waits ? observer.delay(of: leading) : 0
    heading = Observer.hasHeading(start) ? observer.heading(of: leading) : nil
    if [.arcs, .flies, .rolls, .slides, .drifts].contains(start), leading.count == 1 {
      speed = world.trajectory.bodies[leading.members[0]].states[0].velocity.length
    }
    support = start == .rolls || start == .slides ? observer.supports(of: actors).first { actors[$0].isFixed } : nil
    beats = observer.beats(actors)
    outcomes = observer.outcomes(actors, after: beats)
    ending = observer.ending(of: leading, start: start, after: beats)
  }
}
