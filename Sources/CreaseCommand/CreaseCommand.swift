import ArgumentParser
import Crease

@main
struct CreaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crease",
    abstract: "Tells what a ReLU network is, apart from how it is written down.",
    discussion: """
      Exit codes: 0 equivalent or done, 1 different or refused, 2 undecided, 64 usage, 65 bad data, 66 no such \
      file, 70 internal error, 73 cannot write, 130 interrupted.
      """,
    version: "crease \(Release.version) (\(Release.engines.joined(separator: ", ")))",
    subcommands: [
      CompareCommand.self, VerifyCommand.self, InspectCommand.self, CanonicalizeCommand.self,
      DisguiseCommand.self, ConvertCommand.self, RegionsCommand.self, DimensionCommand.self,
      SymmetriesCommand.self, CensusCommand.self, IdentifyCommand.self, ConstructCommand.self,
      EmbedCommand.self, ReduceCommand.self, BoundsCommand.self,
    ])

  static func main() {
    Interrupt.install()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      Terminal.error(failure.message)
      exit(withError: failure.code)
    } catch is CancellationError {
      Terminal.error("interrupted")
      exit(withError: ExitCode(130))
    } catch let error as NeuronNumbering<Dyadic>.Obstacle {
      Terminal.error("\(error)")
      exit(withError: ExitCode(65))
    } catch {
      // What is neither a usage error nor an answer is a fault of ours.
      guard exitCode(for: error) != .failure || error is ExitCode else {
        Terminal.error("internal error: \(error)")
        exit(withError: ExitCode(70))
      }
      exit(withError: error)
    }
  }
}
