import Foundation
import NeuralNetworks
import Safetensors
import WorldCore

/// A trained network in a file: its kind and its configuration in the header, so that the file says by itself what it is.
enum WeightsFile {
  static let format = "mondo-weights/1"

  /// The header's entries for a network.
  static func header<Network: StoredNetwork>(of network: Network) throws -> [String: String] {
    ["format": format, "kind": Network.kind.rawValue, "configuration": try text(network.configuration)]
  }

  /// Sorted keys: the same value gives the same text.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Reads a file of a network's kind.
  ///
  /// - Throws: `WeightsError`.
  static func read<Network: StoredNetwork>(
    _ path: String, _ network: Network.Type
  ) throws(WeightsError) -> (Checkpoint, Network.Configuration) {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(contentsOf: path) } catch let error as SafetensorsError {
      if case .inaccessible(_, let reason) = error { throw .missing(path: path, reason: reason) }
      throw .foreign(path: path, problem: "\(error)")
    } catch { throw .foreign(path: path, problem: "\(error)") }
    guard checkpoint.metadata["format"] == format, let stored = checkpoint.metadata["kind"] else {
      throw .foreign(path: path, problem: "its header doesn't say which network it belongs to")
    }
    guard stored == Network.kind.rawValue else {
      throw .foreign(path: path, problem: "it holds a \(stored), and a \(Network.kind.rawValue) is needed")
    }
    guard let text = checkpoint.metadata["configuration"],
      let configuration = try? JSONDecoder().decode(Network.Configuration.self, from: Data(text.utf8))
    else { throw .foreign(path: path, problem: "its configuration can't be read") }
    return (checkpoint, configuration)
  }
}

/// A file of weights can't be used: which, why, and what to do.
public enum WeightsError: Error, Equatable, CustomStringConvertible {
  case missing(path: String, reason: String)
  case foreign(path: String, problem: String)
  /// Another training left its state under this name.
  case begun(path: String)
  case otherTraining(path: String, difference: String)

  public var description: String {
    switch self {
    case .missing(let path, let reason): "\(path): cannot read the weights: \(reason); check the path"
    case .foreign(let path, let problem): "\(path): these are no weights for this network: \(problem)"
    case .begun(let path): "\(path): a training was begun here; go on with --resume, or take the file away to begin anew"
    case .otherTraining(let path, let difference):
      "\(path): the training that was begun here is another one (\(difference)); resume it as it was begun"
    }
  }
}
