import Foundation
public import NeuralNetworks
public import Tensors
import WorldCore

/// Picture, sound and words in one attention: predicts the clean latents of a stretch of time from noised ones and what is
/// known of it.
///
/// A diffusion transformer (Peebles & Xie 2023) whose tokens are 4 frames of 16 × 16 pixels, a 24th of a second of sound, a
/// body's motion, a contact, a word. Its pictures are residuals: where a shaded view is given, over the simulator's plain view
/// or flat colours, of that; where only a beginning is, of its last frame (`space(of:)`). So is its sound where contacts tell what
/// would be heard (`soundSpace(of:)`).
public struct JointTransformer: StoredNetwork {
  public static let kind = NetworkKind.transformer

  public struct Configuration: Sendable, Equatable, Codable {
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
    /// Whether it has no words of its own and takes another network's, as a student its teacher's.
    package var borrowsWords: Bool?

    public init() {}

    package var videoTokenWidth: Int { 16 * videoLatentWidth }
    package var soundTokenWidth: Int { SoundTokens.latents * soundLatentWidth }
    var controlTokenWidth: Int { 64 * controlChannels }
  }

  public internal(set) var configuration: Configuration
  var video, places, sound, soundBase, base, controls, known, bodies, contacts: Linear
  /// [1, width], added where the base is of flat colours.
  var flat: Tensor
  var words, wordPlaces, styles: Embedding
  /// A caption as a whole, for all tokens at once: the mean of its words (as in Esser et al. 2024, section 4).
  var caption: Linear
  var time1, time2, modulation: Linear
  var blocks: [JointBlock]
  /// [1, 2·width] scale and shift of the last norm, added to the condition's.
  var last: Linear
  /// Of sound itself, and of what it lacks.
  var videoOut, soundOut, soundChange: Linear
  /// Measured, not learnt, and so none of the parameters.
  package var residual: ResidualDeviations

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "joint transformer")
    let c = configuration
    func into(_ inputs: Int) -> Linear { Linear(inputs, c.width, random: &random) }
    video = into(c.videoTokenWidth)
    places = Linear(PicturePlace.width, c.width, initialization: .zeros, random: &random)
    sound = into(c.soundTokenWidth)
    soundBase = Linear(c.soundTokenWidth, c.width, initialization: .zeros, random: &random)
    base = into(c.videoTokenWidth)
    flat = .zeros([1, c.width])
    controls = into(c.controlTokenWidth)
    known = into(c.videoTokenWidth + VideoTokens.frames)
    bodies = into(BodyFeatures.width)
    contacts = into(ContactFeatures.width)
    words = Embedding(symbols: c.vocabulary, width: c.width, random: &random)
    wordPlaces = Embedding(symbols: c.captionLength, width: c.width, random: &random)
    styles = Embedding(symbols: c.styles, width: c.width, random: &random)
    caption = Linear(c.width, c.width, initialization: .zeros, random: &random)
    time1 = Linear(Self.timeWidth, c.width, random: &random)
    time2 = Linear(c.width, c.width, random: &random)
    modulation = Linear(c.width, 6 * c.width, initialization: .zeros, random: &random)
    blocks = (0..<c.depth).map { _ in JointBlock(width: c.width, heads: c.heads, random: &random) }
    last = Linear(c.width, 2 * c.width, initialization: .zeros, random: &random)
    videoOut = Linear(c.width, c.videoTokenWidth, initialization: .zeros, random: &random)
    soundOut = Linear(c.width, c.soundTokenWidth, initialization: .zeros, random: &random)
    soundChange = Linear(c.width, c.soundTokenWidth, initialization: .zeros, random: &random)
    residual = ResidualDeviations(width: c.videoLatentWidth, soundWidth: c.soundLatentWidth)
  }

  /// What the network's pictures are differences from, for what is given.
  package func space(of given: WindowConditions) -> ResidualSpace {
    guard let base = given.base else { return ResidualSpace(offset: given.known?.still, deviation: nil) }
    let values = given.isBaseFlat ? residual.flat : residual.plain
    // Each number of a video token has its latent's.
    let latents = configuration.videoTokenWidth / configuration.videoLatentWidth
    return ResidualSpace(offset: base, deviation: Tensor.concatenated(Array(repeating: values, count: latents), axis: 0))
  }

  /// The same of its sound.
  package func soundSpace(of given: WindowConditions) -> ResidualSpace {
    guard let base = given.soundBase else { return ResidualSpace(offset: nil, deviation: nil) }
    let values = Array(repeating: residual.sound, count: SoundTokens.latents)
    return ResidualSpace(offset: base, deviation: Tensor.concatenated(values, axis: 0))
  }

  /// The clean latents that `x` at time `t` of the flow stems from, float32; as residuals where those are denoised.
  package func callAsFunction(_ x: JointLatents, t: Double, _ given: WindowConditions) -> JointLatents {
    let type = video.weight.elementType
    func cast(_ tensor: Tensor) -> Tensor { tensor.converted(to: type) }

    // Tokens of all kinds, one behind the other.
    var pictures = video(cast(x.video)) + places(cast(given.places))
    if let view = given.base { pictures = pictures + base(cast(view)) }
    if given.base != nil, given.isBaseFlat { pictures = pictures + flat }
    if let values = given.controls { pictures = pictures + controls(cast(values)) }
    if let beginning = given.known {
      pictures = pictures + known(cast(Tensor.concatenated([beginning.latents, beginning.frames], axis: 2)))
    }
    var heard = sound(cast(x.sound))
    if let drawn = given.soundBase { heard = heard + soundBase(cast(drawn)) }
    var (tokens, positions) = ([pictures, heard], given.videoPositions + given.soundPositions)
    if let (rows, places) = given.bodies {
      tokens.append(bodies(cast(rows)))
      positions += places
    }
    if let (rows, places) = given.contacts {
      tokens.append(contacts(cast(rows)))
      positions += places
    }
    // What all tokens know: the noise's level, the rate of frames, the caption as a whole, the style.
    var condition = time2(time1(cast(Self.timeFeatures(t, framesPerSecond: given.framesPerSecond))).silu())
    if let told = given.words?.prefix(configuration.captionLength), !told.isEmpty {
      let meanings = words(Array(told))
      let embedded = meanings + wordPlaces(Array(told.indices))
      tokens.append(embedded.reshaped([1] + embedded.shape))
      positions += told.map { _ in TokenPosition() }
      let mean = meanings.mean(over: [0]).reshaped([1, configuration.width])
      condition = condition + caption(mean.layerNormalized())
    }
    if let style = given.style { condition = condition + styles([style]) }
    let active = condition.silu()
    let shared = modulation(active)

    let rotary = RotaryTables(positions, headWidth: configuration.width / configuration.heads)
    var h = Tensor.concatenated(tokens, axis: 1)
    for block in blocks { h = block(h, shared: shared, rotary: rotary) }
    let m = last(active).split(axis: 1, into: 2)
    let (pictureCount, soundCount) = (x.video.shape[1], x.sound.shape[1])
    let normalized = h.slice(axis: 1, 0..<pictureCount + soundCount).layerNormalized(scale: m[0], shift: m[1])

    return JointLatents(
      video: videoOut(normalized.slice(axis: 1, 0..<pictureCount)).converted(to: .float32),
      sound: (given.soundBase == nil ? soundOut : soundChange)(
        normalized.slice(axis: 1, pictureCount..<pictureCount + soundCount)
      ).converted(to: .float32))
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

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try video.forEachParameter(under: path / "video", body)
    try places.forEachParameter(under: path / "places", body)
    try sound.forEachParameter(under: path / "sound", body)
    try base.forEachParameter(under: path / "base", body)
    try controls.forEachParameter(under: path / "controls", body)
    try known.forEachParameter(under: path / "known", body)
    try bodies.forEachParameter(under: path / "bodies", body)
    try contacts.forEachParameter(under: path / "contacts", body)
    if configuration.borrowsWords != true { try words.forEachParameter(under: path / "words", body) }
    try wordPlaces.forEachParameter(under: path / "word_places", body)
    try styles.forEachParameter(under: path / "styles", body)
    try caption.forEachParameter(under: path / "caption", body)
    try time1.forEachParameter(under: path / "time.0", body)
    try time2.forEachParameter(under: path / "time.1", body)
    try modulation.forEachParameter(under: path / "modulation", body)
    try blocks.forEachParameter(under: path / "blocks", body)
    try last.forEachParameter(under: path / "last", body)
    try videoOut.forEachParameter(under: path / "video_out", body)
    try soundOut.forEachParameter(under: path / "sound_out", body)
    try body((path / "flat").name, &flat)
    try soundBase.forEachParameter(under: path / "sound_base", body)
    try soundChange.forEachParameter(under: path / "sound_change", body)
  }

  public func addMeasured(to checkpoint: inout Checkpoint) { checkpoint.add(residual) }
  public mutating func loadMeasured(from checkpoint: Checkpoint) throws(CheckpointError) {
    try checkpoint.load(into: &residual)
  }
}
