// swift-tools-version: 6.1
import PackageDescription

// A package of its own: it is built with sanitizers, and the product never is. `make fuzz` passes
// their flags on the command line, so that the library itself reports what it covers.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "toktrain", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        .product(name: "TokenizerToolkit", package: "toktrain")
      ])
  ],
  swiftLanguageModes: [.v6]
)
