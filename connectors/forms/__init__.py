"""A service's own form as data, sent by secure mail, and its answers read back."""
