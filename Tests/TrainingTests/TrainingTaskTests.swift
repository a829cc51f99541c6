import LinearAlgebra
import Testing
import Training

@Suite("A training task")
struct TrainingTaskTests {
  @Test("Inputs and targets go together row by row")
  func parts() {
    let task = TrainingTask(
      inputs: Matrix(rows: 2, columns: 1, elements: [0, 1]),
      targets: Matrix(rows: 2, columns: 1, elements: [0, 2]))
    #expect(task.targets[1, 0] == 2 * task.inputs[1, 0])
  }
}
