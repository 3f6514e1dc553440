import Foundation
public import NeuralNetworks
public import Tensors
public import WorldCore

/// Sound drawn from contacts: from when, where and how hard things meet to the latents of what would be heard; what the neural
/// shader is to pictures.
///
/// Without chance: the mean of what the sound may be, and the base that diffusion adds to. A blow is told body by body and
/// answered by energies that fade at six rates, in each band of frequencies as the network finds; what slides or rolls, frame
/// by frame, by energies that last. They add up to spectra (differentiable synthesis, Engel et al. 2020), so that whatever is
/// heard sets in when the simulation says. Convolutions over what the sound autoencoder's fixed transform makes of these give
/// what that misses: rooms, phases, what bodies share.
public struct SoundShader: StoredNetwork {
  public static let kind = NetworkKind.soundShader

  public struct Configuration: Sendable, Equatable, Codable {
    /// Channels of a blow's layers, of a stroke's, and of the convolutions at 96 Hz.
    package var blowWidth = 96
    package var strokeWidth = 64
    package var width = 80
    package var pairs = 2
    /// Of the sound autoencoder that it draws for.
    package var latentWidth = 32

    public init() {}
  }

  public let configuration: Configuration
  var blow1, blow2, blow3, stroke1, stroke2: Linear
  /// [250], ln of the energies that are heard where nothing happens, and what a place adds to them.
  var tone: Tensor
  var places: Embedding
  var entry, exit: Linear
  var blocks: [ResidualPair]

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "sound shader")
    let c = configuration
    blow1 = Linear(SoundSources.blowWidth, c.blowWidth, random: &random)
    blow2 = Linear(c.blowWidth, c.blowWidth, random: &random)
    blow3 = Linear(
      c.blowWidth, FadingEnvelopes.times.count * MiddleSide.width, initialization: .zeros, random: &random)
    stroke1 = Linear(SoundSources.strokeWidth, c.strokeWidth, random: &random)
    stroke2 = Linear(c.strokeWidth, MiddleSide.width, initialization: .zeros, random: &random)
    // A blow of 1 N·s is loud, a room is not: where learning begins, about −50 and −110 dB of full scale.
    blow3.bias = .filled(-6, shape: blow3.bias!.shape)
    stroke2.bias = .filled(-8, shape: stroke2.bias!.shape)
    tone = .filled(-13, shape: [MiddleSide.width])
    places = Embedding(symbols: SoundSources.ambiences, width: MiddleSide.width, initialization: .zeros, random: &random)
    entry = Linear(PrincipalSpectra.size, c.width, random: &random)
    blocks = (0..<c.pairs).map { _ in ResidualPair(width: c.width, random: &random) }
    exit = Linear(c.width, c.latentWidth, initialization: .zeros, random: &random)
  }

  /// ln of the magnitudes of a sound's spectra [spectra, 250], middle and side, float32.
  package func logarithms(_ input: SoundShaderInput) -> Tensor {
    var energies = tone.converted(to: .float32).reshaped([1, MiddleSide.width])
    if let place = input.place { energies = energies + places([place]).converted(to: .float32) }
    energies = energies.exponential().broadcast(to: [input.count, MiddleSide.width])
    let half = MiddleSide.block
    if let blows = input.blows {
      let (rows, times) = (blows.features.shape[0], FadingEnvelopes.times.count)
      let told = exact(blow3)(exact(blow2)(exact(blow1)(blows.features).silu()).silu()).reshaped([rows, times, 2, half])
      let parts = (bounded(told) + blows.levels.reshaped([rows, 1, 2, 1])).exponential()
      energies = energies + blows.envelopes.multiplied(parts.reshaped([rows * times, 2 * half]))
    }
    if let strokes = input.strokes {
      let rows = strokes.features.shape[0]
      let told = exact(stroke2)(exact(stroke1)(strokes.features).silu()).reshaped([rows, 2, half])
      let parts = (bounded(told) + strokes.levels.reshaped([rows, 2, 1])).exponential()
      energies = energies + strokes.envelopes.multiplied(parts.reshaped([rows, 2 * half]))
    }
    return (energies + OverlappingSpectra.floor * OverlappingSpectra.floor).logarithm() * 0.5
  }

  /// What is added to the latents [latents, latentWidth], centred and of unit deviation, that the fixed transform has for
  /// spectra: those less their mean [latents, 1000].
  package func correction(_ differences: Tensor) -> Tensor {
    let x = entry((differences / 3).converted(to: entry.weight.elementType))
    let h = blocks.reduce(x.reshaped([1] + x.shape)) { $1($0) }
    return exit(h).reshaped([x.shape[0], configuration.latentWidth]).converted(to: .float32)
  }

  /// Latents [latents, latentWidth], centred and of unit deviation, of spectra that were drawn.
  func latents(of logarithms: Tensor, for sounds: SoundAutoencoder) -> Tensor {
    let told = logarithms.reshaped([-1, PrincipalSpectra.size])
    let components = sounds.statistics.normalized(sounds.principal.components(of: told))
    return components + correction(told - sounds.principal.mean)
  }

  /// The latents [1, latents, latentWidth] of a whole clip.
  func latents(of sources: SoundSources, count: Int, for sounds: SoundAutoencoder) -> Tensor {
    let spectra = count * SoundAutoencoder.spectra
    let parts = stride(from: 0, to: spectra, by: SoundShaderInput.length).map { start in
      logarithms(SoundShaderInput(sources, from: start, count: min(SoundShaderInput.length, spectra - start)))
    }
    let whole = parts.count == 1 ? parts[0] : Tensor.concatenated(parts, axis: 0)
    return latents(of: whole, for: sounds).reshaped([1, count, configuration.latentWidth])
  }

  /// Energies are told apart by their logarithms, which bfloat16 would round by half a decibel.
  private func exact(_ layer: Linear) -> Linear { layer.converted(to: .float32) }

  /// Within ±16, so that no row drowns the others.
  private func bounded(_ x: Tensor) -> Tensor { (x / 16).tanh() * 16 }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try blow1.forEachParameter(under: path / "blow.0", body)
    try blow2.forEachParameter(under: path / "blow.1", body)
    try blow3.forEachParameter(under: path / "blow.2", body)
    try stroke1.forEachParameter(under: path / "stroke.0", body)
    try stroke2.forEachParameter(under: path / "stroke.1", body)
    try body((path / "tone").name, &tone)
    try places.forEachParameter(under: path / "places", body)
    try entry.forEachParameter(under: path / "entry", body)
    try blocks.forEachParameter(under: path / "blocks", body)
    try exit.forEachParameter(under: path / "exit", body)
  }
}

