import Foundation
package import Tensors
import WorldCore

/// How far a sound is from its reconstruction: the logarithms of its short-time spectra over several lengths of window
/// (Yamamoto et al. 2020), of which the shortest hold an onset to its time, and its companded spectra with their phases.
///
/// Onsets are a hundredth of all sound and what is seen to fit or not: errors near them count more.
package struct SoundLoss {
  var phaseWeight = 1.0
  /// How much what lies within `onsetReach` seconds of an onset counts, in spectra that can tell.
  var onsetWeight: Float = 8
  var onsetReach = 0.01
  private let spectra: [ShortTimeSpectrum]

  package init(windows: [Int] = [100, 500, 1000]) { spectra = windows.map(ShortTimeSpectrum.init) }

  /// Of blocks [batch, blocks, 250], float32, which have more samples than the longest window.
  ///
  /// - Parameter onsets: of each sound of the batch, in samples.
  package func callAsFunction(_ blocks: Tensor, target: Tensor, onsets: [[Int]] = []) -> Tensor {
    let (x, y) = (OverlappingSpectra(of: blocks), OverlappingSpectra(of: target))
    let (a, b) = (x.companded(x.logarithms), y.companded(y.logarithms))
    let phases = ((a.real - b.real).squared() + (a.imaginary - b.imaginary).squared() + 1e-4).squareRoot().mean()
    let (sound, original) = (channels(blocks), channels(target))
    let terms = spectra.map { spectrum -> Tensor in
      let d = spectrum.logarithms(sound, floor: Self.floor) - spectrum.logarithms(original, floor: Self.floor)
      let errors = (d.squared() + 1e-2).squareRoot().mean(over: [2])
      guard let weights = weights(spectrum, onsets, frames: errors.shape[1]) else { return errors.mean() }
      return (errors * weights).mean()
    }
    return phases * phaseWeight + terms.dropFirst().reduce(terms[0]) { $0 + $1 } / Double(terms.count)
  }

  /// Energies below this count as silence: −70 dB, where there is only the noise of a room, whose every peak is chance.
  private static let floor = 1e-7

  /// [2·batch, frames] of mean 1; nil where windows are too long to tell an onset's place.
  private func weights(_ spectrum: ShortTimeSpectrum, _ onsets: [[Int]], frames: Int) -> Tensor? {
    let reach = onsetReach * Double(AudioBuffer.standardSampleRate)
    guard !onsets.isEmpty, Double(spectrum.window) <= 2 * reach else { return nil }
    var values: [Float] = []
    for sound in onsets {
      let single = (0..<frames).map { frame -> Float in
        let middle = Double(frame * spectrum.window / 4 + spectrum.window / 2)
        return sound.contains { abs(Double($0) - middle) <= reach } ? onsetWeight : 1
      }
      values += single + single
    }
    let mean = values.reduce(0, +) / Float(values.count)
    return Tensor(values.map { $0 / mean }, shape: [2 * onsets.count, frames])
  }

  /// [2·batch, samples]: middle and side apart.
  private func channels(_ blocks: Tensor) -> Tensor {
    let (batch, count) = (blocks.shape[0], blocks.shape[1])
    let apart = blocks.reshaped([batch, count, 2, MiddleSide.block]).permuted([0, 2, 1, 3])
    return apart.reshaped([2 * batch, count * MiddleSide.block])
  }
}
