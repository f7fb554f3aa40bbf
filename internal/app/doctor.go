package app

import (
	"context"
	"os"
)

// doctor looks at the database, the folders and the log, and says of each whether it
// is well. A code is the locale key of its words.
func doctor(ctx context.Context, a *App, _ struct{}) ([]doctorFinding, error) {
	var all []doctorFinding
	add := func(code string, ok bool, args ...any) {
		f := doctorFinding{Code: code, OK: ok, Args: map[string]any{}}
		for i := 0; i+1 < len(args); i += 2 {
			f.Args[args[i].(string)] = args[i+1]
		}
		all = append(all, f)
	}
	found, err := a.db.Doctor(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		add(f.Code, f.OK, f.Args...)
	}
	add("app.doctor.data_private", private(a.cfg.Data), "folder", a.cfg.Data)
	add("app.doctor.keys_private", private(a.cfg.keysDir()), "folder", a.cfg.keysDir())
	if a.cfg.PublicURL != "" {
		add("app.doctor.public_url", a.cfg.secure(), "url", a.cfg.PublicURL)
	}
	dead, err := a.jobs.Dead(ctx, 100)
	if err != nil {
		return nil, err
	}
	add("app.doctor.jobs_dead", len(dead) == 0, "n", len(dead))
	return all, nil
}

// private says whether only its owner may enter a folder.
func private(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode().Perm()&0o077 == 0
}
