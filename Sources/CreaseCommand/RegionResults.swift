import ArgumentParser
import Crease

/// Which files are made of a complex.
struct RegionResults: ParsableArguments {
  @Option(help: ArgumentHelp("Draw the regions of a 2D or 3D domain or slice.", valueName: "file"))
  var svg: String?

  @Option(help: ArgumentHelp("Draw them as an interactive page.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("The output whose value is drawn, from 0.", valueName: "k"))
  var output = 0

  @Option(help: "What shades the regions: value, gradient, or class (the largest output).")
  var shade: Shade = .value

  enum Shade: String, ExpressibleByArgument, CaseIterable {
    case value
    case gradient
    case `class`
  }

  /// Whether the regions must be kept.
  var needsComplex: Bool { svg != nil || html != nil }

  /// Refuses what the view cannot give, before any work is done.
  func check(_ view: SliceView, _ network: Network, _ model: String) throws {
    guard (0..<network.outputCount).contains(output) else {
      throw ValidationError("--output takes a number from 0 to \(network.outputCount - 1)")
    }
    let dimension = view.subdivision.domain.dimension
    if svg != nil || html != nil, dimension != 2, dimension != 3 {
      throw ValidationError(
        "a picture needs 2 or 3 coordinates, and \(view.phrase) there are \(dimension); choose a slice with --axes or --slice"
      )
    }
  }

  /// Writes the files, and returns their names.
  func write(
    _ complex: PolyhedralComplex, _ linear: LinearRegions, _ findings: TopologyFindings?, _ view: SliceView,
    _ network: Network, _ model: String, threads: Int, progress: Progress
  ) throws -> [String] {
    guard svg != nil || html != nil else { return [] }
    try progress.step("drawing")
    let drawing = try RegionDrawing(
      complex, linear, view, network, title: model, output: output, shade: shade, curve: findings?.curve,
      threads: threads)
    var written: [String] = []
    if let svg {
      try OutputFile.write(Array(drawing.svg.utf8), to: svg)
      written.append(svg)
    }
    if let html {
      try progress.step("drawing the page")
      try OutputFile.write(Array(drawing.html.utf8), to: html)
      written.append(html)
    }
    return written
  }
}
