import NeuralNetworks
public import Tensors
public import WorldCore

extension SoundAutoencoder {
  /// The latents of 48 kHz sound, centred and of unit deviation: [1, ⌈samples / 500⌉, latentWidth]. Silence fills the last one.
  public func encode(_ sound: AudioBuffer) -> Tensor {
    precondition(sound.sampleRate == AudioBuffer.standardSampleRate, "sound is coded at 48 kHz")
    precondition(!sound.samples.isEmpty, "sound to be coded has at least one sample")
    return statistics.normalized(encode(blocks: Self.blocks(of: sound)))
  }

  /// Blocks of whole latents [1, 4·latents, 250].
  static func blocks(of sound: AudioBuffer) -> Tensor {
    let count = (sound.samples.count + hop - 1) / hop * spectra
    return Tensor(MiddleSide.blocks(sound.samples[...], count: count), shape: [1, count, MiddleSide.width])
  }

  /// The sound of latents [1, latents, latentWidth], `samples` long.
  public func sound(of latents: Tensor, samples: Int) -> AudioBuffer {
    precondition(latents.shape[1] * Self.hop >= samples, "latents of shape \(latents.shape) don't cover \(samples) samples")
    let blocks = decode(latents: statistics.restored(latents))
    return AudioBuffer(samples: Array(MiddleSide.samples(blocks.floats()).prefix(samples)))
  }
}
