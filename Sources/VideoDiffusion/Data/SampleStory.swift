import Foundation
import WorldCore

/// What a sample's document says that networks are told: its captions, its style, its sky, its ambience, its frames a
/// second.
struct SampleStory: Sendable {
  let framesPerSecond: Double
  /// nil where the look has no number.
  let style: GeneratorStyle?
  /// nil where it isn't told.
  let sky: Stage.Light.Sky?
  let ambience: Stage.Ambience?
  /// English, then Italian.
  let captions: [String]

  private struct Document: Decodable {
    struct Captions: Decodable { var en, it: [String] }
    var fps: Double
    var style: String
    var sky: String?
    var ambience: String?
    var captions: Captions
  }

  /// - Throws: `TrainingDataError`.
  init(_ sample: ShardSample) throws(TrainingDataError) {
    guard let document = sample.members["json"].flatMap({ try? JSONDecoder().decode(Document.self, from: Data($0)) }) else {
      throw .badSample(key: sample.key, problem: "its .json is missing or damaged")
    }
    framesPerSecond = document.fps
    style = GeneratorStyle(rawValue: document.style)
    ambience = document.ambience.flatMap { Stage.Ambience(rawValue: $0) }
    sky = document.sky.flatMap { Stage.Light.Sky(rawValue: $0) }
    captions = document.captions.en + document.captions.it
  }
}
