@main
enum Toktrain {
  static func main() {}
}
