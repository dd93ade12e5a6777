"""The search over everything that one may see: documents made from the rows that the journal names, found by pairs of
signs, because two Hanzi are a word and trigrams would not serve them."""
