/// Smooths the light of a film between pixels of the same surface.
///
/// The à-trous wavelet transform with edge-stopping weights (Dammertz et al. 2010), its tolerance to differences of brightness
/// set by each pixel's own variance, as in spatiotemporal variance-guided filtering (Schied et al. 2017), but without the past:
/// a frame depends on no other frame. Colour and pattern are outside, so they stay sharp.
struct EdgeAwareFilter {
  let film: Film
  let threads: Int
  /// Taps 1, 2, 4 … pixels apart.
  var passes = 5

  private struct Signals: BitwiseCopyable {
    var key: SIMD4<Float>
    var ambient: SIMD4<Float>
    var specular: SIMD4<Float>
  }

  /// The picture in linear radiance.
  func developed() -> Plane2D<SIMD4<Float>> {
    let (width, height) = (film.width, film.height)
    let empty = Signals(key: .zero, ambient: .zero, specular: .zero)
    var source = Plane2D(width: width, height: height, filledWith: empty)
    var target = Plane2D(width: width, height: height, filledWith: empty)
    let first = source
    RowDispatch.forEachRow(height, threads: threads) { y in gather(y, into: first) }
    for pass in 0..<passes {
      let (from, to) = (source, target)
      RowDispatch.forEachRow(height, threads: threads) { y in smooth(y, step: 1 << pass, pass: pass, from, to) }
      swap(&source, &target)
    }
    let picture = Plane2D(width: width, height: height, filledWith: SIMD4<Float>.zero)
    let smoothed = source
    RowDispatch.forEachRow(height, threads: threads) { y in
      for x in 0..<width {
        let signals = smoothed.row(y)[x]
        picture.row(y)[x] = film.diffuse.row(y)[x] * (signals.key + signals.ambient) + signals.specular + film.clean.row(y)[x]
      }
    }
    return picture
  }

  /// Copies the film's light, with each variance averaged over its neighbours: eight samples tell little about their own
  /// spread.
  private func gather(_ y: Int, into target: Plane2D<Signals>) {
    for x in 0..<film.width {
      var variance = SIMD3<Float>.zero
      var weight: Float = 0
      for dy in max(y - 1, 0)...min(y + 1, film.height - 1) {
        for dx in max(x - 1, 0)...min(x + 1, film.width - 1) where film.item.row(dy)[dx] == film.item.row(y)[x] {
          variance += SIMD3(film.keyLight.row(dy)[dx].w, film.ambient.row(dy)[dx].w, film.specular.row(dy)[dx].w)
          weight += 1
        }
      }
      variance /= max(weight, 1)
      var signals = Signals(key: film.keyLight.row(y)[x], ambient: film.ambient.row(y)[x], specular: film.specular.row(y)[x])
      (signals.key.w, signals.ambient.w, signals.specular.w) = (variance.x, variance.y, variance.z)
      target.row(y)[x] = signals
    }
  }

  private func smooth(_ y: Int, step: Int, pass: Int, _ from: Plane2D<Signals>, _ to: Plane2D<Signals>) {
    let (width, height) = (film.width, film.height)
    for x in 0..<width {
      let center = from.row(y)[x]
      let item = film.item.row(y)[x]
      guard item >= 0 else {
        to.row(y)[x] = center
        continue
      }
      let normal = film.normal.row(y)[x]
      let position = film.position.row(y)[x]
      let reach = 1 / (position.w * Float(step) * 2 + 1e-6)
      // A mirror's picture is smoothed only as far as its roughness blurs it anyway.
      let smoothsMirror = normal.w > 0.25 || (normal.w > 0.12 && pass < 3) || pass < 1
      let keyScale = 1 / (2.5 * center.key.w.squareRoot() + 0.004)
      let ambientScale = 1 / (4 * center.ambient.w.squareRoot() + 0.02)
      // What a rough mirror shows is blurred anyway: differences within its noise are noise.
      let specularScale = 1 / ((normal.w > 0.25 ? 5 : 2) * center.specular.w.squareRoot() + 0.004)
      let scale = SIMD4(keyScale, ambientScale, specularScale, 0)
      let luminance = SIMD4(Self.luminance(center.key), Self.luminance(center.ambient), Self.luminance(center.specular), 0)
      // The centre counts in full.
      var (key, ambient, specular) = (center.key * Self.w0, center.ambient * Self.w0, center.specular * Self.w0)
      (key.w, ambient.w, specular.w) = (key.w * Self.w0, ambient.w * Self.w0, specular.w * Self.w0)
      var weights = Float3(repeating: Self.w0)
      for row in -2...2 {
        let qy = y + row * step
        guard qy >= 0, qy < height else { continue }
        for column in -2...2 where row != 0 || column != 0 {
          let qx = x + column * step
          guard qx >= 0, qx < width, film.item.row(qy)[qx] == item else { continue }
          let otherNormal = film.normal.row(qy)[qx]
          let alike = normal.x * otherNormal.x + normal.y * otherNormal.y + normal.z * otherNormal.z
          guard alike > 0.5 else { continue }
          let offset = film.position.row(qy)[qx] - position
          let height = abs(normal.x * offset.x + normal.y * offset.y + normal.z * offset.z) * reach
          guard height < 1 else { continue }
          let a2 = alike * alike, a4 = a2 * a2, a8 = a4 * a4
          let shape = Self.kernel(row) * Self.kernel(column) * (1 - height) * a8 * a8
          let other = from.row(qy)[qx]
          // 1/(1 + d²)² falls like a bell and needs no exponential.
          let apart =
            (SIMD4(Self.luminance(other.key), Self.luminance(other.ambient), Self.luminance(other.specular), 0) - luminance)
            * scale
          let bell = 1 + apart * apart
          let w = SIMD4(repeating: shape) / (bell * bell)
          let (wk, wa, ws) = (w.x, w.y, smoothsMirror ? w.z : 0)
          // Variances of averages go with the squares of the weights.
          key += other.key * SIMD4(wk, wk, wk, wk * wk)
          ambient += other.ambient * SIMD4(wa, wa, wa, wa * wa)
          specular += other.specular * SIMD4(ws, ws, ws, ws * ws)
          weights += Float3(wk, wa, ws)
        }
      }
      @inline(__always) func divided(_ sum: SIMD4<Float>, _ w: Float) -> SIMD4<Float> {
        let inverse = 1 / w
        return sum * SIMD4(inverse, inverse, inverse, inverse * inverse)
      }
      to.row(y)[x] = Signals(
        key: divided(key, weights.x), ambient: divided(ambient, weights.y), specular: divided(specular, weights.z))
    }
  }

  /// The cubic B-spline's taps (1 4 6 4 1)/16.
  @inline(__always) private static func kernel(_ k: Int) -> Float { k == 0 ? 0.375 : abs(k) == 1 ? 0.25 : 0.0625 }
  private static let w0: Float = 0.140_625

  @inline(__always) private static func luminance(_ c: SIMD4<Float>) -> Float { c.x * 0.2126 + c.y * 0.7152 + c.z * 0.0722 }
}
