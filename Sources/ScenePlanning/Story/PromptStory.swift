/// What a prompt tells: things, what they do, and what the world is like.
struct PromptStory {
  /// Some things do something.
  struct Deed {
    var verb: Verb
    /// Indices of things.
    var subjects: [Int]
    var objects: [(relation: Relation, thing: Int)] = []
    /// m/s
    var speed: Double?
    /// m, from which it falls.
    var height: Double?
    var haste = 1.0
    var heading: Heading?
    /// Whether it goes into a liquid, down from or along the ground's table.
    var entersLiquid = false
    var leavesTable = false
  }

  var things: [Thing] = []
  var deeds: [Deed] = []
  var ground = Ground.floor
  /// Of the ground; nil is its own.
  var groundMaterial: String?
  var groundColor: String?
  var liquid: String?
  var sky = "studio"
  var style = "realistic"
  /// m/s²
  var gravity: Double?
  var isWindy = false
  var ambience: String?
  /// s
  var duration: Double?
}
