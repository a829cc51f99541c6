extension CensusFigure {
  /// The figure as a page that needs nothing else, with a table of numbers below it.
  ///
  /// - Parameters:
  ///   - columns: The heads of the table.
  ///   - rows: Its rows, of as many cells; the first cell of each is its name.
  public func page(columns: [String], rows: [[String]]) -> String {
    TablePage.document(title: title, svg: svg(), columns: columns, rows: rows)
  }
}
