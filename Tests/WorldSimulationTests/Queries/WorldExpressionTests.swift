import Testing
import WorldCore
import WorldSimulation

@Suite("Expressions") struct WorldExpressionTests {
  let history = WorldHistory(SampleTrajectories.bounce())

  @Test(
    "precedence, functions and units",
    arguments: [
      ("2 + 3 * 4 - 6 / 2", 11, "1"), ("-2 * -(3 + 1)", 8, "1"), ("1e-3 + .5", 0.501, "1"), ("1 - -1", 2, "1"),
      ("−2 − 1", -3, "1"),
      ("abs(-3) + sqrt(16) + min(1, 2) + max(1, 2)", 10, "1"), ("sin(0) + cos(0)", 1, "1"), ("2 - 1 - 1", 0, "1"),
      ("8 / 4 / 2", 1, "1"), ("bodies.ball.mass", 0.5, "kg"), ("bodies.ball.position.z", 1, "m"),
      ("bodies.ball.position.z * bodies.ball.mass * 9.81", 4.905, "kg*m"), ("speed(ball)", 0.5, "m/s"),
      ("length(bodies.ball.velocity) * 2", 1, "m/s"), ("(bodies.ball.velocity * 2 - bodies.ball.velocity).x", 0.5, "m/s"),
      ("distance(ball, floor-1)", 1, "m"), ("distance(\"ball\", floor-1)", 1, "m"), ("bodies.floor-1.position.z - 1", -1, "m"),
      ("bodies.ball.kinetic_energy", 0.0825, "J"), ("energy.total", 0.0625 + 4.905, "J"),
      ("energy.kinetic / energy.kinetic", 1, "1"),
      ("momentum.linear.x", 0.25, "kg*m/s"), ("tilt(ball)", 0, "rad"), ("time + 1", 1, "s"), ("bodies.ball.spin.z", 2, "rad/s"),
      ("sqrt(bodies.ball.position.z * 2)", 2.0.squareRoot(), "?"),
    ] as [(String, Double, String)])
  func values(text: String, value: Double, unit: String) throws {
    guard unit != "?" else {
      let error = #expect(throws: ExpressionError.self) { try history.extremum(of: text, .maximum) }
      #expect(error?.message == "there is no root of m")
      return
    }
    let initial = try history.extremum(of: text, .maximum).initial
    #expect(abs(initial.value - value) < 1e-15 * max(1, abs(value)) * 4)
    #expect(initial.unit == unit)
  }

  @Test(
    "mistakes are told with column and remedy",
    arguments: [
      ("", 1, "the expression is empty"),
      ("bodies.bal.position.z < 1", 8, "there is no body 'bal' (did you mean 'ball'?)"),
      ("bodies.ball.positon.z < 1", 13, "a body has no 'positon' (did you mean 'position'?)"),
      ("bodies.ball.position.w < 1", 22, "a vector has x, y and z, not 'w'"),
      ("bodies.ball.position < 1", 22, "can't compare conditions or vectors"),
      ("bodies.ball.position.z", 1, "this is a quantity, not a condition (compare it: bodies.ball.position.z > 0)"),
      ("bodies.ball.position.z < speed(ball)", 24, "can't compare m and m/s"),
      ("bodies.ball.position.z + time < 1", 24, "can't add m and s"),
      ("1 < 2 < 3", 7, "comparisons don't chain (join two with 'and')"),
      ("time = 1", 6, "'=' means nothing here (compare with ==)"),
      ("time > 1 && time < 2", 10, "'&' means nothing here (say 'and')"),
      ("time > 1 and 2", 10, "'and' joins conditions, and one side is a quantity"),
      (
        "foo(1) > 1", 1,
        "there is no function 'foo' (known: abs, contact, cos, distance, length, max, min, sin, speed, sqrt, tilt)"
      ),
      ("distance(ball) > 1", 14, "distance takes two bodies: distance(a, b)"),
      ("min(1) > 0", 1, "min takes two arguments, not 1"),
      ("ball.position.z > 1", 1, "nothing is called 'ball' (say what of the body: bodies.ball.position.z)"),
      ("(time > 1", 10, "expected ')', found the end"),
      ("time > 1 time", 10, "expected an operator or the end, found 'time'"),
      ("time > 1e999", 8, "1e999 is not a number in range"),
      ("contact(ball, \"floor", 15, "the quoted name that starts here never ends"),
      ("cos(time) > 0", 1, "cos takes an angle or a plain number, not s"),
      ("1 / bodies.ball.position.x / bodies.ball.velocity > 0", 28, "can only divide by a quantity"),
    ] as [(String, Int, String)])
  func mistakes(text: String, column: Int, message: String) {
    let error = #expect(throws: ExpressionError.self) { try history.first(when: text) }
    let told = (error?.message ?? "") + (error?.suggestion.map { " (\($0))" } ?? "")
    #expect(told == message)
    #expect(error?.column == column)
  }

  @Test(
    "nesting and length have a limit",
    arguments: [
      (String(repeating: "(", count: 5000), "the expression is 5000 characters long; at most 4096 are read"),
      (String(repeating: "(", count: 1000), "the expression nests more than 64 deep"),
      (String(repeating: "-", count: 1000), "the expression nests more than 64 deep"),
      (String(repeating: "not ", count: 1000), "the expression nests more than 64 deep"),
      (String(repeating: "abs(", count: 1000), "the expression nests more than 64 deep"),
    ])
  func limits(text: String, message: String) {
    let error = #expect(throws: ExpressionError.self) { try history.first(when: text) }
    #expect(error?.message == message)
  }

  @Test("the error shows the expression and a caret")
  func caret() {
    let error = #expect(throws: ExpressionError.self) { try history.first(when: "time = 1") }
    #expect(
      error?.description == """
        expression:6: error: '=' means nothing here
          time = 1
               ^
          help: compare with ==
        """)
  }
}
