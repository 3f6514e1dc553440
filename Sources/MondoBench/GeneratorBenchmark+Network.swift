import Foundation
import Mondo
import NeuralNetworks
import Tensors

extension GeneratorBenchmark {
  private struct NetworkResult: Encodable {
    var engine = "mondo"
    /// Of a question: pictures', sound's and others'.
    var tokens: [Int]
    /// Of one question to the network, the best of so many.
    var seconds: Double
  }

  /// A question about 16 frames of 256×144 with all that can be told of them, in bfloat16. Speed doesn't depend on the numbers, so
  /// these are drawn.
  func measureNetwork() throws {
    let network = JointTransformer().converted(to: .bfloat16)
    let (times, rows, columns, heard, bodies, contacts, words) = (4, 9, 16, 16, 6, 12, 24)
    let area = rows * columns
    var stream = RandomStream(seed: 1, "sampling")
    func draw(_ count: Int, _ width: Int) -> Tensor {
      Tensor((0..<count * width).map { _ in Float(stream.normal()) }, shape: [1, count, width])
    }
    let places = (0..<times * area).map {
      TokenPosition(time: Double($0 / area), row: Double($0 % area / columns), column: Double($0 % columns))
    }
    var given = WindowConditions(
      videoPositions: places, soundPositions: (0..<heard).map { TokenPosition(time: Double($0) / 4) }, rows: rows,
      columns: columns, framesPerSecond: 24)
    let width = network.configuration.videoTokenWidth
    given.base = draw(times * area, width)
    given.controls = draw(times * area, 704)
    given.known = KnownFrames(draw(times * area, width), frames: 4, area: area)
    given.bodies = (draw(bodies, BodyFeatures.width), (0..<bodies).map { TokenPosition(time: 2, row: Double($0), column: 3) })
    given.contacts = (draw(contacts, ContactFeatures.width), (0..<contacts).map { TokenPosition(time: Double($0) / 3) })
    (given.words, given.style) = (Array(1...words), 0)
    let x = JointLatents(video: draw(times * area, width), sound: draw(heard, network.configuration.soundTokenWidth))
    var best = Double.infinity
    for _ in 0..<max(3, runs) {
      let begin = ContinuousClock.now
      _ = network(x, t: 0.5, given).video.floats()
      let span = begin.duration(to: .now)
      best = min(best, Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(
      String(
        decoding: try encoder.encode(
          NetworkResult(tokens: [times * area, heard, bodies + contacts + words], seconds: best)), as: UTF8.self))
  }
}
