/// An input in parts, so that one file holds a pattern and the text that it cuts: the part before the
/// first byte 0xFF, which no text in UTF-8 has, and what follows.
struct Parts {
  let first: [UInt8]
  let second: [UInt8]

  init(_ input: Fuzz.Input) {
    let border = input.firstIndex(of: 0xFF) ?? input.endIndex
    first = Array(input[..<border])
    second = Array(input[min(border + 1, input.endIndex)...])
  }
}

/// A text that shows what most steps do.
let sampleText = Array(
  "The 2nd café, l’été ﬁn;\r\n\t日本語 ประเทศ 한글 ｆｕｌｌ e\u{301}\u{327} 👩‍🚀\u{0}\u{200D} <s> ▁x  ".utf8)
