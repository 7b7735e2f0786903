// swift-tools-version: 6.1
import PackageDescription

// simdjson's pkg-config file carries a macro that SwiftPM refuses with a warning at every build;
// on Linux its header and library stand where every compiler looks.
#if os(Linux)
  let simdjsonPkgConfig: String? = nil
#else
  let simdjsonPkgConfig: String? = "simdjson"
#endif

/// C and C++ libraries that the system provides; each is a Debian package and a Homebrew formula.
let systemLibraries: [Target] = [
  .systemLibrary(
    name: "CICU", pkgConfig: "icu-i18n", providers: [.apt(["libicu-dev"]), .brew(["icu4c"])]),
  .systemLibrary(
    name: "CSimdJSON", pkgConfig: simdjsonPkgConfig,
    providers: [.apt(["libsimdjson-dev"]), .brew(["simdjson"])]),
  .systemLibrary(
    name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
  .systemLibrary(
    name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
  .systemLibrary(
    name: "CXXHash", pkgConfig: "libxxhash",
    providers: [.apt(["libxxhash-dev"]), .brew(["xxhash"])]),
]

/// Arrows of the house: a target may import only what stands in its row.
let rooms: [(name: String, uses: [Target.Dependency])] = [
  ("Primitives", ["NativeBridges"]),
  ("Tokenization", ["Primitives", "NativeBridges"]),
  ("TokenizerTraining", ["Tokenization", "Primitives", "NativeBridges"]),
  ("TokenEmbeddings", ["TokenizerTraining", "Tokenization", "Primitives"]),
  ("TokenizerComparison", ["Tokenization", "Primitives", "NativeBridges"]),
]

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "toktrain",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Tokenization", targets: ["Tokenization"]),
    .library(
      name: "TokenizerToolkit",
      targets: ["Tokenization", "TokenizerTraining", "TokenEmbeddings", "TokenizerComparison"]),
    .executable(name: "toktrain", targets: ["toktrain"]),
  ],
  targets: systemLibraries
    + [
      .target(
        name: "NativeBridges",
        dependencies: ["CICU", "CSimdJSON", "CZlib", "CZstd", "CXXHash"],
        linkerSettings: [.linkedLibrary("simdjson")])
    ]
    + rooms.map { room in
      .target(name: room.name, dependencies: room.uses, swiftSettings: swiftSettings)
    }
    + [
      .executableTarget(
        name: "toktrain",
        dependencies: [
          "Primitives", "Tokenization", "TokenizerTraining", "TokenEmbeddings",
          "TokenizerComparison",
        ],
        swiftSettings: swiftSettings)
    ]
    + rooms.map { room in
      .testTarget(
        name: "\(room.name)Tests",
        dependencies: [.target(name: room.name)] + room.uses,
        swiftSettings: swiftSettings)
    }
    + [
      .testTarget(
        name: "ToktrainTests",
        dependencies: [
          "toktrain", "Primitives", "Tokenization", "TokenizerTraining", "TokenizerComparison",
        ],
        exclude: ["Goldens"],
        swiftSettings: swiftSettings)
    ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11,
  cxxLanguageStandard: .cxx17
)
