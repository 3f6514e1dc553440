import Plausibility
import Testing
import WorldCore

/// Reference metrics on motion whose errors are known in closed form.
@Suite("Reference metrics in closed form") struct ReferencePathTests {
  /// A body of that velocity, px a frame, seen with another one, for ten frames.
  private static func body(
    _ name: String, mass: Double = 1, expected: SIMD2<Double>, seen: SIMD2<Double>, metresPerPixel: Double? = nil
  ) -> BodyComparison {
    BodyComparison(
      body: name, mass: mass,
      frames: (0..<10).map { k in
        let (there, here) = (SIMD2(20, 20) + Double(k) * expected, SIMD2(20, 20) + Double(k) * seen)
        return .init(
          index: k, expected: .init(center: there, outline: []), metresPerPixel: metresPerPixel,
          sight: .seen(.init(center: here, outline: [])))
      })
  }

  @Test("the velocity error is the difference of the velocities, in m/s where there is a scale")
  func velocity() throws {
    let pixels = Self.body("a", expected: [3, 4], seen: [0, 0])
    #expect(abs(try #require(VelocityError.of([pixels], framesPerSecond: 10)) - 50) < 1e-9)
    let metres = Self.body("a", expected: [3, 4], seen: [3, 0], metresPerPixel: 0.1)
    #expect(abs(try #require(VelocityError.of([metres], framesPerSecond: 10)) - 4) < 1e-9)
  }

  @Test("momentum that is exchanged between bodies is conserved, momentum that is made is not")
  func momentum() throws {
    let exchanged = [
      Self.body("a", mass: 2, expected: [3, 0], seen: [2, 0]), Self.body("b", mass: 1, expected: [-1, 0], seen: [1, 0]),
    ]
    #expect(try #require(ConservationDrift.momentum(exchanged, framesPerSecond: 10)) < 1e-9)
    // Σ m v² was 2·9 + 1 and is 2·4 + 1.
    #expect(abs(try #require(ConservationDrift.kineticEnergy(exchanged, framesPerSecond: 10)) - 10.0 / 19) < 1e-9)
    let made = [Self.body("a", expected: [2, 0], seen: [3, 0])]
    #expect(abs(try #require(ConservationDrift.momentum(made, framesPerSecond: 10)) - 0.5) < 1e-9)
    #expect(ConservationDrift.momentum([Self.body("a", mass: 0, expected: [1, 0], seen: [1, 0])], framesPerSecond: 10) == nil)
  }

  @Test("the radius drifts by the square root of the area")
  func radius() throws {
    func square(_ side: Int) -> BodyComparison.Appearance {
      .init(center: .zero, outline: (0..<side).map { .init(row: $0, from: 0, to: side) })
    }
    let body = BodyComparison(body: "a", frames: [.init(index: 0, expected: square(10), sight: .seen(square(8)))])
    #expect(abs(try #require(ConservationDrift.radius([body])) - 0.2) < 1e-12)
  }

  @Test("late, missing and spurious sounds")
  func onsets() throws {
    let expected = [0.5, 1.0, 1.5, 2.0]
    let late = SoundOnsetError(heard: expected.map { $0 + 0.03 }, expected: expected)
    #expect(abs(try #require(late.median) - 0.03) < 1e-12)
    #expect(try #require(late.medianAbsoluteDeviation) < 1e-12)
    #expect(late.f1(within: 0.02) == 0 && late.f1(within: SoundOnsetError.tolerance) == 1)
    let missing = SoundOnsetError(heard: [0.5, 2.0], expected: expected)
    #expect(missing.f1(within: 0.02) == 2.0 / 3 && missing.errors == [0, 0])
    let spurious = SoundOnsetError(heard: expected + [0.75, 1.25], expected: expected)
    #expect(spurious.f1(within: 0.02) == 0.8 && spurious.errors.count == 4)
    #expect(SoundOnsetError(heard: [], expected: []).f1(within: 0.04) == nil)
    // Three knocks within a blink are one event.
    #expect(SoundOnsetError(heard: [1.0], expected: [1.0, 1.01, 1.02]).f1(within: 0.02) == 1)
  }
}
