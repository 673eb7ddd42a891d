"""What `scripts/prove` is made of: one module for each proof, and what they measure with."""
