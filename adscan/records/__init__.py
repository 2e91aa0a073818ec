"""What travels between the stages: frozen records, one module a notion."""
