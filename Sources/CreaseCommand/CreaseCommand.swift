import ArgumentParser
import Crease

@main
struct CreaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "crease", abstract: "What a ReLU network is.")
}
