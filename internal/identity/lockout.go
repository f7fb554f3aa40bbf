package identity

import (
	"net/netip"
	"time"
)

// Guessing is slowed by name and by address, for names that exist and names that do
// not: the answer tells nothing. An attempt is counted before the password is looked
// at, so a thousand at once do not slip through together; success takes it back.
const (
	freePerLogin   = 5  // wrong attempts at one name before it must wait
	freePerAddress = 50 // and from one address: a whole office may share it
	firstWait      = 30 * time.Second
	longestWait    = time.Hour
	forgetAfter    = 24 * time.Hour
)

// wait is how long nothing is accepted after the given number of failures: it doubles.
func wait(failures, free int64) time.Duration {
	if failures < free {
		return 0
	}
	over := failures - free
	if over > 20 {
		return longestWait
	}
	return min(firstWait<<over, longestWait)
}

// loginKey is the counter of a name; hashed, because people type passwords there.
func loginKey(login string) string { return "login:" + tokenHash(login)[:32] }

// addressKey is the counter of an address. IPv6 counts by /64: a household has as many
// addresses as it likes inside one.
func addressKey(from string) string {
	ip, err := netip.ParseAddr(from)
	if err != nil {
		return "address:" + from
	}
	if ip = ip.Unmap(); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return "address:" + p.String()
		}
	}
	return "address:" + ip.String()
}
