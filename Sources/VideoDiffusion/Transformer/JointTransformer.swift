import Foundation
package import NeuralNetworks
package import Tensors
import WorldCore

/// Picture, sound and words in one attention: predicts the clean latents of a stretch of time from noised ones and what is
/// known of it.
///
/// A diffusion transformer (Peebles & Xie 2023) whose tokens are 4 frames of 16 × 16 pixels, a 24th of a second of sound, a
/// body's motion, a contact, a word. Where the simulator's plain view is given, the picture is that plus what the network adds;
/// where only a beginning is, its last frame plus that.
package struct JointTransformer: StoredNetwork {
  package static let kind = NetworkKind.transformer

  package struct Configuration: Sendable, Equatable, Codable {
    package var width = 256
    package var heads = 4
    package var depth = 6
    /// Of a latent of each kind.
    package var videoLatentWidth = 16
    package var soundLatentWidth = 32
    var controlChannels = 11
    /// Rows of the table of words, and words that are read of a caption.
    package var vocabulary = 2048
    package var captionLength = 24
    var styles = 3

    package init() {}

    package var videoTokenWidth: Int { 16 * videoLatentWidth }
    package var soundTokenWidth: Int { SoundTokens.latents * soundLatentWidth }
    var controlTokenWidth: Int { 64 * controlChannels }
  }

  package let configuration: Configuration
  var video, places, sound, base, controls, known, bodies, contacts: Linear
  var words, wordPlaces, styles: Embedding
  var time1, time2, modulation: Linear
  var blocks: [JointBlock]
  /// [1, 2·width] scale and shift of the last norm, added to the condition's.
  var last: Linear
  var videoOut, soundOut: Linear

  package init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "joint transformer")
    let c = configuration
    func into(_ inputs: Int) -> Linear { Linear(inputs, c.width, random: &random) }
    video = into(c.videoTokenWidth)
    places = Linear(PicturePlace.width, c.width, initialization: .zeros, random: &random)
    sound = into(c.soundTokenWidth)
    base = into(c.videoTokenWidth)
    controls = into(c.controlTokenWidth)
    known = into(c.videoTokenWidth + VideoTokens.frames)
    bodies = into(BodyFeatures.width)
    contacts = into(ContactFeatures.width)
    words = Embedding(symbols: c.vocabulary, width: c.width, random: &random)
    wordPlaces = Embedding(symbols: c.captionLength, width: c.width, random: &random)
    styles = Embedding(symbols: c.styles, width: c.width, random: &random)
    time1 = Linear(Self.timeWidth, c.width, random: &random)
    time2 = Linear(c.width, c.width, random: &random)
    modulation = Linear(c.width, 6 * c.width, initialization: .zeros, random: &random)
    blocks = (0..<c.depth).map { _ in JointBlock(width: c.width, heads: c.heads, random: &random) }
    last = Linear(c.width, 2 * c.width, initialization: .zeros, random: &random)
    videoOut = Linear(c.width, c.videoTokenWidth, initialization: .zeros, random: &random)
    soundOut = Linear(c.width, c.soundTokenWidth, initialization: .zeros, random: &random)
  }

  /// The clean latents that `x` at time `t` of the flow stems from, float32.
  package func callAsFunction(_ x: JointLatents, t: Double, _ given: WindowConditions) -> JointLatents {
    let type = video.weight.elementType
    func cast(_ tensor: Tensor) -> Tensor { tensor.converted(to: type) }

    // Tokens of all kinds, one behind the other.
    var pictures = video(cast(x.video)) + places(cast(given.places))
    if let view = given.base { pictures = pictures + base(cast(view)) }
    if let values = given.controls { pictures = pictures + controls(cast(values)) }
    if let beginning = given.known {
      pictures = pictures + known(cast(Tensor.concatenated([beginning.latents, beginning.frames], axis: 2)))
    }
    var (tokens, positions) = ([pictures, sound(cast(x.sound))], given.videoPositions + given.soundPositions)
    if let (rows, places) = given.bodies {
      tokens.append(bodies(cast(rows)))
      positions += places
    }
    if let (rows, places) = given.contacts {
      tokens.append(contacts(cast(rows)))
      positions += places
    }
    if let caption = given.words?.prefix(configuration.captionLength), !caption.isEmpty {
      let embedded = words(Array(caption)) + wordPlaces(Array(caption.indices))
      tokens.append(embedded.reshaped([1] + embedded.shape))
      positions += caption.map { _ in TokenPosition() }
    }

    // What all tokens know: the noise's level, the rate of frames, the style.
    var condition = time2(time1(cast(Self.timeFeatures(t, framesPerSecond: given.framesPerSecond))).silu())
    if let style = given.style { condition = condition + styles([style]) }
    let active = condition.silu()
    let shared = modulation(active)

    let rotary = RotaryTables(positions, headWidth: configuration.width / configuration.heads)
    var h = Tensor.concatenated(tokens, axis: 1)
    for block in blocks { h = block(h, shared: shared, rotary: rotary) }
    let m = last(active).split(axis: 1, into: 2)
    let (pictureCount, soundCount) = (x.video.shape[1], x.sound.shape[1])
    let normalized = h.slice(axis: 1, 0..<pictureCount + soundCount).layerNormalized(scale: m[0], shift: m[1])

    let residual = videoOut(normalized.slice(axis: 1, 0..<pictureCount)).converted(to: .float32)
    return JointLatents(
      video: (given.base ?? given.known?.still).map { $0 + residual } ?? residual,
      sound: soundOut(normalized.slice(axis: 1, pictureCount..<pictureCount + soundCount)).converted(to: .float32))
  }

  // MARK: Time

  private static let timeWidth = 130

  /// Waves of the time on the flow, and the logarithm of the frame rate.
  private static func timeFeatures(_ t: Double, framesPerSecond: Double) -> Tensor {
    let half = (timeWidth - 2) / 2
    let waves = (0..<half).map { 1000 * t * pow(1e-4, Double($0) / Double(half - 1)) }
    let rate = log2(framesPerSecond / 24)
    return Tensor((waves.map { sin($0) } + waves.map { cos($0) } + [rate, 1]).map(Float.init), shape: [1, timeWidth])
  }

  package mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try video.forEachParameter(under: path / "video", body)
    try places.forEachParameter(under: path / "places", body)
    try sound.forEachParameter(under: path / "sound", body)
    try base.forEachParameter(under: path / "base", body)
    try controls.forEachParameter(under: path / "controls", body)
    try known.forEachParameter(under: path / "known", body)
    try bodies.forEachParameter(under: path / "bodies", body)
    try contacts.forEachParameter(under: path / "contacts", body)
    try words.forEachParameter(under: path / "words", body)
    try wordPlaces.forEachParameter(under: path / "word_places", body)
    try styles.forEachParameter(under: path / "styles", body)
    try time1.forEachParameter(under: path / "time.0", body)
    try time2.forEachParameter(under: path / "time.1", body)
    try modulation.forEachParameter(under: path / "modulation", body)
    try blocks.forEachParameter(under: path / "blocks", body)
    try last.forEachParameter(under: path / "last", body)
    try videoOut.forEachParameter(under: path / "video_out", body)
    try soundOut.forEachParameter(under: path / "sound_out", body)
  }
}
