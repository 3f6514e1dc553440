extension VideoReader: AsyncSequence {
  public typealias Element = VideoFrame
  public typealias Failure = MediaError

  /// Goes on where the reader stands; decoding happens in the calling task.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let reader: VideoReader

    public mutating func next() async throws(MediaError) -> VideoFrame? { try reader.nextFrame() }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(MediaError) -> VideoFrame? {
      try reader.nextFrame()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: self) }
}
