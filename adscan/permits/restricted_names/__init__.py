"""Words in names that only licensed institutions may use, or nobody."""
