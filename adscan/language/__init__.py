"""Chinese sentences: clauses, scope of negation, quotation. Known to every stage, knows none."""
