/// The version of this toolkit, as files and `--version` name it.
public enum ToolkitVersion {
  public static let current = "0.1.0"
}
