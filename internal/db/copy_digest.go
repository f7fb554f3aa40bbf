package db

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// digest sums up a table's content without regard to the order of its rows, which
// the engines need not agree on: the number of rows and the sum of their SHA-256,
// lane by lane. A row that is missing, doubled or changed changes the sum.
type digest struct {
	rows int64
	sum  [4]uint64
}

// add takes one row. A truth value counts as 0 or 1, as SQLite keeps it.
func (d *digest) add(values []any) error {
	h := sha256.New()
	put := func(kind byte, word uint64, text string) {
		head := binary.BigEndian.AppendUint64([]byte{kind}, word)
		h.Write(append(head, text...))
	}
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			put('n', 0, "")
		case bool:
			word := uint64(0)
			if v {
				word = 1
			}
			put('i', word, "")
		case int64:
			put('i', uint64(v), "")
		case float64:
			put('f', math.Float64bits(v), "")
		case string:
			put('s', uint64(len(v)), v)
		case []byte:
			put('b', uint64(len(v)), string(v))
		default:
			return fmt.Errorf("a value of type %T is outside the shared SQL", v)
		}
	}
	sum := h.Sum(nil)
	for i := range d.sum {
		d.sum[i] += binary.BigEndian.Uint64(sum[8*i:])
	}
	d.rows++
	return nil
}

func digestOf(ctx context.Context, on runner, t table) (digest, error) {
	rows, err := on.QueryContext(ctx, t.selectAll())
	if err != nil {
		return digest{}, err
	}
	defer rows.Close()
	s := newRowStream(rows, t, func(string, int) {})
	for s.Next() {
	}
	return s.digest, s.Err()
}
