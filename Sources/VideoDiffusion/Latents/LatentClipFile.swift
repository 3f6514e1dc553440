import Foundation
import Safetensors
import Tensors
import WorldCore

/// A clip's latents with all that is told of it, in one file: what the transformer is trained on where there is no autoencoder,
/// shader or renderer, such as by its twin in PyTorch.
///
/// safetensors whose header says `format: mondo-latents/1`, the clip's `key`, its `frames`, `width` and `height` in pixels,
/// `frames_per_second`, its video tokens `times`, `rows` and `columns`, and `source`, a digest of what it was made of. Time comes
/// first, so that a stretch is one piece of each tensor:
///
/// | tensor | shape | |
/// |---|---|---|
/// | `video` | times, rows·columns, 16·latent width | BF16: the picture's latents as `VideoTokens` has them |
/// | `base`, `flat_base` | as `video` | those of the shaded view, and of the one over flat colours; each may be missing |
/// | `controls` | times, rows·columns, 704 | BF16: depth, normals, parts, flow and impulses |
/// | `sound`, `sound_base` | sound tokens, 4·latent width | F32: the sound's latents, and those of the drawn sound, which may be missing |
/// | `bodies.moments`, `.places`, `.properties` | times, bodies, 16; times, bodies, 2; bodies, 32 | F32: see `BodyFeatures`; missing where nothing moves |
/// | `contacts.rows`, `.times`, `.impulses`, `.places` | contacts, 42; contacts; contacts; contacts, 2 | F32, places F64: see `ContactFeatures` |
/// | `captions.words`, `captions.lengths` | words; captions | I64: all captions' hashes one behind the other (`CaptionWords`), and how many each has |
/// | `styles` | frames, or none | I32: each frame's look |
///
/// How a stretch is cut is `WorldConditions.window`'s to say.
package struct LatentClipFile {
  static let format = "mondo-latents/1"

  let path: String

  package init(path: String) { self.path = path }

  // MARK: writing

  func write(_ clip: ConditionedClip, key: String, source: String) throws {
    let told = clip.conditions
    var tensors = [
      Self.named("video", clip.video), Self.named("sound", clip.sound, shape: Array(clip.sound.shape.dropFirst())),
    ]
    for (name, tensor) in [
      ("base", told.base(0..<told.tokens.time)), ("flat_base", clip.flatBase),
      ("controls", told.controls(0..<told.tokens.time)),
    ] {
      if let tensor { tensors.append(Self.named(name, tensor)) }
    }
    if let base = told.soundBase { tensors.append(Self.named("sound_base", base, shape: Array(base.shape.dropFirst()))) }
    if let bodies = told.bodies {
      tensors += [
        NamedTensor("bodies.moments", shape: [told.tokens.time, bodies.count, BodyFeatures.momentWidth], bodies.moments),
        NamedTensor("bodies.places", shape: [told.tokens.time, bodies.count, 2], bodies.places),
        NamedTensor("bodies.properties", shape: [bodies.count, BodyFeatures.propertyWidth], bodies.properties),
      ]
    }
    if let contacts = told.contacts {
      let count = contacts.times.count
      tensors += [
        NamedTensor("contacts.rows", shape: [count, ContactFeatures.width], contacts.rows),
        NamedTensor("contacts.times", shape: [count], contacts.times),
        NamedTensor("contacts.impulses", shape: [count], contacts.impulses),
        NamedTensor("contacts.places", shape: [count, 2], contacts.places),
      ]
    }
    let words = told.captions.flatMap(\.hashes).map { Int64(bitPattern: $0) }
    tensors += [
      NamedTensor("captions.words", shape: [words.count], words),
      NamedTensor("captions.lengths", shape: [told.captions.count], told.captions.map { Int64($0.hashes.count) }),
      NamedTensor("styles", shape: [told.styles.count], told.styles.map { Int32($0) }),
    ]
    let metadata = [
      "format": Self.format, "key": key, "source": source, "frames": "\(told.frameCount)", "width": "\(told.width)",
      "height": "\(told.height)", "frames_per_second": "\(told.framesPerSecond)", "times": "\(told.tokens.time)",
      "rows": "\(told.tokens.rows)", "columns": "\(told.tokens.columns)",
    ]
    try AtomicFile.write(SafetensorsFile.encode(tensors, metadata: metadata), to: path)
  }

  private static func named(_ name: String, _ tensor: Tensor, shape: [Int]? = nil) -> NamedTensor {
    let element: Safetensors.ElementType = tensor.elementType == .bfloat16 ? .bfloat16 : .float32
    precondition(element == .bfloat16 || tensor.elementType == .float32, "latents are kept in one of two types")
    return NamedTensor(name, element: element, shape: shape ?? tensor.shape, bytes: tensor.withBytes { Array($0) })
  }

  // MARK: reading

  /// Of what the file was made; nil where there is none that is whole.
  var source: String? {
    guard let file = try? SafetensorsFile(path: path), file.metadata["format"] == Self.format else { return nil }
    return file.metadata["source"]
  }

  /// - Throws: `SafetensorsError`, `TrainingDataError`.
  package func read() throws -> ConditionedClip {
    let file = try SafetensorsFile(path: path)
    func number(_ name: String) throws -> Int {
      guard let value = file.metadata[name].flatMap({ Int($0) }) else {
        throw TrainingDataError.badSample(key: path, problem: "its header has no '\(name)'")
      }
      return value
    }
    func tensor(_ name: String) throws -> Tensor? {
      guard let description = file[name] else { return nil }
      let type: Tensors.ElementType = description.element == .bfloat16 ? .bfloat16 : .float32
      return try file.withBytes(of: name) { Tensor(bytes: $0, shape: description.shape, elementType: type) }
    }
    func sound(_ name: String) throws -> Tensor? { try tensor(name).map { $0.reshaped([1] + $0.shape) } }

    let bodies = try file["bodies.properties"].map {
      BodyFeatures(
        count: $0.shape[0], moments: try file.elements(of: "bodies.moments"), places: try file.elements(of: "bodies.places"),
        properties: try file.elements(of: "bodies.properties"))
    }
    let contacts = try file["contacts.rows"].map { _ in
      ContactFeatures(
        rows: try file.elements(of: "contacts.rows"), times: try file.elements(of: "contacts.times"),
        impulses: try file.elements(of: "contacts.impulses"), places: try file.elements(of: "contacts.places"))
    }
    var words = try file.elements(of: "captions.words", as: Int64.self)[...]
    let captions = try file.elements(of: "captions.lengths", as: Int64.self).map { count in
      defer { words = words.dropFirst(Int(count)) }
      return CaptionWords(hashes: words.prefix(Int(count)).map { UInt64(bitPattern: $0) })
    }
    guard let rate = file.metadata["frames_per_second"].flatMap({ Double($0) }), let video = try tensor("video"),
      let heard = try sound("sound")
    else { throw TrainingDataError.badSample(key: path, problem: "it lacks its frame rate, its pictures or its sound") }
    let conditions = WorldConditions(
      frameCount: try number("frames"), width: try number("width"), height: try number("height"),
      tokens: (try number("times"), try number("rows"), try number("columns")), framesPerSecond: rate, base: try tensor("base"),
      controls: try tensor("controls"), soundBase: try sound("sound_base"), bodies: bodies, contacts: contacts,
      captions: captions,
      styles: try file.elements(of: "styles", as: Int32.self).map { Int($0) })
    return ConditionedClip(conditions, video: video, sound: heard, flatBase: try tensor("flat_base"))
  }
}
