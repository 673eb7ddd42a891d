"""Bytes to text by page, and metadata with its origin: web pages, PDFs and plain text."""
