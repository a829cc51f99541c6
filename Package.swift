// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Crease",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Crease", targets: ["Crease"]),
    .executable(name: "crease", targets: ["CreaseCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // System libraries: module maps only.
    .systemLibrary(
      name: "CFLINT", providers: [.apt(["libflint-dev", "libgmp-dev"]), .brew(["flint", "gmp"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"]), .brew(["openblas", "lapack"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // The library, in the order of its dependencies.
    .target(name: "ExactArithmetic", dependencies: ["CFLINT"]),
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS", "ExactArithmetic"]),
    .target(name: "Polyhedra", dependencies: ["ExactArithmetic", "LinearAlgebra"]),
    .target(name: "Networks", dependencies: ["ExactArithmetic", "LinearAlgebra"]),
    .target(
      name: "ModelFiles",
      dependencies: [
        "Networks", "CZlib", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["Generated/README.md", "Generated/onnx.proto"]),
    .target(name: "Symmetry", dependencies: ["Networks"]),
    .target(name: "Complexes", dependencies: ["LinearAlgebra", "Networks", "Polyhedra"]),
    .target(
      name: "Equivalence",
      dependencies: [
        "Complexes", "LinearAlgebra", "Networks", "Polyhedra", "Symmetry",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Identifiability", dependencies: ["Complexes", "Equivalence", "Symmetry"]),
    .target(
      name: "Complexity",
      dependencies: ["ExactArithmetic", "LinearAlgebra", "Networks", "Equivalence", "Identifiability"]),
    .target(
      name: "Training", dependencies: ["ExactArithmetic", "LinearAlgebra", "Networks", "Symmetry"]),
    .target(name: "Figures"),
    .target(
      name: "Crease",
      dependencies: [
        "ExactArithmetic", "LinearAlgebra", "Polyhedra", "Networks", "ModelFiles", "Symmetry", "Equivalence",
        "Complexes", "Identifiability", "Complexity", "Training",
      ]),

    // The command-line tool. No mathematics in it.
    .executableTarget(
      name: "CreaseCommand",
      dependencies: [
        "Crease", "Figures", "ModelFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // What tests share: seeded generators, data location, planted networks. Never API.
    .target(name: "_TestSupport", dependencies: ["Crease"]),
    .testTarget(name: "ExactArithmeticTests", dependencies: ["ExactArithmetic", "_TestSupport"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "_TestSupport"]),
    .testTarget(name: "PolyhedraTests", dependencies: ["Polyhedra", "_TestSupport"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "_TestSupport"]),
    .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles", "CZlib", "_TestSupport"]),
    .testTarget(name: "SymmetryTests", dependencies: ["Symmetry", "_TestSupport"]),
    .testTarget(name: "EquivalenceTests", dependencies: ["Equivalence", "_TestSupport"]),
    .testTarget(name: "ComplexesTests", dependencies: ["Complexes", "_TestSupport"]),
    .testTarget(
      name: "IdentifiabilityTests", dependencies: ["Identifiability", "Equivalence", "_TestSupport"]),
    .testTarget(name: "ComplexityTests", dependencies: ["Complexity", "_TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "_TestSupport"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "_TestSupport"]),
    .testTarget(
      name: "CreaseCommandTests", dependencies: ["CreaseCommand", "_TestSupport"], exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)
