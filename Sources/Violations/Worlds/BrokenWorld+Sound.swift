public import WorldCore

extension BrokenWorld {
  /// The trajectory with its impacts as they are heard.
  public var heard: Trajectory {
    var heard = trajectory
    switch sound {
    case .kept: return heard
    case .shifted(let seconds):
      for k in heard.contacts.indices where heard.contacts[k].kind == .impact { heard.contacts[k].time += seconds }
      heard.contacts.removeAll { $0.time < 0 }
    case .missing(let time): heard.contacts.removeAll { $0.kind == .impact && abs($0.time - time) < Self.oneKnock }
    case .added(let time):
      if var knock = heard.contacts.filter({ $0.kind == .impact }).max(by: { $0.impulse < $1.impulse }) {
        knock.time = time
        heard.contacts.append(knock)
      }
    }
    heard.contacts.sort { $0.time < $1.time }
    return heard
  }

  /// Impacts so close together, s, are one knock to an ear.
  static let oneKnock = 0.03
}
