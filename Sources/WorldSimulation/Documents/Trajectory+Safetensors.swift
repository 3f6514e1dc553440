public import Foundation
public import WorldCore

extension Trajectory {
  public func writeSafetensors(to sink: @escaping ([UInt8]) throws -> Void) throws { fatalError() }
  public init(safetensors data: Data, file: String) throws { fatalError() }
}
