import NeuralNetworks
public import Tensors
public import WorldCore

extension SoundAutoencoder {
  /// The latents of 48 kHz sound, centred and of unit deviation: [1, ⌈samples / 500⌉, latentWidth]. Silence fills the last one.
  public func encode(_ sound: AudioBuffer) -> Tensor {
    precondition(sound.sampleRate == AudioBuffer.standardSampleRate, "sound is coded at 48 kHz")
    precondition(!sound.samples.isEmpty, "sound to be coded has at least one sample")
    let latents = (sound.samples.count + Self.hop - 1) / Self.hop
    var values = Companding.compressed(sound.samples[...])
    values += [Float](repeating: 0, count: 2 * latents * Self.hop - values.count)
    let blocks = Tensor(values, shape: [1, latents * Self.hop / Self.block, Self.blockWidth])
    return statistics.normalized(encode(blocks: blocks.converted(to: entry.weight.elementType)))
  }

  /// The sound of latents [1, latents, latentWidth], `samples` long.
  public func sound(of latents: Tensor, samples: Int) -> AudioBuffer {
    precondition(latents.shape[1] * Self.hop >= samples, "latents of shape \(latents.shape) don't cover \(samples) samples")
    let blocks = decode(latents: statistics.restored(latents).converted(to: entry.weight.elementType))
    return AudioBuffer(samples: Array(Companding.expanded(blocks.floats()).prefix(samples)))
  }
}
