"""The benchmarks: what a night costs, as ratios. A table for people, and one JSON line last."""
