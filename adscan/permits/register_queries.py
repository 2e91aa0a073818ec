"""The longer questions to the register file."""

# The day of a line is that of the newest list by then which has the permit; `last` may be later.
PERMITS = """
SELECT i.id, i.region, i.name, p.type, p.number, v.authority, v.scope, v.region,
       v.valid_from, v.valid_to, v.state, v.state_since, v.source,
       max(v.since, coalesce((
           SELECT max(CASE WHEN l.last <= :day THEN l.last ELSE coalesce((
                      SELECT max(taken) FROM snapshot
                      WHERE source = l.source AND taken BETWEEN l.since AND :day), l.since) END)
           FROM listing l WHERE l.permit_id = p.id AND l.since <= :day), v.since)),
       (SELECT max(coalesce(l.until, '9999')) FROM listing l
        WHERE l.permit_id = p.id AND (l.since <= :day OR l.since = (
            SELECT min(since) FROM listing WHERE permit_id = p.id)))
FROM permit p JOIN version v ON v.permit_id = p.id JOIN institution i ON i.id = p.institution_id
WHERE v.since = coalesce(
    (SELECT max(since) FROM version WHERE permit_id = p.id AND since <= :day),
    (SELECT min(since) FROM version WHERE permit_id = p.id))
"""
VERSIONS = """
SELECT i.name, p.type, p.number, v.authority, v.scope, v.region, v.valid_from, v.valid_to,
       v.state, v.state_since, v.source, v.since, NULL
FROM version v JOIN permit p ON p.id = v.permit_id JOIN institution i ON i.id = p.institution_id
WHERE i.id = ? ORDER BY p.type, p.number, v.since
"""
OF_ONE = " AND i.id = :holder ORDER BY p.type, p.number"
OF_ALL = " ORDER BY i.name, i.id, p.type, p.number"
