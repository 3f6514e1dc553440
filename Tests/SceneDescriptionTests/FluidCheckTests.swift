import SceneDescription
import Testing

/// What is said of fluids before anything is simulated.
@Suite("Fluid checks")
struct FluidCheckTests {
  private func messages(_ text: String) -> [String] {
    Scene.validate(yaml: "mondo: 1\nname: wet\n" + text, file: "wet.yaml").map(\.message)
  }

  private let tank = "bodies:\n  tank: {shape: {tank: {size: [1, 1, 1], wall: 10 cm}}, motion: fixed}\n"

  @Test("a fill that reaches into a fixed body is an error")
  func overlap() {
    let text = tank + "fluids:\n  pool: {fill: {box: {center: [0, 0, 0.2], size: [1.1, 1, 0.4]}}, spacing: 4 cm}\n"
    #expect(messages(text) == ["'pool' reaches 50 mm into 'tank'"])
  }

  @Test("a draft of hardly a particle is warned of, and so is a thin plate")
  func coarse() {
    let fluid = "fluids:\n  pool: {fill: {box: {center: [0, 0, 0.2], size: [1, 1, 0.4]}}, spacing: 4 cm}\n"
    let chip = "  chip: {shape: {box: {size: [20 cm, 20 cm, 5 cm]}}, density: 500 kg/m^3, position: [0, 0, 0.5]}\n"
    let plate = "  plate: {shape: {box: {size: [20 cm, 20 cm, 5 mm]}}, density: 500 kg/m^3, position: [0, 0, 0.5]}\n"
    #expect(
      messages(tank + chip + fluid) == ["a draft of 'chip' is only 0.626 particles deep, so it floats too high or too low"])
    #expect(
      messages(tank + plate + fluid) == [
        "'plate' is thinner (5 mm) than half a particle: water on both sides feels through it"
      ])
  }

  @Test("a negative viscosity and a second spacing are errors")
  func liquids() {
    let fluids = """
      fluids:
        oil: {liquid: {viscosity: -1}, fill: {sphere: {center: [0, 0, 0.3], radius: 0.2}}, spacing: 4 cm}
        water: {fill: {sphere: {center: [0, 0, 0.8], radius: 0.1}}, spacing: 2 cm}
      """
    #expect(
      messages(tank + fluids) == [
        "'-1' is out of range: it must be between 0 and 1e6 Pa*s", "the fluids of a scene share one spacing, here 0.04 m",
      ])
  }
}
