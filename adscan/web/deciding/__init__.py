"""What reviewers do: findings, comments, decisions, and finding one's way."""
