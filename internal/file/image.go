package file

import (
	"encoding/binary"
	"io"

	"cchc/internal/errs"
)

// maxPixels is an A3 page scanned at 600 dots an inch, with room to spare.
const maxPixels = 100_000_000

// checkPNG reads width and height from the header: a few bytes may claim a picture of
// 100,000 × 100,000 points, 40 GB once a program decodes it.
func checkPNG(head []byte) error {
	if len(head) < 33 || string(head[12:16]) != "IHDR" {
		return errs.New(errs.Invalid, "file.damaged")
	}
	return checkPixels(uint64(binary.BigEndian.Uint32(head[16:])), uint64(binary.BigEndian.Uint32(head[20:])))
}

// checkJPEG walks the segments up to the frame header, which holds the size.
func checkJPEG(r io.ReaderAt, size int64) error {
	var seg [9]byte
	for at, steps := int64(2), 0; steps < 1000; steps++ {
		if n, _ := r.ReadAt(seg[:], at); n < len(seg) || seg[0] != 0xff {
			break
		}
		kind := seg[1]
		if kind == 0xff { // padding
			at++
			continue
		}
		// Frame headers are C0 to CF but for tables (C4), a reserved one (C8) and arithmetic conditions (CC).
		if kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc {
			return checkPixels(uint64(binary.BigEndian.Uint16(seg[7:])), uint64(binary.BigEndian.Uint16(seg[5:])))
		}
		at += 2 + int64(binary.BigEndian.Uint16(seg[2:]))
	}
	return errs.New(errs.Invalid, "file.damaged")
}

func checkPixels(width, height uint64) error {
	if width == 0 || height == 0 {
		return errs.New(errs.Invalid, "file.damaged")
	}
	if width*height > maxPixels {
		return errs.New(errs.Invalid, "file.image_too_large")
	}
	return nil
}
