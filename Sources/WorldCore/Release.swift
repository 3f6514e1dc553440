/// Which Mondo this is, as reports, sidecar files and `--version` state it.
public enum Release {
  public static let version = "0.1.0"
}
