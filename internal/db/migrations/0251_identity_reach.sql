-- Who holds what right where, directly (for_account_id '') or for another account. The rows of
-- one account and right are few; every list joins here. A grant without agency, or at the
-- province itself, reaches province-wide records too: they carry agency ''.
CREATE VIEW identity_held (account_id, right_code, agency_id, from_ms, to_ms, for_account_id) AS
SELECT g.account_id, rr.right_code, g.agency_id, g.from_ms, g.to_ms, ''
  FROM identity_grant g
  JOIN identity_account a ON a.id = g.account_id AND a.state = 'active'
  JOIN identity_role_right rr ON rr.role_code = g.role_code
UNION ALL
SELECT d.to_account_id, rr.right_code, g.agency_id,
       CASE WHEN g.from_ms > d.from_ms THEN g.from_ms ELSE d.from_ms END,
       CASE WHEN g.to_ms < d.to_ms THEN g.to_ms ELSE d.to_ms END,
       d.from_account_id
  FROM identity_delegation d
  JOIN identity_account a ON a.id = d.to_account_id AND a.state = 'active'
  JOIN identity_account b ON b.id = d.from_account_id AND b.state = 'active'
  JOIN identity_delegation_right dr ON dr.delegation_id = d.id
  JOIN identity_grant g ON g.account_id = d.from_account_id
  JOIN identity_role_right rr ON rr.role_code = g.role_code AND rr.right_code = dr.right_code;

-- The agencies an account reaches with a right (phạm vi): the one filter of every list.
CREATE VIEW identity_reach (account_id, right_code, agency_id, from_ms, to_ms, for_account_id) AS
SELECT h.account_id, h.right_code, t.descendant_id, h.from_ms, h.to_ms, h.for_account_id
  FROM identity_held h JOIN org_tree t ON t.ancestor_id = h.agency_id
UNION ALL
SELECT h.account_id, h.right_code, o.id, h.from_ms, h.to_ms, h.for_account_id
  FROM identity_held h CROSS JOIN org_agency o WHERE h.agency_id IS NULL
UNION ALL
SELECT h.account_id, h.right_code, '', h.from_ms, h.to_ms, h.for_account_id
  FROM identity_held h LEFT JOIN org_agency o ON o.id = h.agency_id
 WHERE h.agency_id IS NULL OR o.kind = 'province';
