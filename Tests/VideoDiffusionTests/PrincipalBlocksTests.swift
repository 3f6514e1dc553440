import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct PrincipalBlocksTests {
  /// Pictures whose neighbouring pixels are alike, as pictures' are: sums of a few waves, and a little noise.
  private static let pictures: [Tensor] = (0..<2).map { number in
    var random = RandomStream(seed: UInt64(number), "waves")
    let (rows, columns) = (24, 32)
    let waves = (0..<8).map { _ in
      (
        x: random.uniform(in: -0.4...0.4), y: random.uniform(in: -0.4...0.4), phase: random.uniform(in: 0...6),
        size: random.uniform()
      )
    }
    var values: [Float] = []
    for row in 0..<rows {
      for column in 0..<columns {
        for pixel in 0..<48 {
          let (x, y) = (Double(column * 4 + pixel / 3 % 4), Double(row * 4 + pixel / 12))
          let sum = waves.reduce(0) { $0 + 0.2 * $1.size * cos(x * $1.x + y * $1.y + $1.phase + Double(pixel % 3)) }
          values.append(Float(sum + 0.02 * random.normal()))
        }
      }
    }
    return Tensor(values, shape: [1, rows, columns, 48])
  }

  private func meanSquare(_ tensor: Tensor) -> Double { tensor.squared().mean().scalar }

  @Test("all components are the picture again; fewer leave an error that falls with their number")
  func reproduction() throws {
    let errors = try [4, 16, 64, 192].map { width in
      let principal = try PrincipalBlocks(width: width, of: Self.pictures)
      return meanSquare(principal.blocks(of: principal.components(of: Self.pictures[0])) - Self.pictures[0])
    }
    let energy = meanSquare(Self.pictures[0])
    #expect(errors[0] > errors[1] && errors[1] > errors[2] && errors[2] > errors[3])
    // Single precision over sums of 192 products.
    #expect(errors[3] < 1e-9 * energy)
    // 8 waves in each of two pictures have 32 dimensions at most; the rest is noise.
    #expect(errors[2] < 0.02 * energy)
  }

  @Test("components have unit mean square over the data and are uncorrelated; the first has the most energy")
  func whiteness() throws {
    let principal = try PrincipalBlocks(width: 6, of: Self.pictures)
    let rows = Self.pictures.map { principal.components(of: $0).reshaped([12 * 16, 6]) }
    let all = Tensor.concatenated(rows, axis: 0)
    let moments = (all.transposed().multiplied(all) / Double(all.shape[0])).floats()
    for i in 0..<6 { for j in 0..<6 { #expect(abs(moments[i * 6 + j] - (i == j ? 1 : 0)) < 1e-3, "\(i), \(j)") } }
    let energies = principal.synthesis.reshaped([6, 192]).squared().sum(over: [1]).floats()
    #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 >= $1 })
  }
}
