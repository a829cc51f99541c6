import ArgumentParser

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Train many small networks and look at what the theory says about training.",
    subcommands: [WidthStudyCommand.self])
}
