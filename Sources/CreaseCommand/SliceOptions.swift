import ArgumentParser
import Crease
import Foundation

/// Which slice of the inputs is looked at.
struct SliceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The inputs that vary, from 0; the others stay at --at, or in the middle of the box.", valueName: "i,j")
  )
  var axes: String?

  @Option(help: ArgumentHelp("A file with the point that --axes passes through.", valueName: "file"))
  var at: String?

  @Option(
    help: ArgumentHelp(
      "The plane through three points, or the space through four: a line of the file for each.",
      valueName: "file"))
  var slice: String?

  @Flag(help: "The file of --slice has a point and two or three directions.")
  var directions = false

  @Option(help: ArgumentHelp("The rows of the file to take, from 0.", valueName: "i,j,k"))
  var rows: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The range of each coordinate of --slice; -1,2 by default.", valueName: "lo,hi"))
  var range: String?

  func validate() throws {
    if axes != nil, slice != nil { throw ValidationError("give --axes or --slice, not both") }
    if at != nil, axes == nil { throw ValidationError("--at goes with --axes") }
    if slice == nil {
      if directions { throw ValidationError("--directions goes with --slice") }
      if rows != nil { throw ValidationError("--rows goes with --slice") }
      if range != nil { throw ValidationError("--range goes with --slice") }
    }
  }

  /// What is subdivided: a network and a domain in as few coordinates as needed.
  func view(of network: Network, on domain: InputDomain?, inputNames: [String]? = nil) throws -> SliceView {
    if let axes { return try axesView(of: network, on: domain, axes) }
    if let slice { return try planeView(of: network, on: domain, slice) }
    let subdivision = Subdivision(
      network, on: SubdivisionDomain(domain, inputs: network.inputCount))
    return SliceView(
      subdivision: subdivision, axisNames: subdivision.coordinates.map { "x\($0)" },
      phrase: domain.phrase(inputs: network.inputCount), slice: nil)
  }

  private func axesView(of network: Network, on domain: InputDomain?, _ axes: String) throws -> SliceView {
    let n = network.inputCount
    let chosen = try SliceOptions.numbers(axes, below: n, "--axes")
    guard Set(chosen).count == chosen.count, (1...3).contains(chosen.count) else {
      throw ValidationError("--axes takes one to three different inputs, got \(axes)")
    }
    var point = domain?.enclosure.map { 0.5 * $0.lower + 0.5 * $0.upper } ?? Array(repeating: 0, count: n)
    if let at {
      let points = try SliceOptions.points(at, inputs: n)
      guard points.count == 1 else {
        throw CommandFailure.badData("\(at): --at takes one point, found \(points.count)")
      }
      point = points[0]
    }
    let slice = AffineSlice(coordinates: chosen, through: point)
    let region =
      domain.map { box in SubdivisionDomain(box: chosen.map { box.enclosure[$0] }) }
      ?? SubdivisionDomain(space: chosen.count)
    let place = at.map(SliceOptions.name) ?? (domain == nil ? "0" : "the middle of the box")
    let subdivision = Subdivision(network.restricted(to: slice), on: region)
    return SliceView(
      subdivision: subdivision, axisNames: subdivision.coordinates.map { "x\(chosen[$0])" },
      phrase: "where only \(chosen.map { "x\($0)" }.joined(separator: ", ")) vary, through \(place)",
      slice: slice)
  }

  private func planeView(of network: Network, on domain: InputDomain?, _ file: String) throws -> SliceView {
    let n = network.inputCount
    var points = try SliceOptions.points(file, inputs: n)
    if let rows {
      let chosen = try SliceOptions.numbers(rows, below: points.count, "--rows")
      points = chosen.map { points[$0] }
    }
    guard (2...4).contains(points.count) else {
      throw CommandFailure.badData(
        "\(file): a slice takes 3 or 4 points, found \(points.count); choose some with --rows")
    }
    let origin = points[0]
    let slice = AffineSlice(
      origin: origin,
      directions: points.dropFirst().map { other in
        directions ? other : zip(other, origin).map { $0 - $1 }
      })
    guard ExactElimination.rank(of: slice.directions.map { $0.map { Dyadic($0) } }) == slice.dimension else {
      throw CommandFailure.badData(
        "\(file): these points do not span a \(slice.dimension == 2 ? "plane" : "slice of dimension \(slice.dimension)"); choose others with --rows"
      )
    }
    let box: Interval
    do throws(ModelFileError) {
      box = try InputDomain.box(range ?? "-1,2", inputs: 1).enclosure[0]
    } catch {
      throw ValidationError("--range: \(error.cause)")
    }
    let halfSpaces = try SliceOptions.halfSpaces(of: domain, on: slice, file)
    let subdivision = Subdivision(
      network.restricted(to: slice),
      on: SubdivisionDomain(
        box: Array(repeating: box, count: slice.dimension), halfSpaces: halfSpaces))
    return SliceView(
      subdivision: subdivision, axisNames: subdivision.coordinates.map { "s\($0 + 1)" },
      phrase: "on the \(slice.dimension == 2 ? "plane" : "slice") of \(SliceOptions.name(file)), "
        + "coordinates in [\(box.lower.short), \(box.upper.short)]\(domain == nil ? "" : ", within the box")",
      slice: slice)
  }

  /// The sides of the box, on the slice.
  private static func halfSpaces(
    of domain: InputDomain?, on slice: AffineSlice, _ file: String
  ) throws -> [HalfSpace] {
    guard let sides = domain?.enclosure else { return [] }
    var result: [HalfSpace] = []
    for (i, side) in sides.enumerated() {
      let normal = slice.directions.map { Dyadic($0[i]) }
      let origin = Dyadic(slice.origin[i])
      let lower = HalfSpace(normal: normal, offset: origin - Dyadic(side.lower))
      let upper = HalfSpace(normal: normal.map { -$0 }, offset: Dyadic(side.upper) - origin)
      for halfSpace in [lower, upper] {
        if normal.contains(where: { !$0.isZero }) {
          result.append(halfSpace)
        } else if halfSpace.offset.sign < 0 {
          throw CommandFailure.badData("\(file): input \(i) is outside the box on the whole slice")
        }
      }
    }
    return result
  }

  private static func name(_ file: String) -> String {
    file.split(separator: "/").last.map(String.init) ?? file
  }

  private static func points(_ file: String, inputs: Int) throws -> [[Double]] {
    do throws(ModelFileError) {
      return try PointsFile.points(contentsOf: URL(fileURLWithPath: file), inputs: inputs)
    } catch {
      throw CommandFailure(ModelFileError(file: file, cause: error.cause))
    }
  }

  private static func numbers(_ text: String, below limit: Int, _ option: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let number = Int(word), number >= 0, number < limit else {
        throw ValidationError("\(option) takes numbers from 0 to \(limit - 1), got '\(word)'")
      }
      return number
    }
  }
}

/// A network and a domain in as few coordinates as needed, and how to speak of them.
struct SliceView {
  let subdivision: Subdivision
  /// The names of the kept coordinates.
  let axisNames: [String]
  /// `on all of R^5`, `on the box`, `where only x0, x1 vary, …`.
  let phrase: String
  /// The slice of the inputs, if one was asked for.
  let slice: AffineSlice?
}
