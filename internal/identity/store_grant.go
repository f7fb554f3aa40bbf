package identity

import (
	"cchc/internal/clock"
	"cchc/internal/db"
)

func scanRole(row db.Scanner) (r Role, err error) {
	err = row.Scan(&r.Code, &r.Name, &r.SortNo, &r.BuiltIn, &r.Version)
	return r, err
}

func insertRole(tx *db.Tx, r Role) error {
	_, err := tx.Exec(`INSERT INTO identity_role (code, name, sort_no, built_in) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING`, r.Code, r.Name, r.SortNo, r.BuiltIn)
	return err
}

func updateRole(tx *db.Tx, code, name string, version int64) (int64, error) {
	return tx.Exec(`UPDATE identity_role SET name = $1, version = version + 1 WHERE code = $2 AND version = $3`, name, code, version)
}

func insertRight(tx *db.Tx, code string, nowMs int64) (added bool, err error) {
	n, err := tx.Exec(`INSERT INTO identity_right (code, created_ms) VALUES ($1, $2) ON CONFLICT (code) DO NOTHING`, code, nowMs)
	return n == 1, err
}

func insertRoleRight(tx *db.Tx, role, right string) error {
	_, err := tx.Exec(`INSERT INTO identity_role_right (role_code, right_code) VALUES ($1, $2) ON CONFLICT (role_code, right_code) DO NOTHING`, role, right)
	return err
}

func replaceRoleRights(tx *db.Tx, role string, rights []string) error {
	if _, err := tx.Exec(`DELETE FROM identity_role_right WHERE role_code = $1`, role); err != nil {
		return err
	}
	for _, r := range rights {
		if err := insertRoleRight(tx, role, r); err != nil {
			return err
		}
	}
	return nil
}

func roleByCode(tx *db.Tx, code string) (Role, bool, error) {
	r, found, err := db.One(tx, scanRole, `SELECT code, name, sort_no, built_in, version FROM identity_role WHERE code = $1`, code)
	if err != nil || !found {
		return r, found, err
	}
	r.Rights, err = db.All(tx, db.Value[string], `SELECT right_code FROM identity_role_right WHERE role_code = $1 ORDER BY right_code`, code)
	return r, true, err
}

func listRoles(tx *db.Tx) ([]Role, error) {
	roles, err := db.All(tx, scanRole, `SELECT code, name, sort_no, built_in, version FROM identity_role ORDER BY sort_no, code`)
	if err != nil {
		return nil, err
	}
	type pair struct{ role, right string }
	pairs, err := db.All(tx, func(row db.Scanner) (p pair, err error) { err = row.Scan(&p.role, &p.right); return p, err },
		`SELECT role_code, right_code FROM identity_role_right ORDER BY right_code`)
	for _, p := range pairs {
		for i := range roles {
			if roles[i].Code == p.role {
				roles[i].Rights = append(roles[i].Rights, p.right)
			}
		}
	}
	return roles, err
}

func scanGrant(row db.Scanner) (g Grant, err error) {
	var from, to int64
	var revoked *int64
	err = row.Scan(&g.ID, &g.AccountID, &g.Role, &g.AgencyID, &from, &to, &g.GrantedBy, &revoked, &g.Version)
	g.From, g.To = clock.FromMs(from), clock.FromMs(to)
	if revoked != nil {
		g.Revoked = clock.FromMs(*revoked)
	}
	return g, err
}

func grantByID(tx *db.Tx, id string) (Grant, bool, error) {
	return db.One(tx, scanGrant, `
		SELECT id, account_id, role_code, COALESCE(agency_id, ''), from_ms, to_ms, granted_by, revoked_ms, version
		  FROM identity_grant WHERE id = $1`, id)
}

func grantsOf(tx *db.Tx, account string) ([]Grant, error) {
	return db.All(tx, scanGrant, `
		SELECT id, account_id, role_code, COALESCE(agency_id, ''), from_ms, to_ms, granted_by, revoked_ms, version
		  FROM identity_grant WHERE account_id = $1 ORDER BY to_ms DESC, id`, account)
}

func insertGrant(tx *db.Tx, g Grant, nowMs int64) error {
	_, err := tx.Exec(`
		INSERT INTO identity_grant (id, account_id, role_code, agency_id, from_ms, to_ms, granted_by, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		g.ID, g.AccountID, g.Role, orNull(g.AgencyID), g.From.UnixMilli(), g.To.UnixMilli(), g.GrantedBy, nowMs)
	return err
}

// endGrant closes the span now; one that has not begun becomes empty.
func endGrant(tx *db.Tx, id string, nowMs int64) (int64, error) {
	return tx.Exec(`
		UPDATE identity_grant SET to_ms = CASE WHEN from_ms > $1 THEN from_ms ELSE $1 END, revoked_ms = $1, version = version + 1
		 WHERE id = $2 AND revoked_ms IS NULL AND to_ms > $1`, nowMs, id)
}

func scanDelegation(row db.Scanner) (d Delegation, err error) {
	var from, to int64
	var ended *int64
	err = row.Scan(&d.ID, &d.FromAccountID, &d.ToAccountID, &from, &to, &d.Reason, &ended, &d.Version)
	d.From, d.To = clock.FromMs(from), clock.FromMs(to)
	if ended != nil {
		d.Ended = clock.FromMs(*ended)
	}
	return d, err
}

func insertDelegation(tx *db.Tx, d Delegation, nowMs int64) error {
	_, err := tx.Exec(`
		INSERT INTO identity_delegation (id, from_account_id, to_account_id, from_ms, to_ms, reason, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.ID, d.FromAccountID, d.ToAccountID, d.From.UnixMilli(), d.To.UnixMilli(), d.Reason, nowMs)
	for _, r := range d.Rights {
		if err == nil {
			_, err = tx.Exec(`INSERT INTO identity_delegation_right (delegation_id, right_code) VALUES ($1, $2)`, d.ID, r)
		}
	}
	return err
}

func delegationByID(tx *db.Tx, id string) (Delegation, bool, error) {
	d, found, err := db.One(tx, scanDelegation, `
		SELECT id, from_account_id, to_account_id, from_ms, to_ms, reason, ended_ms, version FROM identity_delegation WHERE id = $1`, id)
	if err != nil || !found {
		return d, found, err
	}
	d.Rights, err = delegationRights(tx, id)
	return d, true, err
}

func delegationsOf(tx *db.Tx, account string) ([]Delegation, error) {
	list, err := db.All(tx, scanDelegation, `
		SELECT id, from_account_id, to_account_id, from_ms, to_ms, reason, ended_ms, version
		  FROM identity_delegation WHERE from_account_id = $1 OR to_account_id = $1 ORDER BY id DESC LIMIT 200`, account)
	for i := range list {
		if err == nil {
			list[i].Rights, err = delegationRights(tx, list[i].ID)
		}
	}
	return list, err
}

func delegationRights(tx *db.Tx, id string) ([]string, error) {
	return db.All(tx, db.Value[string], `SELECT right_code FROM identity_delegation_right WHERE delegation_id = $1 ORDER BY right_code`, id)
}

func endDelegation(tx *db.Tx, id string, nowMs int64) (int64, error) {
	return tx.Exec(`
		UPDATE identity_delegation SET to_ms = CASE WHEN from_ms > $1 THEN from_ms ELSE $1 END, ended_ms = $1, version = version + 1
		 WHERE id = $2 AND ended_ms IS NULL AND to_ms > $1`, nowMs, id)
}
