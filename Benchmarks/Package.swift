// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that users of Crease never build it.
let package = Package(
  name: "CreaseBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Crease", path: "..")],
  targets: [.executableTarget(name: "bench", dependencies: [.product(name: "Crease", package: "Crease")])],
  swiftLanguageModes: [.v6]
)
