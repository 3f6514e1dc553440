/// One sample a pixel, for quick pictures.
extension PathTracer {
  /// A quick look at an opaque point: what the dome's tables and its own glow give, and what the middle of the key light adds
  /// where it isn't hidden.
  @inline(__always)
  func preview(_ shaded: ShadedPoint) -> (ambient: Float3, key: Float3) {
    let mirrored = shaded.normal.mirror(shaded.outgoing)
    let ambient =
      shaded.material.pointee.emission + shaded.appearance.diffuse * lighting.irradiance(shaded.normal)
      + shaded.appearance.share * lighting.glossyRadiance(mirrored, roughness: shaded.material.pointee.roughness)
    let cosine = shaded.normal.dot(lighting.sky.keyDirection)
    guard cosine > 0 else { return (ambient, .zero) }
    let key = lighting.sky.keyLight * cosine
    return (ambient, shaded.appearance.diffuse * key + highlight(shaded, lighting.sky.keyDirection, key))
  }

  /// The part of the key light's middle that reaches a point.
  func keyTransmittance(_ shaded: ShadedPoint) -> Float3 {
    lighting.transmittance(from: shaded.point, towards: lighting.sky.keyDirection, time: 0)
  }

  /// A quick look at glass, which is followed as always.
  func previewGlass(_ shaded: ShadedPoint, _ ray: Ray) -> Float3 {
    let clear = glass(shaded, ray, Sampler.centered)
    guard shaded.froth > 0 else { return clear }
    let white = preview(shaded)
    return mix(clear, white.ambient + white.key * keyTransmittance(shaded), shaded.froth)
  }
}
