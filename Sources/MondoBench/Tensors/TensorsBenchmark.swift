import ArgumentParser
import Foundation
import Tensors

/// GFLOP/s of the tensor engine on the work of `peers/network_peer.py`, beside what the machine's bare products reach.
struct TensorsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensors",
    abstract: "Time products, layers, transformer blocks and convolution blocks, forward and in training.")

  @Option(help: "Width of the transformer blocks.") var width: Int?
  @Option(help: "Number of transformer blocks.") var depth = 12
  @Option(help: "Tokens that pass through them.") var tokens: Int?
  @Option(help: "Threads that all operations share.") var threads: Int?
  @Option(help: "Only this element type: float32 or bfloat16.") var dtype: Precision?
  @Option(help: "Only these measurements: machine, layers, stack or blocks (convolutional). May be given more than once.")
  var only: [Part] = []
  @Flag(help: "One JSON object a line.") var json = false

  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, bfloat16
    var elementType: ElementType { self == .float32 ? .float32 : .bfloat16 }
  }
  enum Part: String, ExpressibleByArgument, CaseIterable { case machine, layers, stack, blocks }

  func validate() throws {
    if (width == nil) != (tokens == nil) { throw ValidationError("--width and --tokens go together") }
    if let width, width < 1 || width % min(width, 64) != 0 {
      throw ValidationError("--width must be a multiple of 64, and is \(width)")
    }
    if depth < 1 || (tokens ?? 1) < 1 { throw ValidationError("--depth and --tokens must be positive") }
  }

  func run() throws {
    if let threads { TensorRuntime.threadCount = threads }
    let types = (dtype.map { [$0] } ?? Precision.allCases).map(\.elementType)
    var sizes = [(256, 12, 576), (384, 12, 1024), (384, 12, 2304)]
    var parts = Set(only.isEmpty ? Part.allCases : only)
    if let width, let tokens {
      sizes = [(width, depth, tokens)]
      if only.isEmpty { parts.remove(.blocks) }
    }

    if parts.contains(.machine) {
      try show(TensorMeasurements.copyBandwidth())
      for type in types { try TensorMeasurements.roofline(type).forEach(show) }
    }
    for (width, depth, tokens) in sizes {
      for type in types {
        if parts.contains(.layers) { try TensorMeasurements.layers(width: width, tokens: tokens, type).forEach(show) }
        if parts.contains(.stack) { try show(TensorMeasurements.stack(width: width, depth: depth, tokens: tokens, type)) }
      }
    }
    guard parts.contains(.blocks) else { return }
    for type in types {
      try show(TensorMeasurements.causalBlock(channels: 64, frames: 16, height: 36, width: 64, type))
      try show(TensorMeasurements.causalBlock(channels: 128, frames: 16, height: 18, width: 32, type))
    }
  }

  private func show(_ line: TensorMeasurement) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(line), as: UTF8.self))
      return
    }
    var place = line.layer ?? "block stack"
    if let width = line.width { place += ", width \(width)" }
    if let tokens = line.tokens { place += ", \(tokens) tokens" }
    if let channels = line.channels, let frames = line.frames { place += ", \(channels) channels, \(frames) frames" }
    func column(_ value: Double?, _ unit: String) -> String { value.map { String(format: "%9.1f ", $0) + unit } ?? "" }
    let values = [
      column(line.forward_ms, "ms"), column(line.forward_gflops, "GFLOP/s"), column(line.train_ms.map { $0 }, "ms training"),
      column(line.train_gflops, "GFLOP/s"), column(line.gigabytes_per_second, "GB/s"),
      column(line.train_peak_mb, "MB in tensors"), column(line.train_resident_mb, "MB resident"),
    ]
    print(
      line.dtype.padding(toLength: 9, withPad: " ", startingAt: 0),
      place.padding(toLength: 52, withPad: " ", startingAt: 0)
        + values.joined())
  }
}
