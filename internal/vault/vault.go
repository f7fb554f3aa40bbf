// Package vault guards the data folder (thư mục dữ liệu): one server at a time (Hold),
// demonstration and real data never mixed (Mark), and backup and restore (sao lưu,
// phục hồi) as one archive that proves itself.
//
// Start at Backup (backup.go) and Restore (restore.go); archive.go is the form of the
// archive, keys.go how keys are sealed. docs/adr/0014-backup.md says why it is so.
package vault

// Names within the data folder.
const (
	lockName = "lock"
	markName = "cchc.json"
	// DatabaseName, FilesName, KeysName and CheckpointsName are where Restore puts things.
	DatabaseName    = "cchc.db"
	FilesName       = "files"
	KeysName        = "keys"
	CheckpointsName = "checkpoints"
)
