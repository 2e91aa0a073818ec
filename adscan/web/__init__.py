"""The pre-review service: advertisers submit, the machine reads, a person decides."""
