import Foundation

/// Where the shared data lies: `CREASE_DATA`, else `../shared/data` beside the package.
public enum TestData {
  /// The folder, or nil where it is missing.
  public static let folder: URL? = {
    let path =
      ProcessInfo.processInfo.environment["CREASE_DATA"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/data").path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return nil
    }
    return URL(fileURLWithPath: path, isDirectory: true)
  }()

  /// Whether tests that read the folder should run; with `CI=true` they run and fail where it is missing.
  public static var isWanted: Bool {
    folder != nil || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  /// Whether the long tier was asked for.
  public static var longTests: Bool { ProcessInfo.processInfo.environment["CREASE_LONG_TESTS"] == "1" }
}
