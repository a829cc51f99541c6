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

  @Option(
    help: ArgumentHelp("Write all regions, walls and vertices as one JSON document.", valueName: "file"))
  var complex: String?

  @Option(help: ArgumentHelp("Write a table of the regions.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Write the regions of 2D or 3D as a VTK grid.", valueName: "file.vtu"))
  var vtu: String?

  @Option(
    help: ArgumentHelp(
      "Write the graph of the output over 2D, or the walls of 3D, as a mesh.", valueName: "file.ply"))
  var ply: String?

  @Flag(
    help: "Tell of each neuron its walls, which of them can be seen in the function, and where they bend.")
  var neurons = false

  /// Whether the regions must be kept.
  var needsComplex: Bool { needsSpace || neurons || complex != nil || csv != nil }

  /// Whether something is drawn or meshed.
  private var needsSpace: Bool { [svg, html, vtu, ply].contains { $0 != nil } }

  /// Refuses what the view cannot give, before any work is done.
  func check(_ view: SliceView, _ network: Network, _ model: String) throws {
    guard (0..<network.outputCount).contains(output) else {
      throw ValidationError("--output takes a number from 0 to \(network.outputCount - 1)")
    }
    let dimension = view.subdivision.domain.dimension
    if needsSpace, dimension != 2, dimension != 3 {
      throw ValidationError(
        "a picture or mesh needs 2 or 3 coordinates, and \(view.phrase) there are \(dimension); choose a slice with --axes or --slice"
      )
    }
  }

  /// Writes the files, and returns their names.
  func write(
    _ kept: PolyhedralComplex, _ linear: LinearRegions, _ findings: TopologyFindings?, _ view: SliceView,
    _ network: Network, _ model: String, threads: Int, progress: Progress
  ) throws -> [String] {
    var written: [String] = []
    if let complex = self.complex {
      try progress.step("writing \(complex)")
      try OutputFile.write(Array(try JSONOutput.compact(ComplexDocument(kept))), to: complex)
      written.append(complex)
    }
    for (file, write) in texts(kept, linear) {
      guard let file else { continue }
      try progress.step("writing \(file)")
      var text = ""
      let note = write(&text)
      try OutputFile.write(Array(text.utf8), to: file)
      written.append(file + note)
    }
    guard svg != nil || html != nil else { return written }
    try progress.step("drawing")
    let drawing = try RegionDrawing(
      kept, linear, view, network, title: model, output: output, shade: shade, curve: findings?.curve,
      threads: threads)
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

  /// The text formats, each with a file if it is wanted and a way to write it that says what was left out.
  private func texts(
    _ kept: PolyhedralComplex, _ linear: LinearRegions
  ) -> [(file: String?, write: (inout String) -> String)] {
    func note(_ summary: MeshSummary) -> String {
      summary.unboundedCount > 0 ? ", without \(summary.unboundedCount) unbounded cells" : ""
    }
    return [
      (
        csv,
        { text in
          // Volumes of more dimensions than three take longer than anything else.
          let volume: ((Int) -> Double?)? = kept.dimension <= 3 ? { kept.volume(of: $0) } : nil
          kept.writeRegionTable(to: &text, linear: linear, volume: volume)
          return ""
        }
      ),
      (vtu, { text in note(kept.writeVTK(to: &text, linear: linear)) }),
      (ply, { text in note(kept.writePLY(to: &text, height: output, linear: linear)) }),
    ]
  }
}
