"""What `scripts/bench/run` is made of: documents, queries, engines behind one protocol, and measuring."""
