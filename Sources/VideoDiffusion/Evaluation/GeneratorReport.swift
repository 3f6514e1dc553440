import Foundation
import Tensors
import WorldCore

/// How near generated clips come to renders of the same simulations that training never saw, given some of the conditions.
///
/// What is won by conditioning is faithful rendering of a simulation, not physics that the network learnt.
public struct GeneratorReport: Sendable, Codable, Equatable {
  /// What the network was given.
  public var given: String
  public var steps: Int
  /// Whether they were a distilled student's.
  public var isStudent = false
  public var clips = 0
  /// Means over the frames.
  public var psnr = 0.0
  public var ssim = 0.0
  /// Energy of the luma's gradients, as a share of the renders': less is blurred, more is noise.
  public var sharpness = 0.0
  /// Pixels by which moving bodies are displaced; nil where none could be measured.
  public var moverError: Double?
  /// dB; nil where no sound was made.
  public var logSpectralDistance: Double?
  /// Milliseconds by which the renders' onsets are shifted, the median of those found within 20 ms; nil where none was.
  public var medianOnsetShift: Double?
  /// Share of the renders' onsets that were found; nil where there is none, or no sound was made.
  public var onsetsFound: Double?

  /// One row for each set of conditions: the autoencoder alone (the best that can be), the plain view as it is, everything and
  /// geometry only in several numbers of steps, of which none is the shader alone, and ever less; a student, where there is
  /// one.
  ///
  /// - Parameters:
  ///   - gallery: takes pictures and spectrograms of the first clips.
  ///   - progress: clips done and in all; what it throws ends the work.
  public static func ablations(
    of generator: ClipGenerator, student: ClipGenerator? = nil, on shards: SampleShards, gallery: HeldOutGallery = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [GeneratorReport] {
    let places = try shards.heldOutOrThrow()
    let samples = SampleReader(shards, capacity: 0, size: { (_: ShardSample) in 1 }, make: { $0 })
    let taught: [(given: Ablation, steps: Int, generator: ClipGenerator)] =
      student.map { student in [1, 2, 4].map { (.everything, $0, student) } + [(.geometryOnly, 2, student)] } ?? []
    let rows =
      [
        (given: .everything, steps: 0, generator: generator), (.everything, 1, generator), (.everything, 2, generator),
        (.everything, 4, generator), (.everything, 20, generator),
      ] + taught + [
        (.geometryOnly, 0, generator), (.geometryOnly, 1, generator), (.geometryOnly, 4, generator),
        (.geometryOnly, 20, generator), (.textOnly, 4, generator), (.unconditioned, 4, generator),
      ]
    var reports = [
      GeneratorReport(given: "render through the autoencoder", steps: 0),
      GeneratorReport(given: "plain view, no network", steps: 0),
    ]
    reports += rows.map { GeneratorReport(given: $0.given.rawValue, steps: $0.steps, isStudent: $0.generator.isStudent) }
    var displacements = reports.map { _ in [Double]() }
    var shifts = reports.map { _ in (found: [Double](), missed: 0) }
    var energy = 0.0
    var frames = 0
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let sample = try samples.item(at: place)
      let truth = try MeasuredClip(sample)
      // What is shown alone, and what is added to, of the plain view and of flat colours.
      func world(isPlain: Bool, isShown: Bool) throws -> WorldConditions {
        try ConditionedClip.conditions(
          of: sample, isPlain: isPlain, encoder: isShown ? nil : generator.pictures,
          shader: isPlain ? generator.shader : generator.geometry, drawnSound: generator.drawnSound)
      }
      let original = try SoundClip(sample).sound
      func keep(_ label: String, _ pictures: [Image<SRGB8>], _ sound: AudioBuffer?) {
        guard index < galleryClips else { return }
        gallery(HeldOutPicture(clip: sample.key, label: label, image: pictures[pictures.count / 2]))
        if let sound {
          gallery(HeldOutPicture(clip: sample.key, label: label, image: Spectrogram.image(of: sound), isSound: true))
        }
      }
      keep("render", truth.frames, original)
      energy += truth.frames.reduce(0) { $0 + PictureQuality.gradientEnergy($1) }
      func compare(_ pictures: [Image<SRGB8>], _ sound: AudioBuffer?, _ row: Int) {
        for (k, picture) in pictures.enumerated() {
          reports[row].psnr += PictureQuality.peakSignalToNoise(picture, truth.frames[k])
          reports[row].ssim += PictureQuality.structuralSimilarity(picture, truth.frames[k])
          reports[row].sharpness += PictureQuality.gradientEnergy(picture)
          displacements[row] += truth.displacements(of: picture, frame: k)
        }
        if let sound {
          reports[row].logSpectralDistance =
            (reports[row].logSpectralDistance ?? 0) + SoundQuality.logSpectralDistance(sound, original) / Double(places.count)
          let (found, missed) = SoundQuality.onsetShifts(sound, original)
          shifts[row].found += found
          shifts[row].missed += missed
        }
        reports[row].clips += 1
        let report = reports[row]
        if rows.indices.contains(row - 2), Self.shownSteps.contains(report.steps) { keep(report.title, pictures, sound) }
      }
      let coded = generator.pictures.frames(
        of: generator.pictures.encode(truth.frames), width: truth.width, height: truth.height)
      compare(coded, generator.sounds.sound(of: generator.sounds.encode(original), samples: original.samples.count), 0)
      compare(try Self.plainView(of: sample), nil, 1)
      for (row, setting) in rows.enumerated() {
        var options = ClipGenerator.Options()
        (options.steps, options.without) = (setting.steps, setting.given.without)
        var pictures: [Image<SRGB8>] = []
        let sound = try setting.generator.generate(
          world(isPlain: setting.given == .everything, isShown: setting.steps == 0), options: options,
          show: { pictures.append($0) })
        compare(pictures, sound, row + 2)
      }
      frames += truth.frames.count
    }
    for row in reports.indices {
      reports[row].psnr /= Double(frames)
      reports[row].ssim /= Double(frames)
      reports[row].sharpness /= energy
      let (found, missed) = shifts[row]
      if !found.isEmpty { reports[row].medianOnsetShift = 1000 * found.sorted()[found.count / 2] }
      if found.count + missed > 0 { reports[row].onsetsFound = Double(found.count) / Double(found.count + missed) }
      if !displacements[row].isEmpty {
        reports[row].moverError = displacements[row].reduce(0, +) / Double(displacements[row].count)
      }
    }
    return reports
  }

  /// What was given and how it was made, in a few words.
  public var title: String {
    guard steps > 0 else { return given }
    return "\(given), \(steps == 1 ? "1 step" : "\(steps) steps")" + (isStudent ? " of the student" : "")
  }

  /// Numbers of steps whose pictures are kept.
  private static let shownSteps = [0, 4]

  private static func plainView(of sample: ShardSample) throws -> [Image<SRGB8>] {
    guard let clip = sample.members["preview.mp4"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its plain view is missing")
    }
    let decoded = try PixelClip.decode(clip)
    return decoded.frames.map { Image(width: decoded.width, height: decoded.height, bytes: $0) }
  }

  init(given: String, steps: Int, isStudent: Bool = false) {
    (self.given, self.steps, self.isStudent) = (given, steps, isStudent)
  }
}
