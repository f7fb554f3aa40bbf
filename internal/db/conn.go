package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// statementCache is how many prepared statements a connection keeps.
const statementCache = 500

// connector opens SQLite connections that keep their prepared statements: parsing
// and planning costs more than running a statement that touches one row. Done here,
// below database/sql, it serves every user of the connection, the job queue too.
type connector struct {
	driver.Connector
	begin string
}

// Connect opens one connection.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{rawConn: raw.(rawConn), begin: c.begin, stmts: map[string]*list.Element{}}, nil
}

// rawConn, rawStmt and rawRows are what the driver's own types can do.
type (
	rawConn interface {
		driver.Conn
		driver.ConnPrepareContext
		driver.ExecerContext
		driver.QueryerContext
		driver.Pinger
		driver.SessionResetter
		driver.Validator
	}
	rawStmt interface {
		driver.Stmt
		driver.StmtExecContext
		driver.StmtQueryContext
	}
	rawRows interface {
		driver.Rows
		driver.RowsColumnTypeDatabaseTypeName
		driver.RowsColumnTypeScanType
	}
)

// conn is one SQLite connection. An error that makes SQLite end the transaction
// (disk full, I/O error, interrupted) marks it dead: until COMMIT or ROLLBACK every
// further statement answers that same error, because SQLite would run it in a
// transaction of its own and keep half of what belongs together.
type conn struct {
	rawConn
	begin string
	stmts map[string]*list.Element // of *stmt
	order list.List                // most recently used first
	inTx  bool
	dead  error
	bad   bool // not to be used again
}

type stmt struct {
	rawStmt
	query   string
	busy    bool // its rows are being read
	dropped bool // no longer in the cache: close it when its rows are closed
}

// prepared returns the cached statement for query, or nil when it is to run
// unprepared: several statements in one text, or in use by rows that are open.
func (c *conn) prepared(ctx context.Context, query string) (*stmt, error) {
	if e, ok := c.stmts[query]; ok {
		s := e.Value.(*stmt)
		if s.busy {
			return nil, nil
		}
		c.order.MoveToFront(e)
		return s, nil
	}
	if strings.Contains(strings.TrimRight(query, "; \n\t"), ";") {
		return nil, nil
	}
	raw, err := c.rawConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s := &stmt{rawStmt: raw.(rawStmt), query: query}
	c.stmts[query] = c.order.PushFront(s)
	if c.order.Len() > statementCache {
		oldest := c.order.Remove(c.order.Back()).(*stmt)
		delete(c.stmts, oldest.query)
		if oldest.dropped = true; !oldest.busy {
			err = oldest.Close()
		}
	}
	return s, err
}

// ExecContext runs a statement, prepared when it can be.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.dead != nil {
		return nil, c.dead
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, c.note(err)
	}
	var res driver.Result
	if s != nil {
		res, err = s.ExecContext(ctx, args)
	} else {
		res, err = c.rawConn.ExecContext(ctx, query, args)
	}
	return res, c.note(err)
}

// QueryContext runs a query, prepared when it can be.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.dead != nil {
		return nil, c.dead
	}
	s, err := c.prepared(ctx, query)
	if err != nil {
		return nil, c.note(err)
	}
	var r driver.Rows
	if s != nil {
		r, err = s.QueryContext(ctx, args)
	} else {
		r, err = c.rawConn.QueryContext(ctx, query, args)
	}
	if err != nil {
		return nil, c.note(err)
	}
	if s != nil {
		s.busy = true
	}
	return &rows{rawRows: r.(rawRows), c: c, s: s}, nil
}

// note remembers an error that has ended the transaction.
func (c *conn) note(err error) error {
	if err == nil || !c.inTx || c.dead != nil {
		return err
	}
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		c.dead = err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		c.dead = err // the driver reports an interrupted statement so
	}
	return err
}

// rows gives the statement free when they are closed.
type rows struct {
	rawRows
	c *conn
	s *stmt
}

// Next reads the next row.
func (r *rows) Next(dest []driver.Value) error { return r.c.note(r.rawRows.Next(dest)) }

// Close ends the reading.
func (r *rows) Close() error {
	err := r.rawRows.Close()
	if s := r.s; s != nil {
		if s.busy = false; s.dropped {
			err = errors.Join(err, s.Close())
		}
		r.s = nil
	}
	return r.c.note(err)
}

// BeginTx starts a transaction with the connection's own kind of BEGIN.
func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if _, err := c.ExecContext(ctx, c.begin, nil); err != nil {
		return nil, err
	}
	c.inTx, c.dead = true, nil
	return connTx{c}, nil
}

type connTx struct{ c *conn }

// Commit makes the transaction durable. After a failure it has been rolled back.
func (t connTx) Commit() error {
	if t.c.dead != nil {
		dead := t.c.dead
		t.Rollback()
		return dead
	}
	_, err := t.c.ExecContext(context.Background(), "COMMIT", nil)
	if err != nil {
		t.Rollback()
	}
	t.c.inTx, t.c.dead = false, nil
	return err
}

// Rollback undoes the transaction. Where SQLite has ended it already the ROLLBACK
// fails; the connection is then given up, so that nothing of its state lives on.
func (t connTx) Rollback() error {
	t.c.inTx, t.c.dead = false, nil
	_, err := t.c.ExecContext(context.Background(), "ROLLBACK", nil)
	if err != nil {
		t.c.bad = true
	}
	return nil
}

// IsValid says whether the pool may keep the connection.
func (c *conn) IsValid() bool { return !c.bad && c.rawConn.IsValid() }

// Close closes the statements, then the connection.
func (c *conn) Close() error {
	for _, e := range c.stmts {
		e.Value.(*stmt).Close()
	}
	clear(c.stmts)
	return c.rawConn.Close()
}
