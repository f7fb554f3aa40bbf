package file

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"

	"cchc/internal/errs"
)

// ZipLimits bounds an archive before anything of it is unpacked.
type ZipLimits struct {
	Entries  int   // files in it
	Unpacked int64 // bytes of all files together
	Ratio    int64 // unpacked / packed of a file over 1 MiB
}

// OfficeLimits suits documents that people write: the largest real ones hold some
// hundred parts, and their XML packs to about a tenth.
var OfficeLimits = ZipLimits{Entries: 5000, Unpacked: 300 << 20, Ratio: 150}

// OpenZip opens an archive after looking at its directory only, in little time and
// memory: Invalid "file.archive_bomb" when it breaks a limit, "file.damaged" when it
// is not one plain archive from its first byte to its last.
func OpenZip(r io.ReaderAt, size int64, limits ZipLimits) (*zip.Reader, error) {
	if err := checkDirectory(r, size, limits); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errs.New(errs.Invalid, "file.damaged")
	}
	var packed, unpacked uint64
	for _, f := range z.File {
		packed += f.CompressedSize64
		unpacked += f.UncompressedSize64
		ratio := f.UncompressedSize64 / max(1, f.CompressedSize64)
		if unpacked > uint64(limits.Unpacked) || f.UncompressedSize64 > uint64(limits.Unpacked) ||
			f.UncompressedSize64 > 1<<20 && ratio > uint64(limits.Ratio) {
			return nil, errs.New(errs.Invalid, "file.archive_bomb")
		}
		if packed > uint64(size) || f.CompressedSize64 > uint64(size) { // files lie over each other
			return nil, errs.New(errs.Invalid, "file.archive_bomb")
		}
	}
	return z, nil
}

// checkDirectory bounds what zip.NewReader will read: it allocates a record for every
// header that it meets, whatever the count in the trailer says.
func checkDirectory(r io.ReaderAt, size int64, limits ZipLimits) error {
	const trailer = 22
	damaged := errs.New(errs.Invalid, "file.damaged")
	if size < trailer {
		return damaged
	}
	tail := make([]byte, min(size, trailer+1<<16-1))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < trailer {
		return damaged
	}
	end := tail[at:]
	count := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	start := int64(binary.LittleEndian.Uint32(end[16:]))
	// 64-bit archives are refused with the rest: an office file never needs one.
	if start+length != size-int64(len(end)) || length == 0xffff || int(binary.LittleEndian.Uint16(end[20:])) != len(end)-trailer {
		return damaged
	}
	if count > limits.Entries || length > int64(limits.Entries)*400 {
		return errs.New(errs.Invalid, "file.archive_bomb")
	}
	return nil
}
