import Networks

extension PolyhedralComplex {
  /// Writes a table of the activation regions: a line of names, then a line for each region, with commas.
  ///
  /// The columns are `region`, `linear_region`, `pattern` (layers separated by `|`), `bounded` (0 or 1), `vertices` and
  /// `walls` (how many; vertices at infinity count), the interior point `x0`, `x1`, …, for each output k its gradient
  /// `y<k>_x0`, … and its constant `y<k>`, and `volume` if asked for (empty where it is not known).
  ///
  /// - Parameters:
  ///   - linear: the linear regions, if they are known already.
  ///   - volume: the volume of a region, nil where it has none to give.
  /// - Exactness: combinatorics exact, points and maps rounded; they are written so that reading gives the same doubles.
  public func writeRegionTable(
    to stream: inout some TextOutputStream, linear: LinearRegions? = nil, volume: ((Int) -> Double?)? = nil
  ) {
    let linear = linear ?? linearRegions()
    var names = ["region", "linear_region", "pattern", "bounded", "vertices", "walls"]
    names += (0..<dimension).map { "x\($0)" }
    for output in 0..<network.outputCount {
      names += (0..<dimension).map { "y\(output)_x\($0)" } + ["y\(output)"]
    }
    if volume != nil { names.append("volume") }
    stream.write(names.joined(separator: ",") + "\n")
    for region in 0..<regionCount {
      var line = "\(region),\(linear.ofActivationRegion[region]),"
      line += patternText(of: region).joined(separator: "|")
      line += isBounded(region) ? ",1" : ",0"
      line += ",\(vertices(of: region).count),\(walls(of: region).count)"
      for x in interiorPoint(of: region) { line += ",\(x)" }
      for output in 0..<network.outputCount {
        for coefficient in map(ofOutput: output, on: region) { line += ",\(coefficient)" }
      }
      if let volume { line += "," + (volume(region).map { "\($0)" } ?? "") }
      stream.write(line + "\n")
    }
  }
}
