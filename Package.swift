// swift-tools-version: 6.1
import PackageDescription

// The targets, bottom up. Arrows run one way: a target imports only what stands above it here.

// MARK: System libraries and their thin C faces

let aptHint = "`make setup` installs it"
let systemTargets: [Target] = [
  .target(
    name: "CBullet", dependencies: ["CBulletSystem"],
    // The package manager refuses the define of bullet-float64's pkg-config file and warns, so the flags are spelt out here.
    cxxSettings: [
      .define("BT_USE_DOUBLE_PRECISION"), .unsafeFlags(["-isystem", "/usr/include/bullet", "-ffp-contract=off"]),
    ],
    linkerSettings: [.linkedLibrary("BulletCollision-float64"), .linkedLibrary("LinearMath-float64")]),
  .systemLibrary(name: "CBulletSystem", providers: [.apt(["libbullet-dev"])]),
  .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
  .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
  .target(name: "CFluidKernels"),
  .target(name: "CTensorKernels", linkerSettings: [.linkedLibrary("gomp")]),
  .systemLibrary(name: "CEmbree", providers: [.apt(["libembree-dev"])]),
  .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
  .systemLibrary(
    name: "CLibAV", pkgConfig: "libavformat libavcodec libswscale libswresample libavutil",
    providers: [.apt(["libavcodec-dev", "libavformat-dev", "libswscale-dev", "libswresample-dev", "libavutil-dev"])]),
  .target(
    name: "COpenCV",
    // Debian keeps OpenCV's headers in a folder of their own and ships no pkg-config file with the small packages.
    cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
    linkerSettings: [
      .linkedLibrary("opencv_core"), .linkedLibrary("opencv_imgproc"), .linkedLibrary("opencv_video"),
    ]),
]

// MARK: Swift targets

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swift)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.init(stringLiteral: name)] + dependencies, resources: resources, swiftSettings: swift)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "Mondo",
  products: [
    .library(name: "Mondo", targets: ["Mondo"]),
    .executable(name: "mondo", targets: ["MondoCommand"]),
    .executable(name: "mondo-bench", targets: ["MondoBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // A server to test clients against.
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: systemTargets + [
    library("WorldCore"),
    library("Safetensors", ["WorldCore"]),
    library("TarArchives", ["WorldCore", "CArchive"]),
    library("SceneDescription", ["WorldCore", yams]),
    library("RigidBodies", ["WorldCore", "CBullet"]),
    library("Cloth", ["WorldCore"]),
    library("ParticleFluids", ["WorldCore", "CFluidKernels"]),
    library(
      "WorldSimulation", ["WorldCore", "SceneDescription", "RigidBodies", "Cloth", "ParticleFluids", "Safetensors", crypto]),
    library("Rendering", ["WorldCore", "CEmbree"]),
    library("SoundSynthesis", ["WorldCore"]),
    library("MediaIO", ["WorldCore", "CLibAV"]),
    library("LinearAlgebra", ["COpenBLAS"]),
    library("Tensors", ["COneDNN", "CTensorKernels"]),
    library("DiffusionSchedulers", ["WorldCore"]),
    library("NeuralNetworks", ["WorldCore", "Tensors", "Safetensors"]),
    library(
      "VideoDiffusion",
      [
        "WorldCore", "LinearAlgebra", "Tensors", "NeuralNetworks", "DiffusionSchedulers", "Safetensors", "TarArchives",
        "MediaIO",
      ],
      resources: [.copy("Weights")]),
    library("MotionTracking", ["WorldCore", "COpenCV", "LinearAlgebra"]),
    library("Plausibility", ["WorldCore", "LinearAlgebra"]),
    library("Violations", ["WorldCore", "MotionTracking"]),
    library("VideoServices"),
    library("ScenePlanning", ["SceneDescription"]),
    library(
      "WorldExport",
      [
        "WorldCore", "SceneDescription", "WorldSimulation", "Rendering", "SoundSynthesis", "MediaIO", "Safetensors",
        "TarArchives",
      ]),
    library(
      "WorldGeneration",
      [
        "WorldCore", "SceneDescription", "WorldSimulation", "WorldExport", "VideoDiffusion", "MediaIO",
        "SoundSynthesis", crypto,
      ]),
    library(
      "Reports", ["WorldCore", "Plausibility", "MediaIO", mustache],
      resources: ["score.mustache", "report.css", "report.js", "evaluation.mustache", "evaluation.css", "evaluation.js"].map {
        .embedInCode("Resources/\($0)")
      }),
    library(
      "Mondo",
      [
        "WorldCore", "Safetensors", "SceneDescription", "WorldSimulation", "Rendering", "SoundSynthesis", "MediaIO",
        "MotionTracking", "Plausibility", "Violations", "VideoServices", "ScenePlanning", "Reports", "TarArchives",
        "WorldExport", "VideoDiffusion", "WorldGeneration", "LinearAlgebra", crypto,
      ]),
    .executableTarget(name: "MondoCommand", dependencies: ["Mondo", argumentParser], swiftSettings: swift),
    .executableTarget(
      name: "MondoBench",
      dependencies: ["Mondo", "RigidBodies", "Cloth", "ParticleFluids", "Tensors", "NeuralNetworks", argumentParser],
      swiftSettings: swift),
    .executableTarget(
      name: "tensor-soak", dependencies: ["NeuralNetworks", "Tensors", "WorldCore"], path: "Evaluation/TensorSoak",
      swiftSettings: swift),

    tests("WorldCore", []),
    tests("Safetensors", ["WorldCore"]),
    tests("TarArchives", ["WorldCore"]),
    tests("SceneDescription", ["WorldCore"]),
    tests("RigidBodies", ["WorldCore"]),
    tests("Cloth", ["WorldCore"]),
    tests("ParticleFluids", ["WorldCore", "CFluidKernels"]),
    tests("WorldSimulation", ["WorldCore", "SceneDescription", "Cloth"]),
    tests("Rendering", ["WorldCore"]),
    tests("SoundSynthesis", ["WorldCore"]),
    tests("MediaIO", ["WorldCore"], resources: [.copy("Fixtures")]),
    tests("LinearAlgebra", ["WorldCore"]),
    tests("Tensors", ["WorldCore", "CTensorKernels"]),
    tests("DiffusionSchedulers", ["WorldCore"]),
    tests("NeuralNetworks", ["WorldCore", "Tensors", "Safetensors"], resources: [.copy("Fixtures")]),
    tests(
      "VideoDiffusion",
      [
        "WorldCore", "Tensors", "NeuralNetworks", "DiffusionSchedulers", "Safetensors", "TarArchives", "WorldExport",
        "SceneDescription", "WorldSimulation",
      ], resources: [.copy("Fixtures")]),
    tests("MotionTracking", ["WorldCore", "MediaIO", "Plausibility"], resources: [.copy("Fixtures")]),
    tests("Plausibility", ["WorldCore", "LinearAlgebra"]),
    tests("Violations", ["WorldCore", "MotionTracking", "Plausibility", "SceneDescription", "WorldSimulation"]),
    tests(
      "WorldExport", ["WorldCore", "SceneDescription", "WorldSimulation", "Rendering", "MediaIO", "Safetensors", "TarArchives"]),
    tests("Reports", ["WorldCore", "Plausibility", "MediaIO"]),
    tests(
      "VideoServices",
      ["Mondo", .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox")]),
    tests("ScenePlanning", ["WorldCore", "SceneDescription", "WorldExport"]),
    tests("Mondo", []),
    .testTarget(name: "CommandLineTests", dependencies: ["MondoCommand", "Mondo", "MondoBench", crypto], swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
