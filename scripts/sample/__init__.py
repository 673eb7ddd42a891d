"""What `make_corpus.py` is made of: the source text, the typesetter and the pages of the sample collection."""
