"""The benchmarks: what a night costs, in one run, as ratios. For people a table, for scripts a last JSON line."""
