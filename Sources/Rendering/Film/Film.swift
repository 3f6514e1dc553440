/// The sums of a picture's path samples, part by part, and the features that steer the filter.
final class Film: Sendable {
  let width: Int
  let height: Int
  /// Light as on a white wall (RGB) and the variance of its luminance.
  let keyLight: Plane2D<SIMD4<Float>>
  let ambient: Plane2D<SIMD4<Float>>
  /// Radiance (RGB) and the variance of its luminance.
  let specular: Plane2D<SIMD4<Float>>
  let diffuse: Plane2D<SIMD4<Float>>
  let clean: Plane2D<SIMD4<Float>>
  /// Unit normal, and the roughness of the mirroring layer.
  let normal: Plane2D<SIMD4<Float>>
  /// Mean position, and the pixel's width there.
  let position: Plane2D<SIMD4<Float>>
  /// The item most samples met, −1 for the backdrop; and the share of samples that met it.
  let item: Plane2D<Int32>

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    func plane() -> Plane2D<SIMD4<Float>> { Plane2D(width: width, height: height, filledWith: .zero) }
    (keyLight, ambient, specular, diffuse) = (plane(), plane(), plane(), plane())
    (clean, normal, position) = (plane(), plane(), plane())
    item = Plane2D(width: width, height: height, filledWith: -1)
  }

  /// Averages the samples of one pixel.
  func develop(_ samples: UnsafeBufferPointer<PathSample>, x: Int, y: Int, pixelAngle: Float, eye: Float3) {
    let count = Float(samples.count)
    var (key, ambient, diffuse) = (Float3.zero, Float3.zero, Float3.zero)
    var (specular, clean, normal, position) = (Float3.zero, Float3.zero, Float3.zero, Float3.zero)
    var (keyMoments, ambientMoments, specularMoments) = (SIMD2<Float>.zero, SIMD2<Float>.zero, SIMD2<Float>.zero)
    var (covered, roughness) = (Float(0), Float(0))
    var item = samples[0].item
    var votes = 0
    for sample in samples {
      // The majority by Boyer and Moore's vote.
      if votes == 0 { item = sample.item }
      votes += sample.item == item ? 1 : -1
      key += sample.keyLight * sample.diffuse
      ambient += sample.ambient * sample.diffuse
      diffuse += sample.diffuse
      specular += sample.specular
      clean += sample.clean
      let l = SIMD4(sample.keyLight.luminance, sample.ambient.luminance, sample.specular.luminance, 0)
      keyMoments += SIMD2(l.x, l.x * l.x)
      ambientMoments += SIMD2(l.y, l.y * l.y)
      specularMoments += SIMD2(l.z, l.z * l.z)
      if sample.item >= 0 {
        normal += sample.normal
        position += sample.position
        roughness += sample.roughness
        covered += 1
      }
    }
    func variance(_ moments: SIMD2<Float>) -> Float {
      let mean = moments / count
      return max(0, mean.y - mean.x * mean.x) / count
    }
    // Light without colour is weighed by colour, so that light times colour is the true average even where a pixel straddles
    // two things.
    let safe = pointwiseMax(diffuse, Float3(repeating: 1e-6))
    self.keyLight.row(y)[x] = SIMD4(key / safe, variance(keyMoments))
    self.ambient.row(y)[x] = SIMD4(pointwiseMax(ambient / safe, .zero), variance(ambientMoments))
    self.specular.row(y)[x] = SIMD4(pointwiseMax(specular / count, .zero), variance(specularMoments))
    self.diffuse.row(y)[x] = SIMD4(diffuse / count, 0)
    self.clean.row(y)[x] = SIMD4(clean / count, 0)
    let meanPosition = covered > 0 ? position / covered : .zero
    self.normal.row(y)[x] = SIMD4(normal.lengthSquared > 1e-8 ? normal.normalized : .zero, roughness / max(covered, 1))
    self.position.row(y)[x] = SIMD4(meanPosition, (meanPosition - eye).length * pixelAngle)
    self.item.row(y)[x] = item
  }
}
