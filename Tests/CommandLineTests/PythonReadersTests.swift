import Foundation
import Testing

/// Data sets as the Python packages `webdataset` and `datasets` read them, in an environment that the test makes for itself.
@Suite("Python readers of data sets") struct PythonReadersTests {
  /// The environment's folder, kept between runs beside the products; nil, with the reason said, where it can't be made.
  static let environment: String? = {
    let folder = CommandRun.products.appending(path: "python-readers").path
    let ready = folder + "/ready"
    if FileManager.default.fileExists(atPath: ready) { return folder }
    let steps = [
      ["python3", "-m", "venv", "--clear", folder],
      [
        folder + "/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "--retries", "1",
        "webdataset", "datasets", "safetensors", "numpy",
      ],
    ]
    for step in steps {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = step
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return nil }
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        print("skipped: '\(step.joined(separator: " "))' failed; these tests need Python 3 with venv, and PyPI")
        return nil
      }
    }
    _ = FileManager.default.createFile(atPath: ready, contents: nil)
    return folder
  }()

  @Test(
    "open the shards: every sample with all its parts", .enabled("needs Python 3 with venv, and PyPI") { environment != nil })
  func readers() throws {
    let workspace = try Workspace()
    let made = try workspace.run(
      "dataset", "bounce.yaml", "-n", "7", "-o", "data", "--per-shard", "3", "--samples", "1", "--set", "duration=0.5 s",
      "--size", "64x48")
    #expect(made.status == 0, "\(made.error)")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: Self.environment! + "/bin/python")
    process.arguments = ["-c", Self.script, workspace.folder.path + "/data"]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["HF_HOME": workspace.folder.path + "/cache", "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"]) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let told = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(told)")
    #expect(told.hasSuffix("7 samples by webdataset, 7 by datasets\n"), "\(told)")
  }

  static let script = """
    import glob, sys
    import numpy, safetensors.numpy, webdataset, datasets
    shards = sorted(glob.glob(sys.argv[1] + "/shard-*.tar"))
    seen = []
    for sample in webdataset.WebDataset(shards, shardshuffle=False).decode():
        arrays = safetensors.numpy.load(sample["safetensors"])
        controls = arrays["controls"]
        assert controls.dtype == numpy.float16 and controls.shape == (3, 3, 4, 4, 4, 4, 11), controls.shape
        assert numpy.isfinite(controls).all() and 0 < controls[..., 4].max() <= 1
        # The layout's promise: a token's controls are one row.
        assert controls.reshape(3 * 3 * 4, -1).base is not None
        assert arrays["bodies.states"].shape == (12, 2, 13)
        assert len(sample["json"]["captions"]["en"]) == len(sample["json"]["captions"]["it"]) == 4
        assert sample["mp4"][4:8] == b"ftyp" and sample["preview.mp4"][4:8] == b"ftyp"
        seen.append(sample["__key__"])
    assert len(set(seen)) == len(seen)
    table = datasets.load_dataset("webdataset", data_files={"train": shards}, split="train")
    # Pictures would need a decoder of their own.
    table = table.remove_columns(["mp4", "preview.mp4"])
    count = 0
    for row in table:
        assert row["json"]["scene"] == "bounce" and row["json"]["fps"] == 24.0
        assert safetensors.numpy.load(row["safetensors"])["contacts"].shape[1] == 14
        count += 1
    print(len(seen), "samples by webdataset,", count, "by datasets")
    """
}
