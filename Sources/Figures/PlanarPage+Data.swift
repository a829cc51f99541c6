extension PlanarPage {
  /// The numbers of the figure as JSON; long lists are base64 of 32-bit numbers.
  var data: String {
    let figure = drawing.figure
    let shapes = drawing.simplification.shapes.map { figure.regions[$0] }
    var json = JSONText()
    json.add("mode", usesElements ? "elements" : "canvas")
    json.add("vivid", options.colours.isVivid(regions: figure.regions.count))
    json.addRaw("axes", JSONText.list([PageData.axis(figure.horizontal), PageData.axis(figure.vertical)]))
    json.add("width", drawing.width)
    json.add("height", drawing.height)
    json.add("regionCount", figure.regions.count)
    addShading(to: &json, regions: shapes)
    addShapes(shapes, to: &json)
    addCurves(to: &json)
    if let levelSet = figure.levelSet {
      json.add("levelLabel", levelSet.label)
      let points = stride(from: 0, to: levelSet.segments.count, by: 2).flatMap {
        [
          figure.horizontal.fraction(levelSet.segments[$0]),
          figure.vertical.fraction(levelSet.segments[$0 + 1]),
        ]
      }
      json.add("level", Base64.floats(points))
    }
    json.addRaw("colours", PageData.colours)
    if !drawing.simplification.isComplete { addRaster(to: &json) }
    return json.text
  }

  private func addShading(to json: inout JSONText, regions: [PlanarFigure.Region]) {
    let all = drawing.figure.regions
    var title = "Value"
    switch drawing.figure.shading {
    case .value(let label):
      title = label
      json.add("shading", "value")
    case .gradientNorm:
      title = drawing.figure.shading.title
      json.add("shading", "value")
    case .category(let names):
      json.add("shading", "category")
      json.add("classes", names)
    }
    json.add("valueTitle", title)
    json.addRaw("valueScale", PageData.scale(ShadeScale(for: all.map(\.value))))
    json.add("values", Base64.floats(regions.map(\.value)))
    if all.allSatisfy({ $0.function != nil }) {
      let functions = regions.flatMap { region -> [Double] in
        region.function.map { [$0.a, $0.b, $0.c] } ?? [.nan, .nan, .nan]
      }
      json.add("functions", Base64.floats(functions))
      json.addRaw(
        "gradientScale", PageData.scale(ShadeScale(for: all.map { $0.function?.gradientNorm ?? .nan })))
    }
    if case .category = drawing.figure.shading {
      json.add("categories", Base64.integers(regions.map { $0.category ?? Int(UInt32.max) }))
    }
  }

  private func addShapes(_ shapes: [PlanarFigure.Region], to json: inout JSONText) {
    let figure = drawing.figure
    var number = [Int32](repeating: -1, count: figure.vertices.count / 2)
    var points: [Double] = []
    var corners: [Int] = []
    for region in shapes {
      for corner in region.corners {
        if number[corner] < 0 {
          number[corner] = Int32(points.count / 2)
          points += figure.fractions(at: corner)
        }
        corners.append(Int(number[corner]))
      }
    }
    json.add("points", Base64.floats(points))
    json.addRaw("starts", PageData.starts(shapes.map(\.corners.count)))
    json.add("corners", Base64.integers(corners))
    if !drawing.simplification.isComplete { json.add("ids", Base64.integers(drawing.simplification.shapes)) }
    json.add("labels", PageData.labels(shapes.map(\.label), budget: options.labelBudget))
  }

  private func addCurves(to json: inout JSONText) {
    let curves = drawing.simplification.curves
    let table = PageData.table(of: curves.map(\.neurons))
    json.add("joined", curves.count < drawing.figure.walls.count)
    json.addRaw("neuronSets", table.json)
    json.add("curveSets", Base64.integers(table.indices))
    json.addRaw("curveStarts", PageData.starts(curves.map { $0.points.count / 2 }))
    json.add("curvePoints", Base64.floats(curves.flatMap(\.points)))
    json.add("curveWeights", Base64.floats(curves.map { $0.isVisible ? $0.weight : -1 }))
    json.add("fullWeight", drawing.weights.full)
  }

  private func addRaster(to json: inout JSONText) {
    let figure = drawing.figure
    let size = PlanarDrawing.rasterSize(width: drawing.width, height: drawing.height)
    func add(_ name: String, _ bytes: [UInt8]) {
      let raster = figure.raster(width: size.width, height: size.height) { bytes[$0] }
      json.add(name, Base64.text(of: raster.pixels))
    }
    json.add("rasterWidth", size.width)
    json.add("rasterHeight", size.height)
    let value = RegionShades(shading: .gradientNorm, values: figure.regions.map(\.value), categories: [])
    add("rasterValue", value.steps)
    if figure.regions.allSatisfy({ $0.function != nil }) {
      let norms = figure.regions.map { $0.function?.gradientNorm ?? .nan }
      add("rasterGradient", RegionShades(shading: .gradientNorm, values: norms, categories: []).steps)
    }
    if case .category = figure.shading { add("rasterCategory", drawing.shades.steps) }
  }
}
