import Foundation
import MediaIO
import Rendering
import Safetensors
import SceneDescription
import TarArchives
import Testing
import WorldCore
import WorldExport

@Suite("Controls") struct ControlTests {
  /// One sample of the bouncing ball: 9 frames of 72 × 56, so that every side needs padding.
  static let sample: (world: SampleWorld, tensors: SafetensorsFile, document: Data) = {
    let folder = try! SceneFolder()
    let plan = try! DatasetPlan(scenes: [folder.bouncePath], sampleCount: 1, samplesPerPixel: 1)
    _ = try! DatasetProduction(plan).write(to: folder.path + "/out")
    let members = try! TarReader.members(of: folder.path + "/out/shard-00000.tar")
    func bytes(_ ending: String) -> Data { Data(members.first { $0.name == "000000-bounce." + ending }!.bytes) }
    return (
      try! SampleWorld(plan.sample(0), of: plan), try! SafetensorsFile(contents: bytes("safetensors")),
      bytes("json")
    )
  }()

  static let layout = ControlLayout(frameCount: 9, width: 72, height: 56)

  /// The controls as [frame][row][column][channel], taken out of the tokens by the shape alone.
  static let cells: [[[[Float]]]] = {
    let file = sample.tensors
    let shape = file.tensors.first { $0.name == "controls" }!.shape
    let values = try! file.withBytes(of: "controls") { bytes in Array(bytes.bindMemory(to: Float16.self)).map(Float.init) }
    return (0..<shape[0] * 4).map { t in
      (0..<shape[1] * 4).map { y in
        (0..<shape[2] * 4).map { x in
          var index = 0
          for (k, part) in [t / 4, y / 4, x / 4, t % 4, y % 4, x % 4].enumerated() { index = index * shape[k] + part }
          return Array(values[index * shape[6]..<(index + 1) * shape[6]])
        }
      }
    }
  }()

  func channel(_ channel: ControlLayout.Channel) -> Int { ControlLayout.Channel.allCases.firstIndex(of: channel)! }

  @Test("come in whole tokens")
  func shape() throws {
    let shapes = Dictionary(uniqueKeysWithValues: Self.sample.tensors.tensors.map { ($0.name, $0.shape) })
    #expect(Self.layout.cellShape == [3, 4, 5, 4, 4, 4])
    #expect(shapes["controls"] == [3, 4, 5, 4, 4, 4, 11])
    #expect(shapes["parts"] == [3, 4, 5, 4, 4, 4])
    #expect(shapes["bodies.states"] == [9, 2, 13])
    #expect(shapes["bodies.properties"] == [2, 16])
    #expect(shapes["bodies.pixels"] == [9, 2, 3])
    #expect(shapes["camera"] == [9, 9])
    #expect(Self.sample.tensors.metadata["controls"]?.split(separator: ",").count == 11)
  }

  @Test("are the means of the exact passes over each cell")
  func means() throws {
    let world = Self.sample.world
    let renderer = try Renderer(
      stage: world.stage, options: RenderOptions(samplesPerPixel: 1, passes: [.depth, .segmentation, .flow, .normals]))
    for t in [0, 4, 8] {
      let frame = try renderer.frame(at: t, of: world.trajectory)
      for (y, x) in [(0, 0), (5, 9), (9, 8), (13, 17)] {
        var (inverse, moving, shift) = (0.0, 0.0, 0.0)
        var normal = 0.0
        for k in 0..<16 {
          let (px, py) = (4 * x + k % 4, 4 * y + k / 4)
          inverse += frame.depth![px, py].isFinite ? 1 / Double(frame.depth![px, py]) / 16 : 0
          moving += frame.segmentation![px, py] == 2 ? 1.0 / 16 : 0
          shift += Double(frame.forwardFlow!.vectors[px, py].x) / 16
          normal += Double(frame.cameraNormals![px, py].z) / 16
        }
        let cell = Self.cells[t][y][x]
        // Half precision keeps eleven bits.
        func agrees(_ c: ControlLayout.Channel, _ value: Double) -> Bool {
          abs(Double(cell[channel(c)]) - value) < 1e-3 * max(1, abs(value))
        }
        #expect(agrees(.inverseDepth, inverse) && agrees(.moving, moving) && agrees(.flowX, shift) && agrees(.normalZ, normal))
      }
    }
  }

  @Test("tell by their shares where a thing is, to a small part of a pixel")
  func centroid() {
    let file = Self.sample.tensors
    let pixels = try! file.withBytes(of: "bodies.pixels") { Array($0.bindMemory(to: Float.self)) }
    for t in 0..<9 {
      var (sum, x, y): (Float, Float, Float) = (0, 0, 0)
      for row in 0..<14 {
        for column in 0..<18 {
          let share = Self.cells[t][row][column][channel(.moving)]
          sum += share
          x += share * (Float(column) * 4 + 2)
          y += share * (Float(row) * 4 + 2)
        }
      }
      let place = SIMD2(pixels[(t * 2 + 1) * 3], pixels[(t * 2 + 1) * 3 + 1])
      // A sphere's outline off the axis is an ellipse about a place a little farther out.
      #expect(abs(x / sum - place.x) < 0.35 && abs(y / sum - place.y) < 0.35, "frame \(t)")
    }
  }

  @Test("carry the whole impulse of each impact in its frame")
  func impulses() {
    let world = Self.sample.world
    let impacts = world.trajectory.contacts.filter { $0.kind == .impact }
    #expect(!impacts.isEmpty)
    for t in 0..<12 {
      let felt = Self.cells[t].joined().reduce(0.0) { $0 + (exp(Double($1[channel(.impulse)])) - 1) * 1e-3 }
      let given = t > 8 ? 0 : impacts.filter { min(Int(($0.time * 18).rounded()), 8) == t }.reduce(0) { $0 + $1.impulse }
      // The logarithm in half precision.
      #expect(abs(felt - given) <= 0.02 * max(given, 0.01), "frame \(t): \(felt) N·s of \(given)")
    }
  }

  @Test("go on past the picture's edge and the clip's end with the last that there is")
  func padding() {
    let moving = channel(.moving)
    for t in 0..<12 {
      for y in 0..<16 {
        for x in 0..<20 {
          let cell = Self.cells[t][y][x]
          if t > 8 {
            #expect(Array(cell[0..<8]) == Array(Self.cells[8][y][x][0..<8]) && cell[8...].allSatisfy { $0 == 0 })
          } else if y > 13 && x > 17 {
            // The corner pixel alone, so no share but all or nothing.
            #expect(cell[moving] == 0 || cell[moving] == 1)
          }
        }
      }
    }
  }

  @Test("stand beside a document of constant form")
  func document() throws {
    let document = try #require(try JSONSerialization.jsonObject(with: Self.sample.document) as? [String: Any])
    #expect(document["scene"] as? String == "bounce")
    #expect(document["frames"] as? Int == 9)
    let captions = document["captions"] as? [String: [String]]
    #expect(captions?["en"]?.count == 4 && captions?["it"]?.count == 4)
    let events = document["events"] as? [[String: Any]]
    #expect(events?.first?["kind"] as? String == "start" && events?.last?["kind"] as? String == "stop")
    let drawn = document["drawn"] as? [[String: String]]
    #expect(drawn?.first?["path"] == "seed" && drawn?.count == 2)
    // Drawing again by hand what was drawn gives the world.
    #expect(document["world_digest"] as? String == Self.sample.world.trajectory.scene.digest)
  }
}
