package document

import (
	"bytes"
	"fmt"

	"github.com/skip2/go-qrcode"
)

// QRPNG draws content (at most some 2,300 bytes) as a square code, scale points a
// module, with its quiet zone; it can still be read when 15 % of it is gone.
func QRPNG(content string, scale int) ([]byte, error) {
	q, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	return q.PNG(-scale) // negative: points a module, so that edges stay sharp
}

// QRSVG is the same as a vector picture: it prints sharp at any size.
func QRSVG(content string) ([]byte, error) {
	q, err := qrcode.New(content, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	rows := q.Bitmap()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, len(rows), len(rows), len(rows), len(rows))
	for y, row := range rows {
		for x := 0; x < len(row); {
			n := 0
			for x+n < len(row) && row[x+n] {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, n, n)
			}
			x += n + 1
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}
