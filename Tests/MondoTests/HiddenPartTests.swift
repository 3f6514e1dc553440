import Foundation
import Mondo
import Testing

/// What the simulated tracker sees of bodies that are in or behind solids, beside the renderer's own pixels.
@Suite("Hidden parts") struct HiddenPartTests {
  static let size = (width: 384, height: 216)

  /// A body over a floor, some of them beside a wall that hides a part, held in one place.
  private static func scene(_ shape: String, position: String, rotation: String, wall: String = "") -> String {
    """
    mondo: 1
    name: sunk
    duration: 0.2 s
    gravity: [0, 0, 0]
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: {like: oak}}
      thing: {shape: \(shape), mass: 1 kg, material: {like: rubber, color: red}, position: \(position), rotation: \(rotation), velocity: [0.4, 0, 0.1]}
      \(wall)
    camera: {position: [0.4, -3, 0.9], look_at: [0, 0, 0.15], fov: 20 deg}
    picture: {size: \(size.width)x\(size.height), fps: 30}
    """
  }

  /// Pixels and centroid of an instance, whose pixels' middles lie half a pixel further.
  private static func pixels(of number: UInt16, in picture: Image<UInt16>) -> (area: Double, center: SIMD2<Double>) {
    var (count, sum) = (0.0, SIMD2<Double>.zero)
    for (k, value) in picture.pixels.enumerated() where value == number {
      count += 1
      sum += SIMD2(Double(k % picture.width) + 0.5, Double(k / picture.width) + 0.5)
    }
    return (count, sum / max(count, 1))
  }

  @Test(
    "areas and middles are the renderer's, whatever is hidden",
    arguments: [
      ("{sphere: {radius: 15 cm}}", 0.15, ""), ("{sphere: {radius: 15 cm}}", 0.05, ""),
      ("{sphere: {radius: 15 cm}}", -0.05, ""),
      ("{box: {size: [24 cm, 18 cm, 20 cm]}}", 0.4, ""), ("{box: {size: [24 cm, 18 cm, 20 cm]}}", 0.06, ""),
      ("{box: {size: [42 cm, 5 cm, 6 cm]}}", 0.02, ""),
      (
        "{sphere: {radius: 15 cm}}", 0.3,
        "wall: {shape: {box: {size: [20 cm, 2 cm, 1]}}, motion: fixed, material: {like: oak}, position: [0.18, -0.6, 0.5]}"
      ),
    ])
  func renderer(shape: String, height: Double, wall: String) throws {
    // Laid down in its place afterwards: nothing holds it there, and the solver would push it out.
    let text = Self.scene(shape, position: "[0, 0, 2]", rotation: "{axis: [0.2, 1, 0], angle: 25 deg}", wall: wall)
    let scene = try Scene(yaml: text)
    var trajectory = try Simulation(of: scene).run()
    let index = try #require(trajectory.bodies.firstIndex { $0.name == "thing" })
    for k in trajectory.times.indices {
      trajectory.bodies[index].states[k].position = Vector3(0.4 * trajectory.times[k] - 0.04, 0, height)
    }
    var stage = scene.stage
    stage.gravity = .zero
    let world = ValidWorld(trajectory: trajectory, stage: stage)
    let look = FilmingCondition(name: "clean", height: Self.size.height, framesPerSecond: 30, noise: 1e-6)
    var noise = RandomStream(seed: 1, "noise")
    let seen = SimulatedTracker(look).watch(BrokenWorld(valid: world), stream: &noise)
    let track = try #require(seen.tracks.first)

    let renderer = try Renderer(stage: scene.stage, options: RenderOptions(passes: [.segmentation]))
    let number = UInt16(try #require(scene.stage.items.firstIndex { $0.name == "thing" }) + 1)
    for s in track.sightings {
      let picture = try #require(try renderer.frame(at: s.frame, of: trajectory).segmentation)
      let (area, center) = Self.pixels(of: number, in: picture)
      // The edge's pixels and the points that are asked, 240 of them: one in their square root.
      #expect(abs(s.area / area - 1) < 0.065, "\(s.area) of \(area)")
      #expect(((s.position - center) * (s.position - center)).sum().squareRoot() < 0.8, "\(s.position), \(center)")
    }
  }
}
