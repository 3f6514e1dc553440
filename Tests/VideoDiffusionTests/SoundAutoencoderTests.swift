import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct SoundAutoencoderTests {
  static let small: SoundAutoencoder.Configuration = {
    var configuration = SoundAutoencoder.Configuration()
    (configuration.latentWidth, configuration.widths, configuration.decoderPairs) = (8, [16, 24], 1)
    return configuration
  }()

  /// Silence, then tones that die away, starting at the times given.
  static func blows(at times: [Double], seconds: Double = 1, shift: Double = 0) -> AudioBuffer {
    var sound = AudioBuffer(silenceFor: seconds)
    for time in times {
      for n in Int(((time + shift) * 48_000).rounded(.up))..<sound.samples.count {
        let t = Double(n) / 48_000 - time - shift
        let value = Float(0.4 * exp(-t * 60) * sin(2 * .pi * 1800 * t))
        sound.samples[n] += SIMD2(value, 0.6 * value)
      }
    }
    return sound
  }

  @Test("gradients reach every parameter")
  func gradients() {
    var network = SoundAutoencoder(Self.small)
    var random = RandomStream(seed: 2, "gradients")
    network.forEachParameter { name, tensor in
      // What begins with zeros lets nothing through.
      guard name.hasSuffix("mix.weight") || name == "encoder.latent.weight" else { return }
      tensor = Initialization.fanInUniform.tensor(tensor.shape, random: &random)
    }
    let blocks = Initialization.normal(standardDeviation: 0.3).tensor([2, 40, 250], random: &random)
    let loss = SoundLoss(windows: [100, 500])
    let (_, gradients) = valueAndGradients(of: network) { loss($0.decode(latents: $0.encode(blocks: blocks)), target: blocks) }
    #expect(gradients.tensors.count == network.parameters.count)
    for (name, gradient) in gradients.tensors { #expect(gradient.sumOfSquares > 0, "\(name)") }
  }

  @Test("latents come at 96 a second and give back as many samples", arguments: [1, 499, 500, 48_000, 12_345])
  func lengths(samples: Int) {
    let network = SoundAutoencoder(Self.small)
    let sound = AudioBuffer(samples: (0..<samples).map { SIMD2(Float(sin(Double($0) / 9)), 0.1) })
    let latents = network.encode(sound)
    #expect(latents.shape == [1, (samples + 499) / 500, 8])
    #expect(network.sound(of: latents, samples: samples).samples.count == samples)
  }

  @Test("short overlapping spectra lead back to the sound, whatever it is, and hold its energy")
  func spectra() {
    var random = RandomStream(seed: 5, "spectra")
    let blocks = Initialization.normal(standardDeviation: 0.2).tensor([2, 12, 250], random: &random)
    let spectra = OverlappingSpectra(of: blocks)
    let (back, whole) = (spectra.blocks.slice(axis: 1, 1..<12), blocks.slice(axis: 1, 1..<12))
    for (a, b) in zip(back.floats(), whole.floats()) { #expect(abs(a - b) < 1e-5) }
    // Windows' squares add up to 1, but for the first half of the first.
    let silent = blocks.slice(axis: 1, 1..<12).padded(axis: 1, before: 1, after: 0)
    let told = OverlappingSpectra(of: silent)
    let energy = (told.real.squared() + told.imaginary.squared()).sum().scalar
    #expect(abs(energy / silent.squared().sum().scalar - 1) < 1e-4)
  }

  @Test("stereo comes back as it was, and silence fills the last block")
  func middleAndSide() {
    let samples = (0..<300).map { SIMD2(Float(sin(Double($0))) * 0.7, Float(cos(Double($0))) * 0.2) }
    let back = MiddleSide.samples(MiddleSide.blocks(samples[...], count: 3))
    for (a, b) in zip(back, samples + Array(repeating: .zero, count: 75)) {
      #expect((a - b).max() < 1e-6 && (b - a).max() < 1e-6)
    }
  }

  @Test("the loss is least where the sound is right, and hears a change of loudness, pitch and time")
  func loss() {
    let loss = SoundLoss(windows: [100, 500])
    func blocks(_ sound: AudioBuffer) -> Tensor {
      Tensor(MiddleSide.blocks(sound.samples[...], count: 256), shape: [1, 256, 250])
    }
    let right = blocks(Self.blows(at: [0.2, 0.5]))
    let least = loss(right, target: right).scalar
    for other in [Self.blows(at: [0.2]), Self.blows(at: [0.2, 0.5], shift: 0.01), Self.blows(at: [0.3, 0.5])] {
      #expect(loss(blocks(other), target: right).scalar > 1.5 * least)
    }
    // Near an onset an error counts more than elsewhere.
    let late = blocks(Self.blows(at: [0.2, 0.503]))
    #expect(
      loss(late, target: right, onsets: [[9600, 24_000]]).scalar > 1.2 * loss(late, target: right, onsets: [[9600]]).scalar)
  }

  @Test("onsets are found to a millisecond, and their shift too", arguments: [0, 0.001, 0.004])
  func onsets(shift: Double) {
    let times = [0.15, 0.4, 0.71]
    let original = Self.blows(at: times)
    let found = SoundQuality.onsets(of: original)
    #expect(found.count == 3 && zip(found, times).allSatisfy { abs($0 - $1) < 1e-3 })
    let (shifts, missed) = SoundQuality.onsetShifts(Self.blows(at: times, shift: shift), original)
    #expect(missed == 0 && shifts.allSatisfy { abs($0 - shift) < 1e-3 })
    #expect(SoundQuality.onsetShifts(AudioBuffer(silenceFor: 1), original).missed == 3)
  }

  @Test("the log-spectral distance of a gain is that gain in decibels")
  func spectralDistance() {
    var stream = RandomStream(seed: 3, "noise")
    let original = AudioBuffer(samples: (0..<20_000).map { _ in SIMD2(repeating: Float(0.1 * stream.normal())) })
    let louder = AudioBuffer(samples: original.samples.map { $0 * 2 })
    #expect(abs(SoundQuality.logSpectralDistance(louder, original) - 20 * log10(2)) < 0.01)
    #expect(SoundQuality.logSpectralDistance(original, original) == 0)
  }

  @Test("what is learnt shows, and training resumed is training that never stopped, bit for bit")
  func training() throws {
    var settings = SoundReconstruction.Settings()
    (settings.stretches, settings.samples) = (1, 8000)
    var schedule = SoundReconstruction.schedule
    schedule.steps = 64
    func training() -> Training<SoundReconstruction> {
      Training(SoundReconstruction(on: TestData.shards, settings, network: Self.small), schedule)
    }
    let (state, weights, others) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [state, weights, others] { try? FileManager.default.removeItem(atPath: path) } }
    let whole = training()
    let losses = try (0..<48).map { _ in try whole.advance() }
    try whole.writeState(to: state)
    let rest = try (0..<16).map { _ in try whole.advance() }
    // The fixed transform is right at once but for a few percent; what is above the least loss is to be learnt.
    let silence = Tensor.zeros([1, 64, 250])
    let least = 16 * SoundLoss()(silence, target: silence).scalar
    #expect(rest.reduce(0, +) - least < 0.5 * (losses.prefix(16).reduce(0, +) - least))
    let resumed = training()
    try resumed.resume(from: state)
    #expect(try (0..<16).map { _ in try resumed.advance() } == rest)
    for (training, path) in [(whole, weights), (resumed, others)] { try training.writeWeights(to: path) }
    #expect(try Data(contentsOf: URL(filePath: weights)) == Data(contentsOf: URL(filePath: others)))
    #expect(try SoundAutoencoder(contentsOf: weights).configuration == Self.small)
    // A network for pictures doesn't take weights for sound.
    let foreign = #expect(throws: WeightsError.self) { try VideoAutoencoder(contentsOf: weights) }
    #expect(foreign?.description.contains("it holds a sound-autoencoder, and a video-autoencoder is needed") == true)
  }
}
