/// Number of a token: its row in an embedding table, its place in a vocabulary file.
public typealias TokenID = UInt32