/// What the sound shader sees of a stretch of spectra.
package struct SoundShaderInput: Sendable {
  /// Rows [rows, features], ln of their energies [rows, 2] and how these show in each spectrum, [spectra, rows·6] of blows and
  /// [spectra, rows] of strokes.
  package struct Sources: Sendable {
    package var features, levels, envelopes: Tensor

    package init(features: Tensor, levels: Tensor, envelopes: Tensor) {
      (self.features, self.levels, self.envelopes) = (features, levels, envelopes)
    }
  }

  /// Spectra.
  package var count: Int
  package var blows, strokes: Sources?
  /// The ambience's number; nil where none is told.
  package var place: Int?

  package init(count: Int, blows: Sources?, strokes: Sources?, place: Int?) {
    (self.count, self.blows, self.strokes, self.place) = (count, blows, strokes, place)
  }

  /// Spectra of a stretch: two thirds of a second.
  static let length = 256
  /// More rows than this of either kind are left out of a stretch, the faintest first.
  private static let mostRows = 128
  /// Spectra after which a blow is no longer told: six seconds.
  private static let memory = 2304.0
  /// Spectra in which a blow that was before the stretch loses as much of its rank as if it had e times less energy.
  private static let fading = 100.0

  init(_ sources: SoundSources, from start: Int, count: Int) {
    self.count = count
    place = sources.ambience.flatMap { Stage.Ambience.allCases.firstIndex(of: $0) }
    let (begin, end) = (Double(start), Double(start + count))
    let blows = Self.strongest(sources.blows.filter { $0.time < end + 1 && $0.time > begin - Self.memory }) {
      Double($0.levels.x) - max(0, begin - $0.time) / Self.fading
    }
    if !blows.isEmpty {
      self.blows = Sources(
        blows,
        envelopes: Tensor(
          FadingEnvelopes.values(of: blows.map(\.time), from: start, count: count),
          shape: [count, blows.count * FadingEnvelopes.times.count]))
    }
    let spacing = sources.spacing
    let strokes = Self.strongest(sources.strokes.filter { $0.time < end + 1 + spacing && $0.time > begin - spacing }) {
      Double($0.levels.x)
    }
    if !strokes.isEmpty {
      // Towards the frames before and after a stroke fades; a spectrum's middle is one behind its beginning.
      let shares = (0..<count).flatMap { n -> [Float] in
        let middle = begin + Double(n) + 1
        return strokes.map { row -> Float in Float(max(0, 1 - abs(middle - row.time) / spacing)) }
      }
      self.strokes = Sources(strokes, envelopes: Tensor(shares, shape: [count, strokes.count]))
    }
  }

  /// In the order that they came in.
  private static func strongest(_ rows: [SoundSources.Row], _ rank: (SoundSources.Row) -> Double) -> [SoundSources.Row] {
    guard rows.count > mostRows else { return rows }
    let ranks = rows.map(rank)
    let kept = rows.indices.sorted { (-ranks[$0], $0) < (-ranks[$1], $1) }.prefix(mostRows).sorted()
    return kept.map { rows[$0] }
  }
}

extension SoundShaderInput.Sources {
  init(_ rows: [SoundSources.Row], envelopes: Tensor) {
    features = Tensor(rows.flatMap(\.features), shape: [rows.count, rows[0].features.count])
    levels = Tensor(rows.flatMap { [$0.levels.x, $0.levels.y] }, shape: [rows.count, 2])
    self.envelopes = envelopes
  }
}
