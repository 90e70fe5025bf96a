"""The shapes in which the courts send results, one module for each, read into the same few parts."""
