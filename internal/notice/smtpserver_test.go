package notice_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// mailServer speaks SMTP on the loopback and misbehaves as told: reply gives, per verb
// ("RCPT", "END" for the dot), another answer; "" for a line that is cut.
type mailServer struct {
	port int

	mu    sync.Mutex
	reply map[string]string
	mails []string    // what was taken after a dot, replied to or not
	asked []string    // every verb
	tls   *tls.Config // offers STARTTLS with it
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s := &mailServer{reply: map[string]string{}}
	s.port, _ = strconv.Atoi(port)
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.talk(c) })
		}
	})
	return s
}

// will answers a verb otherwise from now on; "ok" puts it back.
func (s *mailServer) will(verb, reply string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if reply == "ok" {
		delete(s.reply, verb)
		return
	}
	s.reply[verb] = reply
}

func (s *mailServer) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mails...)
}

func (s *mailServer) verbs() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, " ")
}

// answer writes the reply of a verb; false cuts the line.
func (s *mailServer) answer(c net.Conn, verb, usual string) bool {
	s.mu.Lock()
	s.asked = append(s.asked, verb)
	said, other := s.reply[verb]
	s.mu.Unlock()
	if other {
		usual = said
	}
	if usual == "" {
		return false
	}
	_, err := fmt.Fprintf(c, "%s\r\n", usual)
	return err == nil
}

func (s *mailServer) talk(c net.Conn) {
	defer func() { c.Close() }()
	r := bufio.NewReader(c)
	if !s.answer(c, "HELLO", "220 mail.test ESMTP") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		usual := "250 OK"
		switch verb {
		case "EHLO":
			usual = "250-mail.test\r\n250 8BITMIME"
			if s.tls != nil {
				usual = "250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN"
			}
		case "STARTTLS":
			usual = "502 no"
			if s.tls != nil {
				usual = "220 go on"
			}
		case "AUTH":
			usual = "535 wrong"
			if strings.Fields(line)[2] == base64.StdEncoding.EncodeToString([]byte("\x00cchc\x00open sesame")) {
				usual = "235 welcome"
			}
		case "DATA":
			usual = "354 go on"
		case "QUIT":
			usual = "221 bye"
		}
		if !s.answer(c, verb, usual) {
			return
		}
		if verb == "STARTTLS" && s.tls != nil {
			c = tls.Server(c, s.tls)
			r = bufio.NewReader(c)
			continue
		}
		s.mu.Lock()
		refused := verb == "DATA" && s.reply["DATA"] != ""
		s.mu.Unlock()
		if verb != "DATA" || refused {
			continue
		}
		var text strings.Builder
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			if line == ".\r\n" {
				break
			}
			text.WriteString(strings.TrimPrefix(line, "."))
		}
		s.mu.Lock()
		if reply, other := s.reply["END"]; !other || reply == "" { // refused at the dot: not taken
			s.mails = append(s.mails, text.String())
		}
		s.mu.Unlock()
		if !s.answer(c, "END", "250 taken") {
			return
		}
	}
}
