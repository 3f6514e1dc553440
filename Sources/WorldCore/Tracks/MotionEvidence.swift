/// What a whole clip shows of motion, apart from any single track: whether there is any, and whether its frames follow one
/// another.
public struct MotionEvidence: Sendable, Equatable, Codable {
  /// Standard deviation of the picture's noise in encoded levels (0…255), as measured in the still parts.
  public var noiseLevel: Double
  /// Share of the picture's area that moved in the mean frame, 0…1.
  public var movingShare: Double
  /// Von Neumann's ratio of the frames' moving content: the mean square of successive differences over twice the variance.
  ///
  /// 1 where frames come in no order (white noise, shuffled frames), near 0 where motion is smooth; nil where nothing moves.
  public var orderRatio: Double?
  /// How often the order of frames would be at least this smooth by chance: p-value of `orderRatio` under permutation.
  public var orderPValue: Double?
  /// The frames hold structure that noise doesn't: things brighter or darker than the noise, in one piece.
  public var hasStructure: Bool
  /// The horizon or the foot of a wall, where the still scene shows one right across.
  public var horizon: Horizon?
  /// Areas of what was seen for one or two frames only, px²: how much comes and goes here that is no thing.
  public var flickers: [Double]

  /// A nearly level line across the picture: y = height + slope·x, px, y down.
  public struct Horizon: Sendable, Equatable, Codable {
    public var height: Double
    public var slope: Double

    public init(height: Double, slope: Double) {
      self.height = height
      self.slope = slope
    }

    public func y(at x: Double) -> Double { height + slope * x }
  }

  public init(
    noiseLevel: Double, movingShare: Double, orderRatio: Double?, orderPValue: Double?, hasStructure: Bool,
    horizon: Horizon? = nil, flickers: [Double] = []
  ) {
    self.flickers = flickers
    self.noiseLevel = noiseLevel
    self.movingShare = movingShare
    self.orderRatio = orderRatio
    self.orderPValue = orderPValue
    self.hasStructure = hasStructure
    self.horizon = horizon
  }
}
