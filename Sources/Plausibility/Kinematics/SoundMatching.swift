import Foundation
import WorldCore

/// Which sound belongs to which visible contact: one offset between picture and sound for the whole clip, the one that
/// explains most contacts.
struct SoundMatching {
  struct Pair {
    let contact: SeenContact
    let onset: SoundEvidence.Onset
    /// Sound after picture, s, and its standard deviation.
    let lag: Double
    let deviation: Double
  }

  /// Contacts that were heard.
  let pairs: [Pair]
  /// Contacts at whose time nothing began to sound.
  let unheard: [SeenContact]
  /// Indices of the onsets that no contact made.
  let unseen: [Int]
  /// Weighted mean of the lags, s, and its standard deviation.
  let offset: (value: Double, deviation: Double)
  /// How often so many onsets as the clip has, strewn at random, would fit as many contacts as well.
  let coincidence: Double

  /// Offsets that are looked for, s.
  static let searched = -0.5...0.55
  /// Recorders' offsets lie within this of what is expected, s.
  static let usual = 0.06
  /// What rolling shutters, frame times and the ways from one contact to another add to a lag, s.
  static let jitter = 0.008
  /// A contact and its sound are at most so far apart besides the offset: in standard deviations, and in s.
  private static let reach = (deviations: 3.0, least: 0.02)

  /// - Parameter expected: the offset that is preferred where others explain as many contacts, s.
  init(_ contacts: [SeenContact], _ sound: SoundEvidence, expected: Double) {
    let onsets = sound.onsets
    let deviations = contacts.map { contact in
      onsets.map { (pow(contact.timeDeviation, 2) + pow($0.timeDeviation, 2) + Self.jitter * Self.jitter).squareRoot() }
    }
    /// Each contact's onset at an offset: the nearest within reach.
    func assignment(_ offset: Double) -> [Int?] {
      contacts.indices.map { c in
        let distances = onsets.indices.map { abs(onsets[$0].time - contacts[c].time - offset) }
        guard let nearest = onsets.indices.min(by: { distances[$0] < distances[$1] }),
          distances[nearest] < max(Self.reach.deviations * deviations[c][nearest], Self.reach.least)
        else { return nil }
        return nearest
      }
    }
    func misfit(_ offset: Double, _ assigned: [Int?]) -> Double {
      contacts.indices.reduce(0) { sum, c in
        guard let o = assigned[c] else { return sum }
        return sum + pow((onsets[o].time - contacts[c].time - offset) / deviations[c][o], 2)
      }
    }
    var best: (offset: Double, assigned: [Int?], count: Int, misfit: Double)?
    for contact in contacts {
      for onset in onsets where Self.searched.contains(onset.time - contact.time) {
        let offset = onset.time - contact.time
        let assigned = assignment(offset)
        let count = Set(assigned.compactMap(\.self)).count
        // Two frames away from what is expected weighs as much as a standard deviation of every contact.
        let cost = misfit(offset, assigned) + pow((offset - expected) / 0.08, 2)
        if best == nil || count > best!.count || (count == best!.count && cost < best!.misfit) {
          best = (offset, assigned, count, cost)
        }
      }
    }
    guard let best else {
      (pairs, unheard, unseen, offset, coincidence) = ([], contacts, Array(onsets.indices), (0, .infinity), 1)
      return
    }
    pairs = contacts.indices.compactMap { c in
      best.assigned[c].map {
        Pair(contact: contacts[c], onset: onsets[$0], lag: onsets[$0].time - contacts[c].time, deviation: deviations[c][$0])
      }
    }
    unheard = contacts.indices.filter { best.assigned[$0] == nil }.map { contacts[$0] }
    let taken = Set(best.assigned.compactMap(\.self))
    unseen = onsets.indices.filter { !taken.contains($0) }
    let weights = pairs.map { 1 / ($0.deviation * $0.deviation) }
    let total = weights.reduce(0, +)
    offset = (zip(pairs, weights).reduce(0) { $0 + $1.0.lag * $1.1 } / total, 1 / total.squareRoot())

    // The first pair fits at some offset if any onset is about; each further one by the chance that an onset is where it has to
    // be. If not all contacts were heard there is a choice of those that were.
    let rate = Double(onsets.count) / max(sound.span.upperBound - sound.span.lowerBound, 0.1)
    // An offset that was expected is worth more than one that was looked for.
    let found = 2 * max(abs(offset.value - expected), Self.usual)
    let first = min(1, rate * min(found, Self.searched.upperBound - Self.searched.lowerBound))
    let further = pairs.map { 1 - exp(-rate * 2 * max(Self.reach.deviations * $0.deviation, Self.reach.least)) }.sorted()
      .dropLast()
    let (all, heard) = (Double(contacts.count), Double(pairs.count))
    let choices = exp(lgamma(all + 1) - lgamma(heard + 1) - lgamma(all - heard + 1))
    coincidence = min(1, first * further.reduce(1, *) * choices)
  }
}
