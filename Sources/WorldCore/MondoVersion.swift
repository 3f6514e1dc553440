/// The toolkit's version, as reports and sidecar files state it.
public enum MondoVersion {
  public static let current = "0.1.0"
}
