/// Lines on which conversions are compared where no text is given: many scripts, blanks of all kinds,
/// digits, signs, marks and characters that no vocabulary has.
enum ProofSample {
  static let text = """
    The quick answer is seldom the right one, but it's often good enough.
      Two blanks in front, two behind, and  two  between.
    \ttabs\tand a no-break\u{A0}space, an ideographic\u{3000}one
    Don't they'll we've I'M HE'D 'tis rock'n'roll
    1 12 123 1234 12345 3.14159 1,000,000 0x1F 50% $9.99 №7 ½ ² Ⅷ
    def f(x): return {"key": [1, 2, x ** 2]}  # comment
    for (int i = 0; i < n; ++i) { a[i] += b[i]; }
    https://example.org/a/b?c=d&e=f#g user@example.org
    !!! ??? ... --- *** === ___ (((nested))) [x] <y> </z>
    Größe, Straße, ÄÖÜ äöü, naïve café, déjà vu, œuvre, ﬁnest ﬂow
    Ｆｕｌｌ ｗｉｄｔｈ and ﾊﾝｶｸ, ℌ𝔢𝔩𝔩𝔬 𝐰𝐨𝐫𝐥𝐝
    e\u{301} cafe\u{301} n\u{303}o q\u{307}
    Съешь же ещё этих мягких французских булок, да выпей чаю.
    Η γρήγορη αλεπού πηδάει πάνω από τον σκύλο. ΣΟΦΟΣ σοφός
    東京は夜の七時。カタカナとひらがな、漢字も。
    今天天气很好，我们去公园散步吧！
    안녕하세요, 세계! 한국어 텍스트입니다.
    مرحبا بالعالم، كيف حالك اليوم؟ ١٢٣
    שלום עולם, מה שלומך?
    नमस्ते दुनिया, आप कैसे हैं? क्षत्रिय
    สวัสดีชาวโลก วันนี้อากาศดีมาก
    Xin chào thế giới, tiếng Việt có nhiều dấu.
    🙂 👍🏽 👩‍👩‍👧 🇩🇪 ❤️ ☃ ♞ ∑∞≠ ⟨a|b⟩ → ↔
    zero\u{200B}width\u{200D}joiner\u{FEFF}mark\u{2060} soft\u{AD}hyphen
    \u{E000}\u{378} \u{1F}\u{7F}\u{85}\u{2028}
    ▁ ▁▁ a▁b <s> </s> <unk> [CLS] [SEP] <|endoftext|> <0x41>
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    pneumonoultramicroscopicsilicovolcanoconiosis antidisestablishmentarianism

     \u{20}
    .
    """
}
