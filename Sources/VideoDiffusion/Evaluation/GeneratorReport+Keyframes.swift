import WorldCore

extension GeneratorReport {
  /// What comes between a first and a last frame that are given, beside the renders: pixels that fade from one to the other, the
  /// generator told ever more, and the shaded views without the two.
  ///
  /// - Parameter progress: clips done and in all; what it throws ends the work.
  public static func betweenKeyframes(
    of generator: ClipGenerator, student: ClipGenerator? = nil, on shards: SampleShards, gallery: HeldOutGallery = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [GeneratorReport] {
    let samples = SampleReader(shards, capacity: 0, size: { (_: ShardSample) in 1 }, make: { $0 })
    let rows: [(given: Told, steps: Int, generator: ClipGenerator, isThrough: Bool)] =
      [
        (.words, 1, generator, true), (.words, 4, generator, true), (.controls, 4, generator, true),
        (.geometry, 0, generator, true), (.geometry, 2, generator, true), (.everything, 0, generator, true),
        (.everything, 2, generator, true), (.geometry, 0, generator, false), (.everything, 0, generator, false),
      ] + (student.map { student in Told.allCases.map { ($0, 2, student, true) } } ?? [])
    var reports = [GeneratorReport(given: "first and last frame, cross-fade", steps: 0)]
    reports += rows.map {
      GeneratorReport(
        given: ($0.isThrough ? "first and last frame, " : "no frame, ") + $0.given.rawValue, steps: $0.steps,
        isStudent: $0.generator.isStudent)
    }
    var displacements = reports.map { _ in [Double]() }
    var (energy, frames) = (0.0, 0)
    let places = try shards.heldOutOrThrow()
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let sample = try samples.item(at: place)
      let truth = try MeasuredClip(sample)
      let last = truth.frames.count - 1
      guard last > 1 else { continue }
      func keep(_ label: String, _ pictures: [Image<SRGB8>]) {
        if index < galleryClips { gallery(HeldOutPicture(clip: sample.key, label: label, image: pictures[last / 2])) }
      }
      func compare(_ pictures: [Image<SRGB8>], _ row: Int) {
        for k in 1..<last {
          reports[row].psnr += PictureQuality.peakSignalToNoise(pictures[k], truth.frames[k])
          reports[row].ssim += PictureQuality.structuralSimilarity(pictures[k], truth.frames[k])
          reports[row].sharpness += PictureQuality.gradientEnergy(pictures[k])
          displacements[row] += truth.displacements(of: pictures[k], frame: k)
        }
        reports[row].clips += 1
        keep(reports[row].title, pictures)
      }
      keep("render", truth.frames)
      energy += truth.frames[1..<last].reduce(0) { $0 + PictureQuality.gradientEnergy($1) }
      frames += last - 1
      compare((0...last).map { truth.frames[0].faded(to: truth.frames[last], by: Double($0) / Double(last)) }, 0)
      for (row, (given, steps, generator, isThrough)) in rows.enumerated() {
        var options = ClipGenerator.Options()
        (options.steps, options.without) = (steps, given.without)
        if isThrough { (options.given, options.keyframes) = ([truth.frames[0]], [last: truth.frames[last]]) }
        var pictures: [Image<SRGB8>] = []
        _ = try generator.generate(
          given.world(sample, generator, isShown: steps == 0), options: options, show: { pictures.append($0) })
        compare(pictures, row + 1)
      }
    }
    for row in reports.indices {
      reports[row].psnr /= Double(frames)
      reports[row].ssim /= Double(frames)
      reports[row].sharpness /= energy
      if !displacements[row].isEmpty {
        reports[row].moverError = displacements[row].reduce(0, +) / Double(displacements[row].count)
      }
    }
    return reports
  }

  /// What is told besides the two frames.
  private enum Told: String, CaseIterable {
    case words
    /// Controls, motion and words, and nothing to add to but the frames.
    case controls = "controls, no base"
    case geometry = "geometry only"
    case everything

    var without: Set<ClipGenerator.Condition> {
      switch self {
      case .words: Ablation.textOnly.without
      case .controls, .geometry: Ablation.geometryOnly.without
      case .everything: []
      }
    }

    func world(_ sample: ShardSample, _ generator: ClipGenerator, isShown: Bool) throws -> WorldConditions {
      let shader =
        switch self {
        case .words, .controls: NeuralShader?.none
        case .geometry: generator.geometry
        case .everything: generator.shader
        }
      return try ConditionedClip.conditions(
        of: sample, isPlain: self == .everything, encoder: isShown ? nil : generator.pictures, shader: shader)
    }
  }
}

extension Image<SRGB8> {
  /// A mixture of two pictures: this at 0, the other at 1.
  fileprivate func faded(to other: Self, by share: Double) -> Self {
    func mixed(_ a: UInt8, _ b: UInt8) -> UInt8 { UInt8((Double(a) * (1 - share) + Double(b) * share).rounded()) }
    return Image(
      width: width, height: height,
      pixels: zip(pixels, other.pixels).map { a, b in
        SRGB8(red: mixed(a.red, b.red), green: mixed(a.green, b.green), blue: mixed(a.blue, b.blue))
      })
  }
}
