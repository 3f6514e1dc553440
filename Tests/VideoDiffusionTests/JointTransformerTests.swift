import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct JointTransformerTests {
  /// Small enough to be quick, with every kind of layer.
  static let small: JointTransformer.Configuration = {
    var configuration = JointTransformer.Configuration()
    (configuration.width, configuration.heads, configuration.depth) = (32, 2, 2)
    (configuration.videoLatentWidth, configuration.soundLatentWidth) = (2, 2)
    return configuration
  }()

  /// Two times of 2 × 3 video tokens, eight sound tokens, and every condition.
  static func question(_ seed: UInt64 = 1) -> (x: JointLatents, given: WindowConditions) {
    var random = RandomStream(seed: seed, "question")
    func draw(_ shape: [Int]) -> Tensor { Initialization.normal(standardDeviation: 1).tensor(shape, random: &random) }
    let places = (0..<12).map { (k: Int) in TokenPosition(time: Double(k / 6), row: Double((k / 3) % 2), column: Double(k % 3))
    }
    let times = (0..<8).map { (k: Int) in TokenPosition(time: Double(k) / 4) }
    var given = WindowConditions(
      videoPositions: places, soundPositions: times, rows: 2, columns: 3, framesPerSecond: 24)
    given.base = draw([1, 12, 32])
    given.controls = draw([1, 12, 704])
    given.known = KnownFrames(draw([1, 12, 32]), frames: 1, area: 6)
    given.bodies = (draw([1, 2, BodyFeatures.width]), [TokenPosition(time: 1, row: 0.3, column: 2), TokenPosition(time: 1)])
    given.contacts = (draw([1, 1, ContactFeatures.width]), [TokenPosition(time: 0.7, row: 1, column: 1)])
    given.words = [3, 9, 2047]
    given.style = 2
    return (JointLatents(video: draw([1, 12, 32]), sound: draw([1, 8, 8])), given)
  }

  /// What starts at zero would hide what is behind it.
  static func awake(_ seed: UInt64 = 0) -> JointTransformer {
    var network = JointTransformer(small, seed: seed)
    var random = RandomStream(seed: 7, "awake")
    network.forEachParameter { _, tensor in
      tensor = tensor + Initialization.normal(standardDeviation: 0.1).tensor(tensor.shape, random: &random)
    }
    return network
  }

  private func floats(_ x: JointLatents) -> [Float] { x.video.floats() + x.sound.floats() }

  @Test("gradients reach every parameter")
  func gradients() {
    var (x, given) = Self.question()
    given.isBaseFlat = true
    let (_, gradients) = valueAndGradients(of: Self.awake()) { [x, given] network in
      let y = network(x, t: 0.4, given)
      var drawn = given
      drawn.soundBase = x.sound * 2
      let change = network(x, t: 0.4, drawn).sound
      return y.video.squared().sum() + y.sound.squared().sum() + change.squared().sum()
    }
    for (name, gradient) in gradients.tensors { #expect(gradient.sumOfSquares > 0, "\(name)") }
  }

  @Test("a fresh network adds nothing")
  func fresh() {
    let (x, given) = Self.question()
    let network = JointTransformer(Self.small)
    let y = network(x, t: 0.4, given)
    #expect(network.space(of: given).data(of: y.video).floats() == given.base!.floats())
    #expect(y.sound.floats().allSatisfy { $0 == 0 })
  }

  @Test("what is denoised goes back to latents, whatever is known of them")
  func space() {
    let (x, given) = Self.question()
    var network = JointTransformer(Self.small)
    network.residual.plain = Tensor([0.25, 4] as [Float], shape: [2])
    network.residual.flat = Tensor([2, 0.5] as [Float], shape: [2])
    for parts: Set<WindowConditions.Part> in [[], [.base], [.base, .known]] {
      let space = network.space(of: given.without(parts))
      let residual = space.residual(of: x.video)
      for (a, b) in zip(space.data(of: residual).floats(), x.video.floats()) { #expect(abs(a - b) < 1e-5) }
      if parts == [.base, .known] { #expect(residual.floats() == x.video.floats()) }
    }
    // Numbers of a latent take turns in a token, and each has its own deviation.
    for (isFlat, expected) in [(false, [4, 0.25]), (true, [0.5, 2])] as [(Bool, [Float])] {
      var given = given
      given.isBaseFlat = isFlat
      let residual = network.space(of: given).residual(of: given.base! + 1).floats()
      #expect(residual.indices.allSatisfy { abs(residual[$0] - expected[$0 % 2]) < 1e-4 })
    }
  }

  @Test("where only a beginning is given a fresh network lets its last frame stand still", arguments: [1, 3, 4, 6])
  func still(frames: Int) {
    var (x, given) = Self.question()
    let told = x.video
    given = given.without([.base])
    given.known = KnownFrames(told, frames: frames, area: 6)
    // [times, places, frames of a token, numbers of a frame]
    let network = JointTransformer(Self.small)
    func made() -> Tensor { network.space(of: given).data(of: network(x, t: 0.4, given).video) }
    let y = made().reshaped([2, 6, 4, 8])
    let clip = told.reshaped([2, 6, 4, 8])
    for frame in 0..<8 {
      let shown = min(frame, frames - 1)
      func at(_ k: Int, _ tensor: Tensor) -> [Float] {
        tensor.slice(axis: 0, k / 4..<k / 4 + 1).slice(axis: 2, k % 4..<k % 4 + 1).floats()
      }
      #expect(at(frame, y) == at(shown, clip), "frame \(frame)")
    }
    x.video = x.video + 1
    #expect(made().floats() == y.floats())
  }

  @Test(
    "between given frames a fresh network lets one pass into the other, evenly in time", arguments: [[1, 6], [0, 11], [5]])
  func passing(given frames: [Int]) {
    var (x, given) = Self.question()
    given = given.without([.base])
    var random = RandomStream(seed: 5, "keyframes")
    let pictures = Dictionary(
      uniqueKeysWithValues: frames.map {
        ($0, Initialization.normal(standardDeviation: 1).tensor([1, 6, 8], random: &random))
      })
    let known = KnownFrames(pictures, frames: 8)
    given.known = known
    let network = JointTransformer(Self.small)
    let made = network.space(of: given).data(of: network(x, t: 0.4, given).video)
    let (first, last) = (frames[0], frames.last!)
    for frame in 0..<8 {
      func at(_ tensor: Tensor) -> [Float] { KnownFrames.picture(frame, of: tensor, area: 6).floats() }
      let share = Float(max(0, min(1, Double(frame - first) / Double(max(1, last - first)))))
      let expected = zip(pictures[first]!.floats(), pictures[last]!.floats()).map { $0 * (1 - share) + $1 * share }
      #expect(zip(at(made), expected).allSatisfy { abs($0 - $1) < 1e-5 }, "frame \(frame)")
      // What is told reaches to the last that is given, and only what is given is kept.
      #expect(at(known.latents).allSatisfy { $0 == 0 } == (frame > last))
      let isKept = at(known.keeping(known.latents, in: x.video)) != at(x.video)
      #expect(isKept == frames.contains(frame))
    }
    x.video = x.video + 1
    #expect(network.space(of: given).data(of: network(x, t: 0.4, given).video).floats() == made.floats())
  }

  @Test("each condition can be left out, and matters where it is given", arguments: WindowConditions.Part.allCases)
  func conditions(part: WindowConditions.Part) {
    let (x, told) = Self.question()
    var given = told
    given.soundBase = x.sound * 2
    let network = Self.awake()
    let (with, without) = (network(x, t: 0.4, given), network(x, t: 0.4, given.without([part])))
    #expect(without.video.shape == x.video.shape && without.sound.shape == x.sound.shape)
    #expect(floats(with) != floats(without))
    #expect(floats(without).allSatisfy { $0.isFinite })
    // Sound hears of everything too: one attention.
    #expect(with.sound.floats() != without.sound.floats())
  }

  @Test("above is told from below even where nothing else is")
  func places() {
    var (x, given) = Self.question()
    given = given.without(Set(WindowConditions.Part.allCases))
    // All tokens alike: whatever differs comes from the place.
    (x.video, x.sound) = (.zeros(x.video.shape), .zeros(x.sound.shape))
    let y = Self.awake()(x, t: 0, given).video.reshaped([2, 2, 3, 32])
    func row(_ k: Int) -> [Float] { y.slice(axis: 0, 0..<1).slice(axis: 1, k..<k + 1).floats() }
    #expect(zip(row(0), row(1)).contains { abs($0 - $1) > 1e-2 })
  }

  @Test("rotary positions are told apart only by their differences")
  func relative() {
    let (x, given) = Self.question()
    var moved = given
    func shift(_ place: TokenPosition) -> TokenPosition {
      TokenPosition(time: place.time.map { $0 + 5 }, row: place.row.map { $0 + 3 }, column: place.column.map { $0 - 2 })
    }
    moved.videoPositions = given.videoPositions.map(shift)
    moved.soundPositions = given.soundPositions.map(shift)
    // A token that is nowhere in the picture has no place to move from.
    let parts: Set<WindowConditions.Part> = [.bodies, .contacts, .words]
    func unrowed(_ given: WindowConditions) -> WindowConditions {
      var given = given.without(parts)
      given.soundPositions = given.soundPositions.map { TokenPosition(time: $0.time, row: 0, column: 0) }
      return given
    }
    var (a, b) = (unrowed(given), unrowed(moved))
    b.soundPositions = b.soundPositions.map { TokenPosition(time: $0.time, row: 3, column: -2) }
    let network = Self.awake()
    for (one, other) in zip(floats(network(x, t: 0.4, a)), floats(network(x, t: 0.4, b))) { #expect(abs(one - other) < 2e-4) }
    a.videoPositions.swapAt(0, 5)
    #expect(floats(network(x, t: 0.4, a)) != floats(network(x, t: 0.4, unrowed(given))))
  }

  @Test("tokens of latents go back to where they came from")
  func tokens() {
    let latents = Tensor((0..<8 * 4 * 6 * 3).map(Float.init), shape: [8, 4, 6, 3])
    let tokens = VideoTokens.tokens(latents)
    #expect(tokens.shape == [1, 12, 48])
    #expect(VideoTokens.latents(tokens, rows: 2, columns: 3).floats() == latents.floats())
    // The first token's first frame: the four latents of the upper left corner.
    #expect(tokens.floats().prefix(12) == [0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23])
    let sound = Tensor((0..<10).map(Float.init), shape: [1, 5, 2])
    #expect(SoundTokens.tokens(sound).shape == [1, 2, 8])
    #expect(SoundTokens.latents(SoundTokens.tokens(sound)).floats().prefix(10) == ArraySlice(sound.floats()))
  }

  @Test("a second of pictures has a second of sound tokens, at any rate of frames", arguments: [10.0, 18, 24, 30])
  func clocks(rate: Double) {
    var end = 0
    for k in 0..<6 {
      let range = SoundTokens.range(frames: k * 4..<(k + 1) * 4, framesPerSecond: rate)
      #expect(Double(range.lowerBound) / 24 <= Double(4 * k) / rate + 1e-9)
      #expect(Double(range.upperBound) / 24 >= Double(4 * (k + 1)) / rate - 1e-9)
      #expect(range.lowerBound <= end || k == 0)
      end = range.upperBound
    }
    if rate == 24 { #expect(SoundTokens.range(frames: 8..<24, framesPerSecond: 24) == 8..<24) }
  }

  @Test("one question and its answer are learnt by heart")
  func overfitting() {
    let (x, given) = Self.question()
    let answer = Self.question(2).x
    var (network, optimizer) = (Self.awake(), AdamW(clipping: 1))
    var losses: [Double] = []
    for _ in 0..<150 {
      let (value, gradients) = valueAndGradients(of: network) { network in
        let y = network(x, t: 0.4, given)
        return (y.video - answer.video).squared().mean() + (y.sound - answer.sound).squared().mean()
      }
      optimizer.update(&network, along: gradients, learningRate: 5e-3)
      losses.append(value.scalar)
    }
    #expect(losses.last! < 0.05 * losses[0], "\(losses[0]) to \(losses.last!)")
  }
}
