package vault

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"cchc/internal/errs"
)

// Hold takes the data folder for this process until release, or refuses at once with
// Conflict "vault.folder_in_use" (pid names the holder). The lock is the kernel's
// (flock), so one left by a killed process blocks nobody; the pid in the file is only
// for the sentence. The file stays: removing it would let two processes lock two files.
func Hold(dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the folder's lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		pid := holder(f)
		return nil, errors.Join(errs.New(errs.Conflict, "vault.folder_in_use", "folder", dir, "pid", pid), f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the folder: %w", err), f.Close())
	}
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("write the folder's lock: %w", err), f.Close())
	}
	var once sync.Once
	return func() { once.Do(func() { f.Close() }) }, nil // closing unlocks
}

// holder is the pid in the lock file, "?" when it cannot be told.
func holder(f *os.File) string {
	raw, err := io.ReadAll(io.LimitReader(f, 20))
	if pid := strings.TrimSpace(string(raw)); err == nil && pid != "" {
		return pid
	}
	return "?"
}
